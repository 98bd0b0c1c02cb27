// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.error;
import static dev.petrel.publisher.Events.event;
import static dev.petrel.publisher.Events.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.EventField;
import dev.petrel.event.Outcome;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes to disk, and how it gets to Kafka from there. */
@Timeout(60)
class EventPublisherSpoolTest extends SpoolFixture {

  @Test
  void publish_leavesTheDiskAlone_whileKafkaTakesEvents() {
    start(withSpool());
    publisher.publish(success("e-1"));
    assertThat(publisher.flush(LONG)).isTrue();
    publisher.close();

    assertThat(segments()).isEmpty();
    assertCounters(publisher, 1, 0, 1, 0, 0, Map.of());
  }

  @Test
  void publish_keepsHalfTheQueueInMemory_whileKafkaIsAway() throws Exception {
    kafka.refusal = AWAY;
    start(withSpool().queueMaxEvents(10));
    for (int i = 0; i < 5; i++) {
      publisher.publish(success("e-" + i));
    }
    Thread.sleep(500);
    assertCounters(publisher, 5, 0, 0, 5, 0, Map.of());

    publisher.publish(success("e-5"));
    await().untilAsserted(() -> assertCounters(publisher, 6, 0, 0, 0, 6, Map.of()));
    assertThat(segments()).hasSize(1);
    assertThat(publisher.spoolBytes()).isEqualTo(segments().get(0).toFile().length());
  }

  @Test
  void publish_losesNothing_whileKafkaIsAway_andSendsTheOldestFirst() {
    kafka.refusal = AWAY;
    start(withSpool().queueMaxEvents(1_000));
    publishAll("e", MANY);
    assertThat(publisher.counters().spooled()).isGreaterThanOrEqualTo(4_000);

    kafka.refusal = null;
    awaitDrained();
    assertCounters(publisher, MANY, 0, MANY, 0, 0, Map.of());
    assertThat(arrived()).containsExactlyInAnyOrder(ids("e", MANY));
    // The last ones waited in memory, and were sent between those of the spool.
    Set<String> first = new LinkedHashSet<>(List.of(ids("e", 4_000)));
    assertThat(arrived().stream().filter(first::contains)).containsExactlyElementsOf(first);
  }

  @Test
  void publish_sendsNewEventsBesideTheSpool() {
    leaveInSpool("old", 500);
    kafka.refusal = AWAY; // or all could be sent before the new one is there
    start(withSpool());
    publisher.publish(error("new"));
    kafka.refusal = null;
    awaitDrained();

    assertThat(arrived()).hasSize(501).contains("new");
    assertThat(arrived().indexOf("new")).isLessThan(500);
  }

  @Test
  void publish_spoolsWhatKafkaHolds_whenItConfirmsNothing() {
    kafka.holds = true;
    AtomicInteger producers = new AtomicInteger();
    start(
        withSpool()
            .queueMaxEvents(10)
            .stuckAfter(Duration.ofMillis(300))
            .producerFactory(
                config -> {
                  producers.incrementAndGet();
                  return kafka;
                }));
    for (int i = 0; i < 6; i++) {
      publisher.publish(error("e-" + i));
    }
    await().until(() -> kafka.closedWith != null);
    await().untilAsserted(() -> assertCounters(publisher, 6, 0, 0, 0, 6, Map.of()));

    kafka.release();
    awaitDrained();
    assertThat(producers.get()).isGreaterThan(1);
    assertThat(arrived()).containsExactly(ids("e", 6));
    assertCounters(publisher, 6, 0, 6, 0, 0, Map.of());
  }

  @Test
  void publish_spoolsWhatIsNotConfirmed_andSendsItAgain() {
    AtomicInteger failures = new AtomicInteger(3);
    kafka.fate =
        taken -> failures.getAndDecrement() > 0 ? new TimeoutException("Expiring 1 record") : null;
    start(withSpool());
    publisher.publish(error("e-0"));
    awaitDrained();

    assertThat(arrived()).containsExactly("e-0");
    assertCounters(publisher, 1, 0, 1, 0, 0, Map.of());
  }

  @Test
  void drain_sendsOnlyWhatIsLeftOfASegment_afterAFailure() {
    leaveInSpool("e", 10);
    AtomicInteger failures = new AtomicInteger(1);
    kafka.fate =
        taken ->
            Events.decode(taken.value()).eventId().equals("e-4") && failures.getAndDecrement() > 0
                ? new TimeoutException("Expiring 1 record")
                : null;
    start(withSpool());
    awaitDrained();

    assertThat(arrived())
        .containsExactly("e-0", "e-1", "e-2", "e-3", "e-5", "e-6", "e-7", "e-8", "e-9", "e-4");
    assertCounters(publisher, 0, 10, 10, 0, 0, Map.of());
  }

  @Test
  void drain_dropsWhatKafkaNeverTakes_andGoesOn() {
    leaveInSpool("e", 3);
    kafka.fate =
        taken ->
            switch (Events.decode(taken.value()).eventId()) {
              case "e-0" -> new RecordTooLargeException();
              case "e-1" -> new InvalidTopicException();
              default -> null;
            };
    start(withSpool());
    awaitDrained();

    assertThat(arrived()).containsExactly("e-2");
    assertCounters(
        publisher, 0, 3, 1, 0, 0, Map.of(DropReason.TOO_LARGE, 1L, DropReason.SEND_FAILED, 1L));
  }

  @Test
  void drain_dropsAnEventThatNoProducerTakes_andGoesOn() {
    leaveInSpool("e", 2);
    kafka.thrownFor = taken -> Events.decode(taken.value()).eventId().equals("e-0");
    start(withSpool());
    awaitDrained();

    assertThat(arrived()).containsExactly("e-1");
    assertCounters(publisher, 0, 2, 1, 0, 0, Map.of(DropReason.SEND_FAILED, 1L));
  }

  @Test
  void close_spoolsWhatKafkaHolds() {
    kafka.holds = true;
    start(withSpool().closeTimeout(Duration.ofMillis(500)));
    publisher.publish(error("e-0"));
    publisher.publish(success("e-1"));
    await().until(() -> kafka.hasTaken(2));
    publisher.close();

    assertCounters(publisher, 2, 0, 0, 0, 2, Map.of());
    assertThat(publisher.publish(error("e-2"))).isFalse();
    assertCounters(publisher, 3, 0, 0, 0, 2, Map.of(DropReason.CLOSED, 1L));
  }

  @Test
  void close_doesNotWaitForAKafkaThatIsAway() {
    kafka.refusal = AWAY;
    start(withSpool().closeTimeout(Duration.ofSeconds(20)));
    publisher.publish(error("e-0"));
    long start = System.nanoTime();
    publisher.close();

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertCounters(publisher, 1, 0, 0, 0, 1, Map.of());
  }

  @Test
  void close_spoolsWhatIsLeft_whenSendHangs() {
    kafka.holds = true;
    start(withSpool());
    publisher.publish(error("with-kafka"));
    await().until(() -> kafka.hasTaken(1));
    kafka.hangs = true;
    publisher.publish(error("in-send"));
    publisher.publish(success("waiting"));
    publisher.close();
    assertCounters(publisher, 3, 0, 0, 0, 3, Map.of());
    assertThat(publisher.isEnded()).isFalse();

    kafka.hangs = false;
    kafka.release(); // and so the first is confirmed, too late
    publisherThread().interrupt();
    await().until(publisher::isEnded);
    assertCounters(publisher, 3, 0, 0, 0, 3, Map.of());
    start(withSpool());
    awaitDrained();
    assertThat(arrived()).contains("with-kafka", "in-send", "waiting");
    assertCounters(publisher, 0, 3, 3, 0, 0, Map.of());
  }

  @Test
  void close_withoutTime_spoolsAllTheSame() {
    kafka.refusal = AWAY;
    start(withSpool().closeTimeout(Duration.ZERO));
    publisher.publish(error("e-0"));
    publisher.close();

    await().untilAsserted(() -> assertCounters(publisher, 1, 0, 0, 0, 1, Map.of()));
  }

  @Test
  void interrupt_ofThePublisherThread_spoolsWhatIsLeft() {
    kafka.holds = true;
    start(withSpool());
    publisher.publish(error("e-0"));
    await().until(() -> kafka.hasTaken(1));
    publisherThread().interrupt();

    await().untilAsserted(() -> assertCounters(publisher, 1, 0, 0, 0, 1, Map.of()));
  }

  @Test
  void start_sendsWhatAnEarlierProcessLeft_withoutAnyNewEvent() {
    leaveInSpool("e", 100);
    start(withSpool());
    awaitDrained();

    assertThat(arrived()).containsExactly(ids("e", 100));
    assertCounters(publisher, 0, 100, 100, 0, 0, Map.of());
  }

  @Test
  void start_touchesNoDisk_untilTheWorkerRuns() {
    start(withSpool().spoolDirectory(spool.resolve("deep/er")).topic("calls"));
    await().until(() -> spool.resolve("deep/er/calls/0").toFile().isDirectory());
  }

  @Test
  void spool_isOneForEachTopic() {
    leaveInSpool("e", 1);
    start(withSpool().topic("other"));
    publisher.publish(error("other-0"));
    awaitAndClose();
    assertThat(arrived()).containsExactly("other-0");

    start(withSpool());
    awaitDrained();
    assertThat(arrived()).containsExactly("other-0", "e-0");
    assertThat(kafka.confirmed.get(1).topic()).isEqualTo("llm-calls");
  }

  private void awaitAndClose() {
    assertThat(publisher.flush(LONG)).isTrue();
    publisher.close();
  }

  @Test
  void spool_holdsOnlyWhatWasPrepared() {
    kafka.refusal = AWAY;
    start(
        withSpool()
            .preparation(
                event -> event.toBuilder().set(EventField.ERROR_MESSAGE, "[redacted]").build()));
    publisher.publish(
        event("e-0", Outcome.ERROR).set(EventField.ERROR_MESSAGE, "key sk-secret").build());
    publisher.close();
    await().untilAsserted(() -> assertCounters(publisher, 1, 0, 0, 0, 1, Map.of()));

    assertThat(text(segments().get(0))).contains("[redacted]").doesNotContain("sk-secret");
  }
}
