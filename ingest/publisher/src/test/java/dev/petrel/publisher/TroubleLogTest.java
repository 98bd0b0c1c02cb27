// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.petrel.event.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class TroubleLogTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Logger logger = (Logger) LoggerFactory.getLogger(EventPublisher.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Tally tally = new Tally();
  private final TroubleLog troubleLog =
      new TroubleLog(
          new PublisherSettings(
              "kafka:9092",
              "llm-calls",
              "app",
              10,
              1_000,
              Duration.ZERO,
              Map.of("sasl.jaas.config", "SECRET"),
              null,
              UnaryOperator.identity(),
              Duration.ofSeconds(10),
              config -> new FakeKafkaProducer()),
          tally);

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
    logger.setAdditive(true);
  }

  @Test
  void check_saysNothing_withoutTrouble() {
    tally.send();
    troubleLog.check(0);
    troubleLog.check(100 * SECOND);

    assertThat(log.list).isEmpty();
    assertThat(troubleLog.isOpen()).isFalse();
  }

  @Test
  void check_warnsOncePerEpisode() {
    for (int second = 0; second < 300; second++) {
      tally.drop(DropReason.QUEUE_FULL, Outcome.SUCCESS);
      troubleLog.check(second * SECOND);
    }
    assertThat(levels()).containsOnlyOnce(Level.WARN).doesNotContain(Level.INFO);
    assertThat(troubleLog.isOpen()).isTrue();

    troubleLog.check(299 * SECOND + 59 * SECOND);
    assertThat(troubleLog.isOpen()).isTrue();
    troubleLog.check(299 * SECOND + 60 * SECOND);
    assertThat(troubleLog.isOpen()).isFalse();
    assertThat(last().getLevel()).isEqualTo(Level.INFO);
    assertThat(last().getFormattedMessage()).contains("300 were dropped");

    tally.drop(DropReason.SEND_FAILED, Outcome.ERROR);
    troubleLog.check(1_000 * SECOND);
    troubleLog.check(1_100 * SECOND);
    assertThat(last().getFormattedMessage()).contains("1 were dropped");
    assertThat(levels().stream().filter(Level.WARN::equals)).hasSize(2);
  }

  @Test
  void stalled_warnsOnce_andTellsTheEnd() {
    for (int i = 0; i < 200; i++) {
      troubleLog.stalled(new TimeoutException("no metadata"), i * SECOND);
      troubleLog.check(i * SECOND);
    }
    assertThat(levels()).containsOnlyOnce(Level.WARN);
    assertThat(first(Level.WARN).getFormattedMessage())
        .contains("kafka:9092", "no metadata")
        .doesNotContain("SECRET");

    tally.send();
    troubleLog.check(201 * SECOND);
    assertThat(last().getLevel()).isEqualTo(Level.INFO);
    assertThat(troubleLog.isOpen()).isFalse();
  }

  @Test
  void stalled_saysNothing_whenConnectingTakesASecondOrTwo() {
    troubleLog.stalled(new TimeoutException("no metadata"), 0);
    troubleLog.stalled(new TimeoutException("no metadata"), 2 * SECOND);
    tally.send();
    troubleLog.check(3 * SECOND);

    assertThat(levels()).containsOnly(Level.DEBUG);
  }

  @Test
  void stalled_warnsOnceAMinute_ofABrokerThatFlaps() {
    for (int i = 0; i < 300; i++) {
      troubleLog.stalled(new TimeoutException("no metadata"), i * SECOND);
      if (i % 10 == 9) {
        tally.send();
      }
      troubleLog.check(i * SECOND);
    }
    assertThat(levels().stream().filter(Level.WARN::equals)).hasSize(5);
    assertThat(levels().stream().filter(Level.INFO::equals)).hasSize(5);
  }

  @Test
  void check_tellsTheCauseOfALoss() {
    troubleLog.failed(new TimeoutException("Expiring 7 record(s)"));
    tally.drop(DropReason.SEND_FAILED, Outcome.ERROR);
    troubleLog.check(0);

    assertThat(first(Level.WARN).getFormattedMessage())
        .contains("SEND_FAILED=1", "Expiring 7 record(s)");
  }

  @Test
  void closed_tellsOnce_whatWasNotToldBefore() {
    tally.drop(DropReason.QUEUE_FULL, Outcome.SUCCESS, 7);
    troubleLog.check(0);
    tally.drop(DropReason.QUEUE_FULL, Outcome.SUCCESS, 1);
    tally.drop(DropReason.CLOSED, Outcome.ERROR, 4);
    troubleLog.closed();
    assertThat(last().getLevel()).isEqualTo(Level.WARN);
    assertThat(last().getFormattedMessage())
        .contains("5 call events were dropped", "{SUCCESS=1, ERROR=4}", "QUEUE_FULL=8", "CLOSED=4");

    tally.drop(DropReason.CLOSED, Outcome.ERROR);
    troubleLog.closed();
    troubleLog.check(100 * SECOND);
    assertThat(log.list).hasSize(2);
  }

  @Test
  void closed_saysNothing_whenAllWasTold() {
    tally.drop(DropReason.QUEUE_FULL, Outcome.SUCCESS);
    troubleLog.check(0);
    troubleLog.closed();
    assertThat(log.list).hasSize(1);
  }

  @Test
  void spoolFailed_warnsOncePerEpisode() {
    for (int i = 0; i < 10; i++) {
      troubleLog.spoolFailed(new IOException("No space left on device"), Path.of("/spool"));
    }
    assertThat(levels()).containsOnlyOnce(Level.WARN);
    assertThat(first(Level.WARN).getFormattedMessage())
        .contains("/spool", "No space left on device");

    troubleLog.spoolWorks();
    assertThat(last().getLevel()).isEqualTo(Level.INFO);
    troubleLog.spoolFailed(new IOException("No space left on device"), Path.of("/spool"));
    assertThat(levels().stream().filter(Level.WARN::equals)).hasSize(2);
  }

  @Test
  void invalid_warnsOnce_namesThePlaceAndQuotesNothing() {
    for (int i = 0; i < 10; i++) {
      troubleLog.invalid(new IllegalStateException("sk-secret"));
      tally.drop(DropReason.INVALID, Outcome.ERROR);
      troubleLog.check(i * 100 * SECOND);
    }
    assertThat(levels()).containsOnlyOnce(Level.WARN);
    assertThat(first(Level.WARN).getFormattedMessage())
        .contains("IllegalStateException at " + getClass().getName())
        .doesNotContain("sk-secret");
  }

  @Test
  void publisher_logsNothingPerEvent() {
    FakeKafkaProducer kafka = new FakeKafkaProducer();
    try (EventPublisher publisher =
        EventPublisher.newBuilder()
            .bootstrapServers("kafka:9092")
            .producerFactory(config -> kafka)
            .build()) {
      for (int i = 0; i < 1_000; i++) {
        publisher.publish(Events.success("e-" + i));
      }
      assertThat(publisher.flush(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(log.list).isEmpty();
  }

  @Test
  void publisher_outlivesALogThatThrows() {
    FakeKafkaProducer kafka = new FakeKafkaProducer();
    kafka.fate = taken -> new TimeoutException("Expiring 1 record(s)");
    log.stop();
    logger.addAppender(
        new ListAppender<>() {
          {
            start();
          }

          @Override
          public void doAppend(ILoggingEvent event) {
            throw new IllegalStateException("disk full");
          }
        });
    try (EventPublisher publisher =
        EventPublisher.newBuilder()
            .bootstrapServers("kafka:9092")
            .producerFactory(config -> kafka)
            .build()) {
      publisher.publish(Events.success("e-1"));
      assertThat(publisher.flush(Duration.ofSeconds(20))).isTrue();
      kafka.fate = taken -> null;
      publisher.publish(Events.success("e-2"));
      assertThat(publisher.flush(Duration.ofSeconds(20))).isTrue();
      assertThat(publisher.counters().sent()).isEqualTo(1);
    } finally {
      logger.detachAndStopAllAppenders();
    }
  }

  private List<Level> levels() {
    return log.list.stream().map(ILoggingEvent::getLevel).toList();
  }

  private ILoggingEvent first(Level level) {
    return log.list.stream().filter(e -> e.getLevel() == level).findFirst().orElseThrow();
  }

  private ILoggingEvent last() {
    return log.list.get(log.list.size() - 1);
  }
}
