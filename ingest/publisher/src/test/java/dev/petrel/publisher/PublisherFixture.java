// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.decode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** A publisher on a fake Kafka, closed after each test. */
abstract class PublisherFixture {
  static final Duration LONG = Duration.ofSeconds(20);

  final FakeKafkaProducer kafka = new FakeKafkaProducer();
  EventPublisher publisher;

  @AfterEach
  void close() {
    if (publisher != null) {
      kafka.release();
      publisher.close();
    }
  }

  final EventPublisher.Builder newBuilder() {
    return EventPublisher.newBuilder()
        .bootstrapServers("kafka:9092")
        .clientId("test-" + System.identityHashCode(this))
        .producerFactory(config -> kafka);
  }

  final void start(EventPublisher.Builder builder) {
    publisher = builder.build();
  }

  final Thread publisherThread() {
    String name = "petrel-publisher test-" + System.identityHashCode(this);
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  final Map<Outcome, Long> toldDrops(String eventId) {
    return kafka.confirmed.stream()
        .map(sent -> decode(sent.value()))
        .filter(sent -> sent.eventId().equals(eventId))
        .map(
            (LlmCallEvent sent) ->
                java.util.Optional.ofNullable(sent.get(EventField.DROPPED_BEFORE)))
        .findFirst()
        .orElseThrow()
        .orElse(null);
  }

  /** Asserts every counter of a publisher without a spool; the rest of the reasons are zero. */
  final void assertCounters(long accepted, long sent, long queued, Map<DropReason, Long> dropped) {
    assertCounters(publisher, accepted, 0, sent, queued, 0, dropped);
  }

  /** Asserts every counter; reasons that {@code dropped} does not name are zero. */
  static void assertCounters(
      EventPublisher of,
      long accepted,
      long recovered,
      long sent,
      long queued,
      long spooled,
      Map<DropReason, Long> dropped) {
    PublisherCounters counters = of.counters();
    assertThat(counters.accepted()).as("accepted").isEqualTo(accepted);
    assertThat(counters.recovered()).as("recovered").isEqualTo(recovered);
    assertThat(counters.sent()).as("sent").isEqualTo(sent);
    assertThat(counters.queued()).as("queued").isEqualTo(queued);
    assertThat(counters.spooled()).as("spooled").isEqualTo(spooled);
    for (DropReason reason : DropReason.values()) {
      assertThat(counters.droppedByReason())
          .containsEntry(reason, dropped.getOrDefault(reason, 0L));
    }
    assertAddsUp(counters);
  }

  static void assertAddsUp(PublisherCounters counters) {
    assertThat(counters.droppedByOutcome().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(counters.dropped());
    assertThat(counters.accepted() + counters.recovered())
        .isEqualTo(counters.sent() + counters.dropped() + counters.queued() + counters.spooled());
  }
}
