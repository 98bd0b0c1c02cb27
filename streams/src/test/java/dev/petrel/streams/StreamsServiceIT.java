// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.service.Topics;
import dev.petrel.test.servers.PrivateKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The aggregation on a real broker: shared partitions and bad records. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StreamsServiceIT {

  private static final Duration PATIENCE = Soak.patience();

  @TempDir private Path directory;

  private final long seed = Soak.seed();
  private final Random random = new Random(seed);

  private PrivateKafka kafka;
  private Load load;

  @BeforeEach
  void open() {
    kafka = PrivateKafka.start();
    Topics.createMissing(StreamsProcess.settings(kafka.bootstrapServers(), directory));
    load = new Load(kafka.bootstrapServers(), seed);
  }

  @AfterEach
  void close() {
    load.close();
    kafka.close();
  }

  @EnabledIfSystemProperty(named = "petrel.soak", matches = "true") // others show it in CI, shorter
  @Test
  void start_sharesPartitionsAndRebalancesExactly() {
    StreamsService first = service("first");
    first.start();
    load.send(5_000);
    StreamsService second = service("second");
    second.start();
    for (int i = 0; i < 20; i++) {
      load.send(500);
      await().pollDelay(Duration.ofMillis(200)).until(() -> true);
    }
    first.close();
    load.send(2_000);

    new FinalCheck(kafka.bootstrapServers(), load.reference(), seed).awaitExact(second);
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(second.health().problem()).isNull());
    second.close();
  }

  @Test
  void start_deadLettersEveryBadRecordAndCountsEveryGoodOne() {
    int bad = 20_000;
    for (int i = 0; i < bad; i++) {
      load.sendInvalid(badRecord(i));
      if (i % 1000 == 0) {
        load.send(100);
      }
    }
    StreamsService service = service("state");
    service.start();

    new FinalCheck(kafka.bootstrapServers(), load.reference(), seed).awaitExact(service);
    assertThat(reasons())
        .as("seed %d", seed)
        .contains(
            "truncated", "wrong_type", "malformed", "invalid_utf8", "too_large", "missing_field");
    service.close();
  }

  private Set<String> reasons() {
    Set<String> reasons = new HashSet<>();
    try (CommittedRecords letters =
        new CommittedRecords(kafka.bootstrapServers(), "llm-calls-dlq")) {
      while (!letters.atEnd()) {
        for (ConsumerRecord<byte[], byte[]> letter : letters.read()) {
          byte[] reason = letter.headers().lastHeader("petrel-reason").value();
          reasons.add(new String(reason, StandardCharsets.UTF_8));
        }
      }
    }
    return reasons;
  }

  private StreamsService service(String stateDir) {
    return new StreamsService(
        StreamsProcess.settings(kafka.bootstrapServers(), directory.resolve(stateDir)),
        new SimpleMeterRegistry());
  }

  private byte[] badRecord(int i) {
    String text =
        "{\"v\":1,\"event_id\":\"%x\",\"timestamp\":%d,\"tenant\":\"tenant-1\",\"outcome\":\"success\"}"
            .formatted(i, System.currentTimeMillis());
    return switch (i % 7) {
      case 0 ->
          text.substring(0, 1 + random.nextInt(text.length() - 1)).getBytes(StandardCharsets.UTF_8);
      case 1 ->
          text.replace("\"tenant\":\"", "\"tenant\":7,\"x\":\"").getBytes(StandardCharsets.UTF_8);
      case 2 -> "not json".getBytes(StandardCharsets.UTF_8);
      case 3 -> {
        byte[] broken = text.getBytes(StandardCharsets.UTF_8);
        broken[text.indexOf("tenant-") + 2] = (byte) 0xff;
        yield broken;
      }
      case 4 -> ("{\"x\":" + "[".repeat(10_000)).getBytes(StandardCharsets.UTF_8);
      case 5 -> "{\"v\":1}".getBytes(StandardCharsets.UTF_8);
      default -> {
        byte[] garbage = new byte[i % 700 == 6 ? 1_000_000 : 300];
        random.nextBytes(garbage);
        yield garbage;
      }
    };
  }
}
