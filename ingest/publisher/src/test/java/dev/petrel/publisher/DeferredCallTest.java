// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.decode;
import static dev.petrel.publisher.Events.error;
import static dev.petrel.publisher.Events.event;
import static dev.petrel.publisher.Events.success;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Calls whose event is made on the publisher's thread. */
@Timeout(60)
class DeferredCallTest extends PublisherFixture {

  /** A call with a switch for each way to fail. */
  private record Call(Outcome outcome, int estimatedBytes, Supplier<LlmCallEvent> event)
      implements PendingCall {
    @Override
    public LlmCallEvent toEvent() {
      return event.get();
    }
  }

  @Test
  void publish_makesTheEventOnThePublishersThread() {
    AtomicReference<Boolean> onOwnThread = new AtomicReference<>();
    start(newBuilder());

    boolean taken =
        publisher.publish(
            new Call(
                Outcome.SUCCESS,
                100,
                () -> {
                  onOwnThread.set(EventPublisher.isPublisherThread());
                  return success("e-1");
                }));
    assertThat(taken).isTrue();
    assertThat(publisher.flush(LONG)).isTrue();

    assertThat(onOwnThread).hasValue(true);
    assertThat(decode(kafka.confirmed.get(0).value()).eventId()).isEqualTo("e-1");
    assertCounters(1, 1, 0, Map.of());
  }

  @Test
  void publish_keepsRoomByWhatTheCallSays() {
    kafka.holds = true;
    start(newBuilder().queueMaxBytes(1_000));

    assertThat(publisher.publish(new Call(Outcome.ERROR, 1_001, () -> error("f-1")))).isFalse();
    assertThat(publisher.publish(new Call(Outcome.SUCCESS, 801, () -> success("s-1")))).isFalse();
    assertThat(publisher.publish(new Call(Outcome.SUCCESS, 800, () -> success("s-2")))).isTrue();
    assertThat(publisher.publish(new Call(Outcome.SUCCESS, 1, () -> success("s-3")))).isFalse();
    assertThat(publisher.publish(new Call(Outcome.ERROR, 200, () -> error("f-2")))).isTrue();
    assertCounters(5, 0, 2, Map.of(DropReason.TOO_LARGE, 2L, DropReason.QUEUE_FULL, 1L));
  }

  static List<Supplier<LlmCallEvent>> publish_countsACallThatMakesNoEvent() {
    return List.of(
        () -> {
          throw new IllegalStateException("sk-secret in a message");
        },
        () -> {
          throw new StackOverflowError();
        },
        () -> {
          throw new NoClassDefFoundError("gone");
        },
        () -> null);
  }

  @ParameterizedTest
  @MethodSource
  void publish_countsACallThatMakesNoEvent(Supplier<LlmCallEvent> event) {
    List<ILoggingEvent> log =
        logOf(
            () -> {
              start(newBuilder());
              for (int i = 0; i < 3; i++) {
                publisher.publish(new Call(Outcome.CANCELLED, 100, event));
              }
              publisher.publish(success("e-1"));
              assertThat(publisher.flush(LONG)).isTrue();
            });

    assertCounters(4, 1, 0, Map.of(DropReason.INVALID, 3L));
    assertThat(publisher.counters().droppedByOutcome()).containsEntry(Outcome.CANCELLED, 3L);
    assertThat(toldDrops("e-1")).isEqualTo(Map.of(Outcome.CANCELLED, 3L));
    assertThat(log).filteredOn(line -> line.getLevel() == Level.WARN).hasSize(1);
    assertThat(log)
        .extracting(ILoggingEvent::getFormattedMessage)
        .noneMatch(message -> message.contains("sk-secret"));
  }

  private static List<ILoggingEvent> logOf(Runnable doing) {
    Logger logger = (Logger) LoggerFactory.getLogger(EventPublisher.class);
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.start();
    logger.addAppender(appender);
    try {
      doing.run();
    } finally {
      logger.detachAppender(appender);
    }
    return new ArrayList<>(appender.list);
  }

  @Test
  void publish_countsALossByTheEventsOwnOutcome_onceItIsMade() {
    kafka.fate = taken -> new org.apache.kafka.common.errors.TimeoutException("Expiring");
    start(newBuilder());
    publisher.publish(new Call(Outcome.SUCCESS, 100, () -> event("e-1", Outcome.REFUSED).build()));
    assertThat(publisher.flush(LONG)).isTrue();

    assertThat(publisher.counters().droppedByOutcome()).containsEntry(Outcome.REFUSED, 1L);
  }

  @Test
  void publish_refusesACallThatCannotTellItsOutcome() {
    start(newBuilder());
    PendingCall broken =
        new PendingCall() {
          @Override
          public Outcome outcome() {
            throw new IllegalStateException();
          }

          @Override
          public int estimatedBytes() {
            return 1;
          }

          @Override
          public LlmCallEvent toEvent() {
            return success("e-1");
          }
        };

    assertThat(publisher.publish(broken)).isFalse();
    assertThat(publisher.publish(new Call(null, 1, () -> success("e-1")))).isFalse();
    assertThat(publisher.publish((PendingCall) null)).isFalse();
    assertCounters(0, 0, 0, Map.of());
  }

  @Test
  void publish_preparesTheEvent_beforeItLeaves() {
    start(
        newBuilder()
            .preparation(event -> event.toBuilder().set(EventField.TENANT, "hidden").build()));
    publisher.publish(event("e-1", Outcome.SUCCESS).set(EventField.TENANT, "acme").build());
    assertThat(publisher.flush(LONG)).isTrue();

    assertThat(decode(kafka.confirmed.get(0).value()).get(EventField.TENANT)).isEqualTo("hidden");
  }

  @Test
  void publish_drops_whatCannotBePrepared() {
    start(
        newBuilder()
            .preparation(
                event -> {
                  throw new IllegalStateException("no pattern");
                }));
    publisher.publish(error("e-1"));
    assertThat(publisher.flush(LONG)).isTrue();

    assertThat(kafka.confirmed).isEmpty();
    assertCounters(1, 0, 0, Map.of(DropReason.INVALID, 1L));
  }

  @Test
  void publish_ofAPublisherWithoutThread_makesTheEventAtOnce() {
    List<LlmCallEvent> published = new ArrayList<>();
    CallPublisher simple = published::add;

    assertThat(simple.publish(new Call(Outcome.SUCCESS, 1, () -> success("e-1")))).isTrue();
    assertThat(published).hasSize(1);
    assertThat(
            simple.publish(
                new Call(
                    Outcome.SUCCESS,
                    1,
                    () -> {
                      throw new IllegalStateException();
                    })))
        .isFalse();
  }
}
