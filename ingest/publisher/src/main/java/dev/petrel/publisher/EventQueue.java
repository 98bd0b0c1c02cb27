// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.Outcome;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The events of a publisher that are neither sent nor dropped nor on disk, bounded by count and by
 * bytes.
 *
 * <p>An event keeps its room until Kafka confirms it or the spool has it, so the bounds hold for
 * all that a slow broker leaves with the producer too. The last fifth of either bound is for
 * failures only: under pressure, what tells of trouble goes first.
 *
 * <p>Thread-safe; only {@link #take} and {@link #poll} wait.
 */
final class EventQueue {
  private static final int SUCCESS_SHARE_PERCENT = 80;

  private final long maxEvents;
  private final long maxBytes;
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final BlockingQueue<Entry> waiting;
  private final AtomicBoolean wakesUp = new AtomicBoolean();
  private final Set<Delivery> taken = ConcurrentHashMap.newKeySet();

  /** An event, or none, to wake the taker up. */
  private record Entry(@Nullable Delivery event) {}

  EventQueue(int maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    waiting = new ArrayBlockingQueue<>(maxEvents + 1); // one for a wake-up
  }

  /** Queues the event, or says why not. */
  @Nullable DropReason offer(Delivery event) {
    boolean success = event.outcome() == Outcome.SUCCESS;
    long byteLimit = success ? share(maxBytes) : maxBytes;
    if (event.bytes() > byteLimit) {
      return DropReason.TOO_LARGE;
    }
    if (events.incrementAndGet() > (success ? share(maxEvents) : maxEvents)) {
      events.decrementAndGet();
      return DropReason.QUEUE_FULL;
    }
    if (bytes.addAndGet(event.bytes()) > byteLimit) {
      giveBack(event);
      return DropReason.QUEUE_FULL;
    }
    if (!waiting.offer(new Entry(event))) {
      giveBack(event);
      return DropReason.QUEUE_FULL;
    }
    return null;
  }

  private static long share(long bound) {
    return Math.max(
        1, bound / 100 * SUCCESS_SHARE_PERCENT + bound % 100 * SUCCESS_SHARE_PERCENT / 100);
  }

  /** Whether more than half of the room, by count or bytes, is taken. */
  boolean isBeyondHalf() {
    return 2 * events.get() > maxEvents || bytes.get() > maxBytes / 2;
  }

  /** Gives the room of an event back that is sent, dropped or in the spool. */
  void release(Delivery event) {
    taken.remove(event);
    giveBack(event);
  }

  private void giveBack(Delivery event) {
    bytes.addAndGet(-event.bytes());
    events.decrementAndGet();
  }

  /** Makes a waiting taker return. For every thread. */
  void wakeUp() {
    // One at a time, for which there always is room.
    if (wakesUp.compareAndSet(false, true)) {
      boolean unused = waiting.offer(new Entry(null));
    }
  }

  /** Waits for the next event; null after a wake-up. */
  @Nullable Delivery take() throws InterruptedException {
    return eventOf(waiting.take());
  }

  /** Waits for the next event for a while; null when there is none, or after a wake-up. */
  @Nullable Delivery poll(long millis) throws InterruptedException {
    Entry entry = waiting.poll(millis, TimeUnit.MILLISECONDS);
    return entry == null ? null : eventOf(entry);
  }

  private @Nullable Delivery eventOf(Entry entry) {
    Delivery event = entry.event();
    if (event == null) {
      wakesUp.set(false);
    } else {
      taken.add(event);
    }
    return event;
  }

  /**
   * The events that were taken and not yet released, with the producer for example; a live view.
   */
  Set<Delivery> taken() {
    return Collections.unmodifiableSet(taken);
  }

  /** The next waiting event, null when none is left. */
  @Nullable Delivery pollNow() {
    for (Entry entry = waiting.poll(); entry != null; entry = waiting.poll()) {
      Delivery event = eventOf(entry);
      if (event != null) {
        return event;
      }
    }
    return null;
  }

  /** Whether no event waits to be taken; events that were taken do not count. */
  boolean nothingWaits() {
    return waiting.isEmpty();
  }

  /** Events that have room here: waiting, or taken and not yet released. */
  long size() {
    return events.get();
  }
}
