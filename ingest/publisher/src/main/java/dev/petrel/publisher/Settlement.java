// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.LlmCallEvent;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Brings deliveries to their end: each is counted once and gives its room in the queue back.
 *
 * <p>{@link #confirm} and the dropping are for every thread and wait for nothing, the rest is for
 * the publisher's threads. Whoever is first tells an event's end: one that is dropped at the end of
 * the close timeout stays dropped, though Kafka may confirm it later.
 */
final class Settlement {
  private final EventQueue queue;
  private final Tally tally;
  private final TroubleLog troubleLog;
  private final UnaryOperator<LlmCallEvent> preparation;

  Settlement(PublisherSettings settings, EventQueue queue, Tally tally, TroubleLog troubleLog) {
    this.queue = queue;
    this.tally = tally;
    this.troubleLog = troubleLog;
    this.preparation = settings.preparation();
  }

  /** Kafka has it. */
  void confirm(Delivery delivery) {
    if (delivery.settle()) {
      tally.send();
      queue.release(delivery);
    }
  }

  /** It is lost, unless its end was told before. */
  void drop(Delivery delivery, DropReason reason) {
    if (delivery.settle()) {
      tally.drop(reason, delivery.outcome());
      tally.returnUnreported(delivery.toldDrops());
      queue.release(delivery);
    }
  }

  /** Drops all that waits. */
  void dropWaiting(DropReason reason) {
    for (Delivery next = queue.pollNow(); next != null; next = queue.pollNow()) {
      drop(next, reason);
    }
  }

  /** Drops all that waits, and all that was taken and has not come to its end. */
  void dropAll(DropReason reason) {
    dropWaiting(reason);
    queue.taken().forEach(delivery -> drop(delivery, reason));
  }

  /** The event as Kafka gets it; null when there is no making it, which drops it. */
  @Nullable EncodedEvent encode(Delivery delivery) {
    try {
      return delivery.encode(preparation, tally);
    } catch (RuntimeException | Error e) {
      troubleLog.invalid(e);
      drop(delivery, DropReason.INVALID);
      return null;
    }
  }

  /**
   * Moves it to disk, or drops what cannot be kept there.
   *
   * @return false when the disk does not take it now; it is where it was then
   */
  boolean spool(Delivery delivery, Spool spool) {
    synchronized (delivery) { // else two threads could each keep it
      EncodedEvent encoded = delivery.isSettled() ? null : encode(delivery);
      if (encoded == null) {
        return true;
      }
      if (!spool.fits(encoded)) {
        drop(delivery, DropReason.TOO_LARGE);
        return true;
      }
      return spool.append(encoded, () -> settleSpooled(delivery));
    }
  }

  private boolean settleSpooled(Delivery delivery) {
    boolean first = delivery.settle();
    if (first) {
      tally.spool();
      queue.release(delivery);
    }
    return first;
  }

  /** Moves all that waits to disk, and all that was taken and has not come to its end. */
  void spoolAll(Spool spool) {
    queue.taken().forEach(delivery -> spoolOrDrop(delivery, spool)); // these are older
    for (Delivery next = queue.pollNow(); next != null; next = queue.pollNow()) {
      spoolOrDrop(next, spool);
    }
  }

  /** Moves it to disk, or drops it. */
  void spoolOrDrop(Delivery delivery, Spool spool) {
    if (!spool(delivery, spool)) {
      drop(delivery, DropReason.SPOOL_FAILED);
    }
  }
}
