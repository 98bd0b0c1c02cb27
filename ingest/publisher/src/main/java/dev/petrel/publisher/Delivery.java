// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static java.util.Objects.requireNonNull;

import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An event between {@code publish} and its end: sent, dropped, or moved to the spool. */
final class Delivery {
  // One object less for each event than an AtomicBoolean; and no lock, which whoever makes the
  // event would hold.
  private static final AtomicIntegerFieldUpdater<Delivery> SETTLED =
      AtomicIntegerFieldUpdater.newUpdater(Delivery.class, "settled");

  private final Outcome expectedOutcome;
  private final long bytes;
  private @Nullable PendingCall call;
  private volatile @Nullable EncodedEvent encoded;
  private volatile int settled;

  /** Asks the call for its outcome and size, and throws what that throws. */
  Delivery(PendingCall call) {
    this.call = call;
    this.expectedOutcome = requireNonNull(call.outcome(), "outcome");
    this.bytes = Math.max(1, call.estimatedBytes());
  }

  /** The event's outcome; before it is made, what was expected of it. */
  Outcome outcome() {
    EncodedEvent made = encoded;
    return made == null ? expectedOutcome : made.outcome();
  }

  /** The losses that this event's record tells of. */
  Map<Outcome, Long> toldDrops() {
    EncodedEvent made = encoded;
    return made == null ? Map.of() : made.toldDrops();
  }

  /** Roughly what the event occupies in memory. */
  long bytes() {
    return bytes;
  }

  /** Whether the caller is the first to tell this event's end, and so the one to count it. */
  boolean settle() {
    return SETTLED.compareAndSet(this, 0, 1);
  }

  boolean isSettled() {
    return settled != 0;
  }

  /**
   * The event for Kafka, made and encoded once: it tells of the losses that are unreported at that
   * time. For the publisher's threads.
   *
   * @param preparation what is done to the event before it may leave the process
   * @throws RuntimeException or {@link Error} when there is no making this event
   */
  synchronized EncodedEvent encode(UnaryOperator<LlmCallEvent> preparation, Tally tally) {
    EncodedEvent made = encoded;
    if (made == null) {
      LlmCallEvent event =
          requireNonNull(preparation.apply(requireNonNull(call).toEvent()), "event");
      Map<Outcome, Long> told = tally.takeUnreported();
      try {
        made = EncodedEvent.of(event, told);
      } catch (RuntimeException | Error e) {
        tally.returnUnreported(told);
        throw e;
      }
      encoded = made;
      call = null; // its raw material is not needed any more
    }
    return made;
  }
}
