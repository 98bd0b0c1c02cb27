// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.error;
import static dev.petrel.publisher.Events.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.Outcome;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventPublisherCloseTest extends PublisherFixture {

  @Test
  void close_sendsWhatIsQueued() {
    start(newBuilder());
    for (int i = 0; i < 1_000; i++) {
      publisher.publish(success("e-" + i));
    }
    publisher.close();

    assertThat(kafka.confirmed).hasSize(1_000);
    assertThat(kafka.closedWith).isNotNull();
    assertCounters(1_000, 1_000, 0, Map.of());
  }

  @Test
  void close_dropsAndCountsWhatCannotBeSent() {
    kafka.refusal = new TimeoutException("no metadata");
    start(newBuilder().closeTimeout(Duration.ofMillis(500)));
    for (int i = 0; i < 10; i++) {
      publisher.publish(i % 2 == 0 ? success("e-" + i) : error("e-" + i));
    }
    publisher.close();

    assertCounters(10, 0, 0, Map.of(DropReason.CLOSED, 10L));
    assertThat(publisher.counters().droppedByOutcome())
        .containsEntry(Outcome.SUCCESS, 5L)
        .containsEntry(Outcome.ERROR, 5L);
  }

  @Test
  void close_dropsAndCountsWhatIsNotConfirmed() {
    kafka.holds = true;
    start(newBuilder().closeTimeout(Duration.ofMillis(500)));
    publisher.publish(success("e-1"));
    await().until(() -> kafka.hasTaken(1));
    publisher.close();

    assertCounters(1, 0, 0, Map.of(DropReason.CLOSED, 1L));
  }

  @Test
  void close_returns_whenSendHangs() {
    kafka.hangs = true;
    start(newBuilder().closeTimeout(Duration.ofMillis(200)));
    publisher.publish(success("e-1"));
    publisher.publish(success("e-2"));
    publisher.close(); // the timeout of the class would tell

    assertCounters(2, 0, 0, Map.of(DropReason.CLOSED, 2L));
    assertThat(publisher.publish(success("e-3"))).isFalse();
    assertThat(publisher.isEnded()).isFalse();
    publisherThread().interrupt();
    await().until(publisher::isEnded);
    assertCounters(3, 0, 0, Map.of(DropReason.CLOSED, 3L));
  }

  @Test
  void close_countsAnEventOnce_thatKafkaConfirmsLater() {
    kafka.holds = true;
    start(newBuilder().closeTimeout(Duration.ofMillis(200)));
    publisher.publish(success("with-kafka"));
    await().until(() -> kafka.hasTaken(1));
    kafka.hangs = true;
    publisher.publish(error("in-send"));
    publisher.publish(error("waiting"));
    publisher.close();
    assertCounters(3, 0, 0, Map.of(DropReason.CLOSED, 3L));

    kafka.release();
    await().until(() -> kafka.confirmed.size() == 1);
    publisherThread().interrupt();
    await().until(publisher::isEnded);
    assertCounters(3, 0, 0, Map.of(DropReason.CLOSED, 3L));
    assertThat(publisher.counters().droppedByOutcome())
        .containsEntry(Outcome.SUCCESS, 1L)
        .containsEntry(Outcome.ERROR, 2L);
  }

  @Test
  void close_withoutTime_dropsAll() {
    kafka.refusal = new TimeoutException("no metadata");
    start(newBuilder().closeTimeout(Duration.ZERO));
    publisher.publish(success("e-1"));
    publisher.close();

    assertCounters(1, 0, 0, Map.of(DropReason.CLOSED, 1L));
  }

  @Test
  void close_mayBeCalledAgain_andEvenUnused() {
    start(newBuilder());
    publisher.close();
    publisher.close();

    assertThat(publisher.publish(error("e-1"))).isFalse();
    assertCounters(1, 0, 0, Map.of(DropReason.CLOSED, 1L));
    assertThat(kafka.closedWith).isNull(); // never made
  }

  @Test
  void close_keepsTheInterruptStatus() {
    kafka.holds = true;
    start(newBuilder());
    publisher.publish(success("e-1"));
    Thread.currentThread().interrupt();
    publisher.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(publisher.counters().queued()).isZero();
  }

  @Test
  void flush_keepsTheInterruptStatus() {
    kafka.holds = true;
    start(newBuilder());
    publisher.publish(success("e-1"));
    Thread.currentThread().interrupt();

    assertThat(publisher.flush(LONG)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void interrupt_ofThePublisherThread_closesIt() {
    kafka.holds = true;
    start(newBuilder());
    publisher.publish(success("e-1"));
    await().until(() -> kafka.hasTaken(1));
    publisherThread().interrupt();

    await().untilAsserted(() -> assertCounters(1, 0, 0, Map.of(DropReason.CLOSED, 1L)));
    assertThat(publisher.publish(success("e-2"))).isFalse();
  }
}
