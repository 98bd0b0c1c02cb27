// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.error;
import static dev.petrel.publisher.Events.event;
import static dev.petrel.publisher.Events.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a publisher finds on disk, shares with others, or has to give up. */
@Timeout(60)
class SpoolRecoveryTest extends SpoolFixture {

  @Test
  void start_countsATornRecord_andSendsTheRest() throws Exception {
    leaveInSpool("e", 3);
    Path segment = segments().get(0);
    Files.write(segment, Arrays.copyOf(Files.readAllBytes(segment), (int) Files.size(segment) - 1));
    start(withSpool());
    awaitDrained();

    assertThat(arrived()).containsExactly("e-0", "e-1");
    assertCounters(publisher, 0, 3, 2, 0, 0, Map.of(DropReason.SPOOL_DAMAGED, 1L));
    assertThat(publisher.counters().droppedByOutcome()).containsEntry(Outcome.ERROR, 1L);
    publisher.publish(success("new"));
    assertThat(publisher.flush(LONG)).isTrue();
    assertThat(told()).isEqualTo(Map.of(Outcome.ERROR, 1L));
  }

  @Test
  void start_deletesAFileThatWasTornInItsHeader() throws Exception {
    Path directory = Files.createDirectories(spool.resolve("llm-calls/0"));
    Files.write(directory.resolve("0000000000000001.spool"), new byte[] {'P', 'T'});
    start(withSpool());
    await().untilAsserted(() -> assertThat(segments()).isEmpty());
    assertCounters(publisher, 0, 0, 0, 0, 0, Map.of());
  }

  @Test
  void start_leavesFilesOfOtherVersionsAlone() throws Exception {
    Path directory = Files.createDirectories(spool.resolve("llm-calls/0"));
    Path foreign = directory.resolve("0000000000000007.spool");
    Files.writeString(foreign, "PTRLSPL\2 of a later version");
    start(withSpool());
    kafka.refusal = AWAY;
    publisher.publish(error("e-0"));
    publisher.close();
    await().until(() -> publisher.counters().spooled() == 1);

    assertThat(segments()).containsExactly(foreign, directory.resolve("0000000000000008.spool"));
    assertThat(foreign).hasContent("PTRLSPL\2 of a later version");
  }

  @Test
  void drain_countsWhatWasDamagedSinceItWasWritten() throws Exception {
    spoolMany();
    // Two in a row: what this process wrote is counted exactly all the same.
    Path segment = segments().get(1);
    byte[] bytes = Files.readAllBytes(segment);
    int second = SegmentFormat.endOfRecord(bytes, SegmentFormat.HEADER_BYTES);
    int third = SegmentFormat.endOfRecord(bytes, second);
    bytes[second + 30] ^= 1;
    bytes[third + 30] ^= 1;
    Files.write(segment, bytes, StandardOpenOption.WRITE);
    kafka.refusal = null;
    awaitDrained();

    assertThat(arrived()).hasSize(MANY - 2).doesNotHaveDuplicates();
    assertCounters(publisher, MANY, 0, MANY - 2, 0, 0, Map.of(DropReason.SPOOL_DAMAGED, 2L));
    assertThat(publisher.counters().droppedByOutcome()).containsEntry(Outcome.ERROR, 2L);
  }

  @Test
  void spool_givesUpItsOldestEvents_whenItIsFull() {
    kafka.refusal = AWAY;
    start(withSpool().queueMaxEvents(1_000).spoolMaxBytes(MEBIBYTE));
    String text = "x".repeat(500);
    for (int i = 0; i < 3_000; i++) {
      LlmCallEvent next =
          event("e-" + i, i % 3 == 0 ? Outcome.TRUNCATED : Outcome.ERROR)
              .set(EventField.ERROR_MESSAGE, i % 3 == 0 ? null : text)
              .build();
      awaitRoom();
      publisher.publish(next);
      assertThat(publisher.spoolBytes()).isLessThanOrEqualTo(MEBIBYTE);
    }
    await().until(this::isAtRest);
    PublisherCounters full = publisher.counters();
    assertAddsUp(full);
    long lost = full.droppedByReason().get(DropReason.SPOOL_FULL);
    assertThat(lost).isPositive().isEqualTo(full.dropped());
    assertThat(full.droppedByOutcome().get(Outcome.TRUNCATED)).isBetween(lost / 3, lost / 3 + 1);

    kafka.refusal = null;
    awaitDrained();
    assertThat(publisher.counters().dropped()).isEqualTo(lost);
    assertThat(arrived()).hasSize((int) (3_000 - lost)).doesNotHaveDuplicates().contains("e-2999");
    // What was lost is of the older half.
    assertThat(arrived()).contains(Arrays.copyOfRange(ids("e", 3_000), 1_500, 3_000));
    publisher.publish(error("last"));
    assertThat(publisher.flush(LONG)).isTrue();
    assertThat(told()).isEqualTo(lostByOutcome());
  }

  /** Whether nothing has gone to disk for a while; the half that may wait does. */
  private boolean isAtRest() throws InterruptedException {
    PublisherCounters before = publisher.counters();
    Thread.sleep(500);
    return before.queued() <= 500 && before.equals(publisher.counters());
  }

  private Map<Outcome, Long> lostByOutcome() {
    Map<Outcome, Long> lost = new EnumMap<>(publisher.counters().droppedByOutcome());
    lost.values().removeIf(count -> count == 0);
    return lost;
  }

  @Test
  void spool_holdsNoMoreThanItsBound_ofWhatIsFoundEither() {
    kafka.refusal = AWAY;
    start(withSpool().closeTimeout(Duration.ofSeconds(10)));
    for (int i = 0; i < 5_000; i++) {
      publisher.publish(
          event("e-" + i, Outcome.ERROR).set(EventField.ERROR_MESSAGE, "x".repeat(300)).build());
    }
    publisher.close();
    await().until(() -> publisher.counters().spooled() == 5_000);
    assertThat(segments().stream().mapToLong(segment -> segment.toFile().length()).sum())
        .isGreaterThan(MEBIBYTE);
    start(withSpool().spoolMaxBytes(MEBIBYTE));
    await().until(() -> publisher.counters().recovered() == 5_000);
    await().until(() -> publisher.spoolBytes() <= MEBIBYTE);

    PublisherCounters counters = publisher.counters();
    assertAddsUp(counters);
    assertThat(counters.droppedByReason().get(DropReason.SPOOL_FULL))
        .isPositive()
        .isEqualTo(counters.dropped());
  }

  @Test
  void droppedBefore_isToldOnce_byAnEventThatWentThroughTheSpool() {
    kafka.fate =
        taken ->
            Events.decode(taken.value()).eventId().equals("lost")
                ? new RecordTooLargeException()
                : null;
    start(withSpool());
    publisher.publish(success("lost"));
    assertThat(publisher.flush(LONG)).isTrue();
    kafka.refusal = AWAY;
    publisher.publish(error("e-0")); // encoded with what it tells, refused, then spooled
    await().until(() -> publisher.counters().queued() == 1);
    publisher.close();
    await().until(() -> publisher.counters().spooled() == 1);

    kafka.refusal = null;
    start(withSpool());
    awaitDrained();
    publisher.publish(error("e-1"));
    assertThat(publisher.flush(LONG)).isTrue();
    assertThat(toldDrops("e-0")).isEqualTo(Map.of(Outcome.SUCCESS, 1L));
    assertThat(toldDrops("e-1")).isNull();
  }

  @Test
  void droppedBefore_isToldAgain_whenTheSpooledRecordThatToldItIsLost() {
    kafka.refusal = AWAY;
    start(
        withSpool()
            .queueMaxEvents(1_000)
            .spoolMaxBytes(MEBIBYTE)
            .preparation(
                event -> {
                  if (event.outcome() == Outcome.CANCELLED) {
                    throw new IllegalStateException();
                  }
                  return event;
                }));
    publishAll("e", 2_500);
    publisher.publish(event("none", Outcome.CANCELLED).build());
    publishAll("f", 2_500);
    await().until(() -> publisher.counters().queued() <= 500);
    Path telling =
        segments().stream()
            .filter(segment -> text(segment).contains("dropped_before"))
            .findFirst()
            .orElseThrow();
    assertThat(segments().indexOf(telling)).isPositive();
    assertThat(telling.toFile().delete()).isTrue();
    kafka.refusal = null;
    awaitDrained();
    publisher.publish(error("last"));
    assertThat(publisher.flush(LONG)).isTrue();

    assertThat(publisher.counters().droppedByReason().get(DropReason.SPOOL_FAILED)).isPositive();
    assertThat(told()).isEqualTo(lostByOutcome()).containsEntry(Outcome.CANCELLED, 1L);
  }

  @Test
  void start_findsOnlyWhatWasNotSent_ofAFileThatWasSentInPart() {
    leaveInSpool("e", 10);
    List<String> taken = List.of("e-0", "e-3", "e-4", "e-9");
    kafka.fate =
        sent ->
            taken.contains(Events.decode(sent.value()).eventId())
                ? null
                : new TimeoutException("Expiring 1 record(s)");
    start(withSpool());
    await().until(() -> publisher.counters().sent() == 4);
    publisher.close();
    assertCounters(publisher, 0, 10, 4, 0, 6, Map.of());

    kafka.fate = sent -> null;
    start(withSpool());
    awaitDrained();
    assertThat(arrived()).containsExactlyInAnyOrder(ids("e", 10));
    assertCounters(publisher, 0, 6, 6, 0, 0, Map.of());
  }

  @Test
  void droppedBefore_isToldOnce_whenTheFileIsLostAfterTheRecordThatToldItWasSent() {
    kafka.fate = sent -> new RecordTooLargeException();
    start(withSpool().spoolMaxBytes(2 * MEBIBYTE).closeTimeout(Duration.ofSeconds(10)));
    publisher.publish(success("lost"));
    assertThat(publisher.flush(LONG)).isTrue();
    kafka.refusal = AWAY;
    publisher.publish(error("e-0")); // tells of the loss
    for (int i = 1; i < 3_000; i++) {
      publisher.publish(
          event("e-" + i, Outcome.ERROR).set(EventField.ERROR_MESSAGE, "x".repeat(300)).build());
    }
    publisher.close();
    assertThat(publisher.counters().spooled()).isEqualTo(3_000);

    kafka.refusal = null;
    kafka.fate =
        sent ->
            Events.decode(sent.value()).eventId().equals("e-0")
                ? null
                : new TimeoutException("Expiring 1 record(s)");
    start(withSpool().spoolMaxBytes(2 * MEBIBYTE));
    await().until(() -> publisher.counters().sent() == 1);
    publisher.close();
    assertCounters(publisher, 0, 3_000, 1, 0, 2_999, Map.of());

    kafka.refusal = AWAY;
    start(withSpool().spoolMaxBytes(MEBIBYTE)); // has no room for the oldest file
    await().until(() -> publisher.counters().dropped() > 0);
    kafka.refusal = null;
    kafka.fate = sent -> null;
    awaitDrained();
    publisher.publish(error("last"));
    assertThat(publisher.flush(LONG)).isTrue();
    long lost = publisher.counters().droppedByReason().get(DropReason.SPOOL_FULL);
    assertThat(told()).isEqualTo(Map.of(Outcome.SUCCESS, 1L, Outcome.ERROR, lost));
    assertThat(arrived()).doesNotHaveDuplicates().hasSize((int) (3_000 - lost + 1));
  }

  @Test
  void publishers_shareADirectory() {
    kafka.refusal = AWAY;
    FakeKafkaProducer second = new FakeKafkaProducer();
    second.refusal = new TimeoutException("no metadata");
    start(withSpool());
    EventPublisher other = withSpool().producerFactory(config -> second).build();
    publisher.publish(error("first"));
    other.publish(error("second"));
    publisher.close();
    other.close();
    await().until(() -> publisher.counters().spooled() + other.counters().spooled() == 2);
    assertThat(segments()).hasSize(2);
    assertThat(segments()).extracting(Path::getParent).doesNotHaveDuplicates();

    kafka.refusal = null;
    start(withSpool()); // has its own and adopts the other's
    awaitDrained();
    assertThat(arrived()).containsExactlyInAnyOrder("first", "second");
    assertCounters(publisher, 0, 2, 2, 0, 0, Map.of());
  }

  @Test
  void publishers_leaveEachOthersFilesAlone() {
    leaveInSpool("e", 5);
    kafka.holds = true;
    start(withSpool());
    await().until(() -> kafka.hasTaken(5));
    FakeKafkaProducer second = new FakeKafkaProducer();
    try (EventPublisher other = withSpool().producerFactory(config -> second).build()) {
      other.publish(error("other"));
      assertThat(other.flush(LONG)).isTrue();
      assertCounters(other, 1, 0, 1, 0, 0, Map.of());
    }
    kafka.release();
    awaitDrained();
    assertThat(List.copyOf(arrived())).containsExactly(ids("e", 5));
  }
}
