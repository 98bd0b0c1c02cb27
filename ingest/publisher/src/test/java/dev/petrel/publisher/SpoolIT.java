// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.LlmCallEvent;
import dev.petrel.test.servers.PrivateKafka;
import dev.petrel.test.servers.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The spool while a real broker is down: at the start, in between, at the end. */
@Timeout(240)
class SpoolIT {
  private static final Duration LONG = Duration.ofSeconds(90);

  @TempDir Path spool;

  @Test
  void publish_losesNothing_whenTheBrokerDies_andTheApplicationStartsAnew() throws Exception {
    try (PrivateKafka kafka = PrivateKafka.start()) {
      KafkaTopic topic = new KafkaTopic(kafka, "llm-calls");
      topic.create(3);
      EventPublisher first = newBuilder(kafka).build();
      publish(first, "before", 500);
      assertThat(first.flush(LONG)).isTrue();

      kafka.kill();
      publish(first, "in-flight", 400); // less than half the queue, and with the producer already
      publish(first, "while", 3_000);
      assertThat(first.counters().dropped()).isZero();
      first.close();
      await().atMost(LONG).until(() -> first.counters().queued() == 0);
      PublisherFixture.assertCounters(first, 3_900, 0, 500, 0, 3_400, Map.of());

      EventPublisher second = newBuilder(kafka).build(); // the broker is down at its start
      publish(second, "later", 1_000);
      await().atMost(LONG).until(() -> second.counters().recovered() == 3_400);
      kafka.restart();
      await().atMost(LONG).until(() -> second.counters().sent() == 4_400);
      PublisherFixture.assertCounters(second, 1_000, 3_400, 4_400, 0, 0, Map.of());
      second.close();

      List<String> arrived = topic.read().stream().map(LlmCallEvent::eventId).toList();
      assertThat(arrived)
          .contains(SpoolFixture.ids("before", 500))
          .contains(SpoolFixture.ids("in-flight", 400))
          .contains(SpoolFixture.ids("while", 3_000))
          .contains(SpoolFixture.ids("later", 1_000));
      assertThat(SpoolFixture.segmentsIn(spool)).isEmpty();
    }
  }

  private static void publish(EventPublisher publisher, String name, int count)
      throws InterruptedException {
    for (int i = 0; i < count; i++) {
      LlmCallEvent event = error(name + "-" + i);
      long start = System.nanoTime();
      while (publisher.counters().queued() >= 900) {
        assertThat(System.nanoTime() - start).isLessThan(LONG.toNanos());
        Thread.sleep(1);
      }
      assertThat(publisher.publish(event)).isTrue();
    }
  }

  private EventPublisher.Builder newBuilder(TestKafka kafka) {
    return EventPublisher.newBuilder()
        .bootstrapServers(kafka.bootstrapServers())
        .queueMaxEvents(1_000)
        .spoolDirectory(spool)
        .stuckAfter(Duration.ofSeconds(2));
  }
}
