// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.service.KafkaSettings;
import dev.petrel.test.servers.PrivateKafka;
import dev.petrel.test.servers.TestServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is in Kafka, whatever dies. */
@Timeout(180)
class GatewayFaultsIT {

  private static final int SENDERS = 4;
  private static final int BATCH = 20;

  /** Batches between two kills; more with {@code -Dpetrel.soak}. */
  private static final int BATCHES = 40;

  private static final int KILLS = Boolean.getBoolean("petrel.soak") ? 20 : 1;

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  @TempDir private Path directory;

  private HttpResponse<String> post(int port, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v1/llm-calls".formatted(port)))
            .timeout(Duration.ofSeconds(15))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String batch(String tenant, List<String> ids) {
    return ids.stream()
        .map(id -> GatewayFixture.event(id, "\"tenant\":\"" + tenant + "\""))
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void gateway_refusesWhileTheBrokerIsAway_andLosesNothingThatItTook() throws Exception {
    try (PrivateKafka kafka = PrivateKafka.start();
        GatewayService gateway =
            new GatewayService(
                GatewayFixture.settings(
                    "gateway.ack_timeout=1500ms",
                    KafkaSettings.BOOTSTRAP_SERVERS.key() + "=" + kafka.bootstrapServers()),
                new SimpleMeterRegistry())) {
      gateway.start();
      awaitAcknowledged(gateway, "before");
      assertThat(gateway.health().isOk()).isTrue();

      kafka.kill();
      HttpResponse<String> refused = post(gateway.httpPort(), GatewayFixture.event("during"));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).isPresent();
      assertThat(gateway.health().problem()).contains("Kafka does not answer");

      kafka.restart();
      awaitAcknowledged(gateway, "after");
      assertThat(gateway.health().isOk()).isTrue();
      try (CallsTopic topic = new CallsTopic(kafka.bootstrapServers())) {
        Set<String> ids =
            topic.events(event -> true).stream()
                .map(LlmCallEvent::eventId)
                .collect(Collectors.toSet());
        assertThat(ids).contains("before", "after");
      }
    }
  }

  private void awaitAcknowledged(GatewayService gateway, String id) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> post(gateway.httpPort(), GatewayFixture.event(id)).statusCode() == 202);
  }

  @Test
  void gateway_killedUnderLoad_hasStoredWhatItAcknowledged() throws Exception {
    String bootstrap = TestServers.kafka().bootstrapServers();
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    AtomicInteger batches = new AtomicInteger();
    int unanswered = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      try (GatewayProcess gateway = GatewayProcess.start(bootstrap, directory)) {
        AtomicBoolean dead = new AtomicBoolean();
        AtomicInteger failed = new AtomicInteger();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
          String name = "k%d-s%d".formatted(kill, i);
          senders.add(
              Thread.ofPlatform()
                  .start(() -> send(gateway.port(), name, dead, batches, acknowledged, failed)));
        }
        int until = (kill + 1) * BATCHES;
        await().atMost(Duration.ofSeconds(60)).until(() -> batches.get() >= until);
        gateway.kill();
        dead.set(true);
        for (Thread sender : senders) {
          sender.join();
        }
        unanswered += failed.get();
      }
    }

    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(KILLS * BATCHES * BATCH);
    // It died with requests under way, or it was killed between them and nothing is shown.
    assertThat(unanswered).isPositive();
    try (CallsTopic topic = new CallsTopic(bootstrap)) {
      List<String> stored =
          topic.events(event -> "killed".equals(event.get(EventField.TENANT))).stream()
              .map(LlmCallEvent::eventId)
              .toList();
      assertThat(new HashSet<>(stored)).containsAll(acknowledged);
      // Nobody has sent anything twice.
      assertThat(stored).doesNotHaveDuplicates();
    }
  }

  private void send(
      int port,
      String name,
      AtomicBoolean dead,
      AtomicInteger batches,
      Set<String> acknowledged,
      AtomicInteger failed) {
    for (int number = 0; !dead.get(); number++) {
      String prefix = "%s-%d-".formatted(name, number);
      List<String> ids = IntStream.range(0, BATCH).mapToObj(i -> prefix + i).toList();
      try {
        if (post(port, batch("killed", ids)).statusCode() == 202) {
          acknowledged.addAll(ids);
          batches.incrementAndGet();
        }
      } catch (IOException e) {
        failed.incrementAndGet();
        return;
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
