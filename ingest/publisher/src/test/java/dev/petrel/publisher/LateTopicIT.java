// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.test.servers.TestKafka;
import dev.petrel.test.servers.TestServers;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/**
 * A topic that is made while many events wait for it. A broker tells of it before it serves all
 * partitions: with several requests in flight, the first to one is refused and the second taken,
 * and Kafka's producer then tries the first in vain until its delivery timeout.
 */
@Timeout(180)
class LateTopicIT {
  private static final int EVENTS = 5_000;

  @RepeatedTest(3)
  void publish_losesNothing_whenTheTopicIsMadeWhileEventsWait() throws Exception {
    TestKafka kafka = TestServers.kafka();
    KafkaTopic topic = new KafkaTopic(kafka, "llm-calls-" + UUID.randomUUID());
    try (EventPublisher publisher =
        EventPublisher.newBuilder()
            .bootstrapServers(kafka.bootstrapServers())
            .topic(topic.name())
            .producerProperty("delivery.timeout.ms", "40000")
            .build()) {
      for (int i = 0; i < EVENTS; i++) {
        // Incompressible, so that there are many batches.
        StringBuilder text = new StringBuilder();
        for (int n = 0; n < 14; n++) {
          text.append(UUID.randomUUID());
        }
        assertThat(
                publisher.publish(
                    event("e-" + i, Outcome.ERROR)
                        .set(EventField.ERROR_MESSAGE, text.toString())
                        .build()))
            .isTrue();
      }
      topic.create(50);

      assertThat(publisher.flush(Duration.ofSeconds(30))).isTrue();
      assertThat(publisher.counters().sent()).isEqualTo(EVENTS);
      assertThat(topic.read().stream().map(LlmCallEvent::eventId))
          .hasSize(EVENTS)
          .doesNotHaveDuplicates();
    } finally {
      topic.delete();
    }
  }
}
