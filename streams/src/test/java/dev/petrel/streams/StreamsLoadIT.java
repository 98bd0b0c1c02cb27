// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.service.Topics;
import dev.petrel.test.servers.PrivateKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Much at once stays exact, and within a fixed heap: hours of backlog, and very many tenants.
 * {@link Soak} tells how to ask for more.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class StreamsLoadIT {

  @TempDir private Path directory;

  private final long seed = Soak.seed();

  private PrivateKafka kafka;

  @BeforeEach
  void open() {
    kafka = PrivateKafka.start();
    Topics.createMissing(StreamsProcess.settings(kafka.bootstrapServers(), directory));
  }

  @AfterEach
  void close() {
    kafka.close();
  }

  @Test
  void start_catchesUpWithHoursOfBacklogExactly() {
    try (Load load = new Load(kafka.bootstrapServers(), seed);
        StreamsProcess streams =
            new StreamsProcess(
                kafka.bootstrapServers(), directory, List.of("-Xmx512m"), Map.of())) {
      load.sendBacklog(Soak.backlog(), Duration.ofHours(6));
      assertThat(load.reference().accounts())
          .as("seed %d", seed)
          .containsEntry("beyond_retention", 0L)
          .hasEntrySatisfying(
              "accepted", sent -> assertThat(sent).isGreaterThanOrEqualTo(Soak.backlog()));

      streams.start();

      new FinalCheck(kafka.bootstrapServers(), load.reference(), seed).awaitExact(streams);
    }
  }

  @Test
  void start_keepsTotalsAndTheLargestTenantsExactAmongVeryMany() {
    try (CallProducer producer = new CallProducer(kafka.bootstrapServers());
        StreamsProcess streams =
            new StreamsProcess(kafka.bootstrapServers(), directory, List.of("-Xmx1g"), Map.of())) {
      streams.start();
      TenantTraffic traffic = new TenantTraffic(producer, seed, Soak.tenants());
      traffic.send(Soak.eventsOfTenants());

      new FinalCheck(kafka.bootstrapServers(), traffic.totals(), seed).awaitExact(streams);
      awaitTenants("llm-call-stats", ScopeWindow.MINUTE, traffic.events(), traffic.largest());
      awaitTenants(
          "llm-call-rollups", ScopeWindow.HOUR, traffic.eventsOfTheHour(), traffic.largest());
      assertThat(streams.isAlive()).as("seed %d", seed).isTrue();
    }
  }

  private void awaitTenants(String topic, long windowMs, long total, Map<String, Long> largest) {
    try (TenantSums published = new TenantSums(kafka.bootstrapServers(), topic, windowMs)) {
      await()
          .atMost(Soak.patience())
          .untilAsserted(
              () -> {
                published.readToEnd();
                assertThat(published.total()).as("seed %d", seed).isEqualTo(total);
                assertThat(published.sums()).as("seed %d", seed).containsAllEntriesOf(largest);
              });
    }
  }
}
