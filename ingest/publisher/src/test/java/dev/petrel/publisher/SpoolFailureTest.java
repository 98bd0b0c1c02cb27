// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.petrel.event.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A disk that is full, and a directory that is none or goes away. */
@Timeout(60)
class SpoolFailureTest extends SpoolFixture {
  private final FullDisk disk = new FullDisk();
  private final Logger logger = (Logger) LoggerFactory.getLogger(EventPublisher.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
  }

  @Test
  void publish_keepsToTheQueue_whenTheDiskIsFull() {
    disk.room.set(SegmentFormat.HEADER_BYTES + 250); // two events and a piece of the third
    kafka.refusal = AWAY;
    start(withSpool().spoolOpener(disk).queueMaxEvents(10));
    for (int i = 0; i < 6; i++) {
      publisher.publish(error("e-" + i));
    }
    await().untilAsserted(() -> assertCounters(publisher, 6, 0, 0, 4, 2, Map.of()));
    for (int i = 6; i < 13; i++) {
      publisher.publish(error("e-" + i));
    }
    assertCounters(publisher, 13, 0, 0, 10, 2, Map.of(DropReason.SPOOL_FAILED, 1L));
    assertThat(warnings("cannot use its spool")).hasSize(1);
    assertThat(warnings("cannot use its spool").get(0))
        .contains(spool.toString(), "No space left on device");

    kafka.refusal = null;
    awaitDrained();
    assertCounters(publisher, 13, 0, 12, 0, 0, Map.of(DropReason.SPOOL_FAILED, 1L));
    assertThat(arrived()).containsExactlyInAnyOrder(ids("e", 12));
    assertThat(told()).isEqualTo(Map.of(Outcome.ERROR, 1L));
  }

  @Test
  void close_countsWhatTheDiskDoesNotTake_andLeavesNoTornRecord() {
    disk.room.set(SegmentFormat.HEADER_BYTES + 250);
    kafka.refusal = AWAY;
    start(withSpool().spoolOpener(disk));
    for (int i = 0; i < 5; i++) {
      publisher.publish(error("e-" + i));
    }
    publisher.close();
    await()
        .untilAsserted(
            () -> assertCounters(publisher, 5, 0, 0, 0, 2, Map.of(DropReason.SPOOL_FAILED, 3L)));

    kafka.refusal = null;
    start(withSpool());
    awaitDrained();
    assertThat(arrived()).containsExactly("e-0", "e-1");
    assertCounters(publisher, 0, 2, 2, 0, 0, Map.of());
  }

  @Test
  void publish_usesTheDiskAgain_whenItHasRoom() {
    disk.room.set(0);
    kafka.refusal = AWAY;
    start(withSpool().spoolOpener(disk).queueMaxEvents(10));
    for (int i = 0; i < 6; i++) {
      publisher.publish(error("e-" + i));
    }
    await().until(() -> !warnings("cannot use its spool").isEmpty());
    assertCounters(publisher, 6, 0, 0, 6, 0, Map.of());
    assertThat(segments()).isEmpty();

    disk.room.set(MEBIBYTE);
    await().atMost(LONG).until(() -> publisher.counters().spooled() == 6);
    assertThat(log.list)
        .filteredOn(line -> line.getLevel() == Level.INFO)
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains("Petrel can use its spool again");
  }

  @Test
  void close_countsAll_whenTheDeviceIsFull() {
    Path device = Path.of("/dev/full");
    assumeThat(device).exists(); // Linux has one, on which every write fails
    kafka.refusal = AWAY;
    start(withSpool().spoolOpener(file -> Files.newByteChannel(device, StandardOpenOption.WRITE)));
    for (int i = 0; i < 5; i++) {
      publisher.publish(error("e-" + i));
    }
    publisher.close();

    await()
        .untilAsserted(
            () -> assertCounters(publisher, 5, 0, 0, 0, 0, Map.of(DropReason.SPOOL_FAILED, 5L)));
    assertThat(warnings("cannot use its spool").get(0)).contains("No space left on device");
  }

  @Test
  void close_returns_whenTheDiskHangs() {
    CountDownLatch mayGoOn = new CountDownLatch(1);
    kafka.refusal = AWAY;
    start(
        withSpool()
            .closeTimeout(Duration.ofMillis(500))
            .spoolOpener(
                file -> {
                  awaitWithoutInterrupt(mayGoOn);
                  return SpoolSettings.createFile(file);
                }));
    publisher.publish(error("e-0"));
    publisher.close(); // the timeout of the class would tell

    assertCounters(publisher, 1, 0, 0, 0, 0, Map.of(DropReason.CLOSED, 1L));
    assertThat(publisher.publish(error("e-1"))).isFalse();
    mayGoOn.countDown();
    await().until(publisher::isEnded);
    assertCounters(publisher, 2, 0, 0, 0, 0, Map.of(DropReason.CLOSED, 2L));
    kafka.refusal = null;
    start(withSpool()); // finds nothing of what was counted as lost
    publisher.publish(error("e-2"));
    awaitDrained();
    assertThat(arrived()).containsExactly("e-2");
    assertCounters(publisher, 1, 0, 1, 0, 0, Map.of());
  }

  private static void awaitWithoutInterrupt(CountDownLatch latch) {
    boolean interrupted = false;
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void publish_goesOn_whereTheDirectoryIsAFile() throws Exception {
    Files.writeString(spool.resolve("llm-calls"), "not a directory");
    start(withSpool().queueMaxEvents(10));
    publisher.publish(error("e-0"));
    assertThat(publisher.flush(LONG)).isTrue();

    kafka.refusal = AWAY;
    for (int i = 1; i < 12; i++) {
      publisher.publish(error("e-" + i));
    }
    await()
        .untilAsserted(
            () -> assertCounters(publisher, 12, 0, 1, 10, 0, Map.of(DropReason.SPOOL_FAILED, 1L)));
    publisher.close();
    await()
        .untilAsserted(
            () -> assertCounters(publisher, 12, 0, 1, 0, 0, Map.of(DropReason.SPOOL_FAILED, 11L)));
    assertThat(warnings("cannot use its spool")).hasSize(1);
    assertThat(spool.resolve("llm-calls")).hasContent("not a directory");
  }

  @Test
  void spool_countsWhatWentAwayWithItsDirectory_andMakesItAnew() throws Exception {
    spoolMany();
    long spooled = publisher.counters().spooled();
    Files.move(spool.resolve("llm-calls"), spool.resolve("gone"));
    publishAll("later", 1_000);
    kafka.refusal = null;
    awaitDrained();

    PublisherCounters counters = publisher.counters();
    assertAddsUp(counters);
    long lost = counters.droppedByReason().get(DropReason.SPOOL_FAILED);
    assertThat(lost).isPositive().isLessThanOrEqualTo(spooled).isEqualTo(counters.dropped());
    assertThat(counters.sent()).isEqualTo(MANY + 1_000 - lost);
    assertThat(arrived()).contains(ids("later", 1_000)).doesNotContain("e-2000");
    await().until(() -> !warnings("drops call events").isEmpty());
    assertThat(warnings("drops call events")).hasSize(1);
    assertThat(warnings("drops call events").get(0)).contains("NoSuchFileException");
  }

  @Test
  void spool_keepsWhatCannotBeReadForNow() throws Exception {
    spoolMany();
    Path topic = spool.resolve("llm-calls");
    Path away = spool.resolve("unmounted");
    Files.move(topic, away);
    Files.writeString(topic, "not a directory");
    kafka.refusal = null;
    await().until(() -> !warnings("cannot use its spool").isEmpty());
    await().until(() -> publisher.counters().queued() == 0);
    assertThat(publisher.counters().spooled()).isPositive();
    assertThat(publisher.counters().dropped()).isZero();

    Files.delete(topic);
    Files.move(away, topic);
    await().atMost(LONG).until(() -> publisher.counters().sent() == MANY);
    assertThat(arrived()).containsExactlyInAnyOrder(ids("e", MANY));
  }

  @Test
  void close_neverThrows_whenTheDirectoryIsGone() throws Exception {
    leaveInSpool("e", 1);
    kafka.refusal = AWAY;
    start(withSpool().closeTimeout(Duration.ofMillis(500)));
    publisher.publish(error("e-1"));
    Files.move(spool.resolve("llm-calls"), spool.resolve("gone"));
    publisher.close();

    await().until(() -> publisher.counters().queued() == 0);
    assertAddsUp(publisher.counters());
    assertThat(publisher.counters().accepted()).isEqualTo(1);
  }

  private List<String> warnings(String containing) {
    return new ArrayList<>(log.list)
        .stream()
            .filter(line -> line.getLevel() == Level.WARN)
            .map(ILoggingEvent::getFormattedMessage)
            .filter(message -> message.contains(containing))
            .toList();
  }
}
