// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.error;
import static dev.petrel.publisher.Events.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.test.servers.PrivateKafka;
import dev.petrel.test.servers.TestKafka;
import dev.petrel.test.servers.TestServers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class EventPublisherIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final String topic = "llm-calls-" + UUID.randomUUID();

  @Test
  void publish_bringsEventsToKafka() throws Exception {
    TestKafka kafka = TestServers.kafka();
    new KafkaTopic(kafka, topic).create(3);
    EventPublisher publisher = newBuilder(kafka).build();
    for (int i = 0; i < 5_000; i++) {
      assertThat(publisher.publish(success("e-" + i))).isTrue();
    }
    publisher.close();

    assertThat(publisher.counters().sent()).isEqualTo(5_000);
    assertThat(publisher.counters().dropped()).isZero();
    assertThat(publisher.counters().queued()).isZero();
    List<LlmCallEvent> arrived = new KafkaTopic(kafka, topic).read();
    assertThat(arrived).hasSize(5_000);
    assertThat(arrived.stream().map(LlmCallEvent::eventId)).doesNotHaveDuplicates();
  }

  @Test
  void publish_waitsForATopicThatIsYetToBeMade() throws Exception {
    TestKafka kafka = TestServers.kafka();
    try (EventPublisher publisher = newBuilder(kafka).queueMaxEvents(10).build()) {
      for (int i = 0; i < 11; i++) {
        publisher.publish(i == 0 ? success("s-0") : error("f-" + i));
      }
      assertThat(publisher.flush(Duration.ofSeconds(2))).isFalse();
      assertThat(publisher.counters().queued()).isEqualTo(10);

      new KafkaTopic(kafka, topic).create(3);
      assertThat(publisher.flush(LONG)).isTrue();
      assertThat(publisher.counters().sent()).isEqualTo(10);
      assertThat(publisher.counters().droppedByReason()).containsEntry(DropReason.QUEUE_FULL, 1L);
    }
    List<LlmCallEvent> arrived = new KafkaTopic(kafka, topic).read();
    assertThat(arrived).hasSize(10);
    assertThat(arrived.stream().map(event -> event.get(EventField.DROPPED_BEFORE)))
        .contains(Map.of(Outcome.ERROR, 1L));
  }

  @Test
  void counters_areTrue_whenTheBrokerDiesAndComesBack() throws Exception {
    try (PrivateKafka kafka = PrivateKafka.start()) {
      new KafkaTopic(kafka, topic).create(3);
      EventPublisher publisher =
          newBuilder(kafka)
              .queueMaxEvents(300)
              .producerProperty("request.timeout.ms", "2000")
              .producerProperty("delivery.timeout.ms", "5000")
              .build();
      publishSome(publisher, "before", 200);
      assertThat(publisher.flush(LONG)).isTrue();

      kafka.kill();
      publishSome(publisher, "while", 500); // more than there is room for
      Thread.sleep(7_000); // what is with the producer already runs into its delivery timeout
      assertThat(publisher.counters().accepted()).isEqualTo(700);
      assertThat(publisher.counters().sent()).isEqualTo(200);
      kafka.restart();
      assertThat(publisher.flush(LONG)).isTrue();
      publishSome(publisher, "after", 200);
      assertThat(publisher.flush(LONG)).isTrue();
      publisher.close();

      PublisherCounters counters = publisher.counters();
      assertThat(counters.accepted()).isEqualTo(900);
      assertThat(counters.queued()).isZero();
      assertThat(counters.sent() + counters.dropped()).isEqualTo(900);
      assertThat(counters.dropped()).isGreaterThanOrEqualTo(200);
      assertThat(counters.droppedByReason().get(DropReason.QUEUE_FULL)).isPositive();
      List<LlmCallEvent> arrived = new KafkaTopic(kafka, topic).read();
      Set<String> ids = new HashSet<>();
      arrived.forEach(event -> assertThat(ids.add(event.eventId())).isTrue());
      // An unconfirmed record may have arrived all the same, never the other way round.
      assertThat((long) arrived.size()).isGreaterThanOrEqualTo(counters.sent());
      assertThat(ids.stream().filter(id -> id.startsWith("before"))).hasSize(200);
      assertThat(ids.stream().filter(id -> id.startsWith("after"))).hasSize(200);
      assertThat(
              arrived.stream()
                  .map(event -> event.get(EventField.DROPPED_BEFORE))
                  .filter(told -> told != null)
                  .mapToLong(told -> told.values().stream().mapToLong(Long::longValue).sum())
                  .sum())
          .isEqualTo(counters.dropped());
    }
  }

  @Test
  void close_isTruthful_whenTheBrokerIsGone() throws Exception {
    try (PrivateKafka kafka = PrivateKafka.start()) {
      new KafkaTopic(kafka, topic).create(3);
      EventPublisher publisher = newBuilder(kafka).closeTimeout(Duration.ofSeconds(1)).build();
      publishSome(publisher, "before", 10);
      assertThat(publisher.flush(LONG)).isTrue();
      kafka.kill();
      publishSome(publisher, "late", 50);
      publisher.close();

      await().atMost(LONG).until(() -> publisher.counters().queued() == 0);
      assertThat(publisher.counters().sent()).isEqualTo(10);
      assertThat(publisher.counters().droppedByReason()).containsEntry(DropReason.CLOSED, 50L);
    }
  }

  private static void publishSome(EventPublisher publisher, String name, int count) {
    for (int i = 0; i < count; i++) {
      publisher.publish(i % 2 == 0 ? success(name + "-" + i) : error(name + "-" + i));
    }
  }

  private EventPublisher.Builder newBuilder(TestKafka kafka) {
    return EventPublisher.newBuilder()
        .bootstrapServers(kafka.bootstrapServers())
        .topic(topic)
        .closeTimeout(Duration.ofSeconds(20));
  }
}
