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
  private final LongAdder sent = new LongAdder();

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

  void send() {
    sent.increment();
  }

  void drop(DropReason reason, Outcome outcome) {
    requireNonNull(requireNonNull(dropped.get(reason)).get(outcome)).increment();
    requireNonNull(unreported.get(outcome)).incrementAndGet();
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

  long sent() {
    return sent.sum();
  }

  long dropped() {
    return dropped.values().stream()
        .flatMap(byOutcome -> byOutcome.values().stream())
        .mapToLong(LongAdder::sum)
        .sum();
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
    return new PublisherCounters(accepted.sum(), sent.sum(), queued, byReason, byOutcome);
  }
}
