// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static java.util.Objects.requireNonNull;

import dev.petrel.event.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts a publisher's events, and keeps the losses that no record has told of yet.
 *
 * <p>Thread-safe and lock-free.
 */
final class Tally {

  private final LongAdder accepted = new LongAdder();
  private final LongAdder recovered = new LongAdder();
  private final LongAdder sent = new LongAdder();
  private final LongAdder spooled = new LongAdder();

  // Filled once; only the counters in them change.
  private final Map<DropReason, Map<Outcome, LongAdder>> dropped = new EnumMap<>(DropReason.class);
  private final Map<Outcome, AtomicLong> unreported = new EnumMap<>(Outcome.class);

  Tally() {
    for (DropReason reason : DropReason.values()) {
      Map<Outcome, LongAdder> byOutcome = new EnumMap<>(Outcome.class);
      for (Outcome outcome : Outcome.values()) {
        byOutcome.put(outcome, new LongAdder());
      }
      dropped.put(reason, byOutcome);
    }
    for (Outcome outcome : Outcome.values()) {
      unreported.put(outcome, new AtomicLong());
    }
  }

  void accept() {
    accepted.increment();
  }

  /** Events were found in the spool of an earlier process, and are there still. */
  void recover(long count) {
    recovered.add(count);
    spooled.add(count);
  }

  void send() {
    sent.increment();
  }

  /** An event went from the queue to the spool. */
  void spool() {
    spooled.increment();
  }

  /** Events of the spool were sent, or dropped: their end is counted beside this. */
  void leaveSpool(long count) {
    spooled.add(-count);
  }

  void drop(DropReason reason, Outcome outcome) {
    drop(reason, outcome, 1);
  }

  void drop(DropReason reason, Outcome outcome, long count) {
    dropped(reason, outcome).add(count);
    requireNonNull(unreported.get(outcome)).addAndGet(count);
  }

  private LongAdder dropped(DropReason reason, Outcome outcome) {
    return requireNonNull(requireNonNull(dropped.get(reason)).get(outcome));
  }

  /** Takes the losses that no record has told of, for the next one to tell. */
  Map<Outcome, Long> takeUnreported() {
    Map<Outcome, Long> taken = new EnumMap<>(Outcome.class);
    unreported.forEach(
        (outcome, count) -> {
          // Reading first spares the common case of no loss a write to shared memory.
          if (count.get() != 0) {
            taken.put(outcome, count.getAndSet(0));
          }
        });
    return taken;
  }

  /** Gives back what was taken for a record that was then lost itself. */
  void returnUnreported(Map<Outcome, Long> taken) {
    taken.forEach((outcome, count) -> requireNonNull(unreported.get(outcome)).addAndGet(count));
  }

  long accepted() {
    return accepted.sum();
  }

  long recovered() {
    return recovered.sum();
  }

  long sent() {
    return sent.sum();
  }

  long spooled() {
    return spooled.sum();
  }

  long droppedOf(DropReason reason, Outcome outcome) {
    return dropped(reason, outcome).sum();
  }

  PublisherCounters snapshot(long queued) {
    Map<DropReason, Long> byReason = new EnumMap<>(DropReason.class);
    Map<Outcome, Long> byOutcome = new EnumMap<>(Outcome.class);
    dropped.forEach(
        (reason, counts) ->
            counts.forEach(
                (outcome, count) -> {
                  long sum = count.sum();
                  byReason.merge(reason, sum, Long::sum);
                  byOutcome.merge(outcome, sum, Long::sum);
                }));
    return new PublisherCounters(
        accepted(), recovered(), sent(), queued, spooled(), byReason, byOutcome);
  }
}
