// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.decode;
import static dev.petrel.publisher.Events.error;
import static dev.petrel.publisher.Events.event;
import static dev.petrel.publisher.Events.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.EventField;
import dev.petrel.event.Outcome;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What records tell of the events that were lost before them. */
@Timeout(60)
class DroppedBeforeTest extends PublisherFixture {

  @Test
  void droppedBefore_tellsLossesByOutcome_once() {
    kafka.holds = true;
    start(newBuilder().queueMaxEvents(5));
    for (int i = 0; i < 4; i++) {
      publisher.publish(success("s-" + i));
    }
    publisher.publish(error("f-0"));
    await().until(() -> kafka.hasTaken(5));
    publisher.publish(success("s-4"));
    publisher.publish(success("s-5"));
    publisher.publish(error("f-1"));
    kafka.release();
    publisher.flush(LONG);
    publisher.publish(success("s-7"));
    publisher.publish(success("s-8"));
    publisher.flush(LONG);

    assertThat(toldDrops("s-7")).isEqualTo(Map.of(Outcome.SUCCESS, 2L, Outcome.ERROR, 1L));
    assertThat(toldDrops("s-8")).isNull();
  }

  @Test
  void droppedBefore_isToldAgain_whenTheRecordThatToldItIsLost() {
    kafka.fate =
        taken ->
            decode(taken.value()).eventId().equals("e-3")
                ? null
                : new TimeoutException("Expiring 1 record(s)");
    start(newBuilder());
    for (String id : List.of("e-1", "e-2", "e-3")) {
      publisher.publish(success(id));
      publisher.flush(LONG);
    }

    assertThat(toldDrops("e-3")).isEqualTo(Map.of(Outcome.SUCCESS, 2L));
  }

  @Test
  void droppedBefore_addsToWhatTheEventTells() {
    kafka.fate = taken -> new TimeoutException("Expiring 1 record(s)");
    start(newBuilder());
    publisher.publish(error("f-1"));
    publisher.flush(LONG);
    kafka.fate = taken -> null;
    publisher.publish(
        event("e-2", Outcome.SUCCESS)
            .set(EventField.DROPPED_BEFORE, Map.of(Outcome.ERROR, 4L))
            .build());
    publisher.flush(LONG);

    assertThat(toldDrops("e-2")).isEqualTo(Map.of(Outcome.ERROR, 5L));
  }
}
