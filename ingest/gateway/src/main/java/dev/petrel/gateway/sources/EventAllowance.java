// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.sources;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A token bucket of events that fills by a rate and holds those of two seconds.
 *
 * <p>A batch is let in as a whole as long as anything is left, and the bucket then stands below
 * zero until it has filled again: a batch that is larger than the bucket comes through too, and the
 * rate is kept over time. Thread-safe.
 */
final class EventAllowance {

  private static final int SECONDS = 2;
  private static final double NANOS_PER_SECOND = 1e9;

  private final int perSecond;
  private final LongSupplier nanoTime;
  private double left;
  private long filledAt;

  /**
   * A full bucket.
   *
   * @param perSecond events a second, at least 1
   * @param nanoTime as {@link System#nanoTime()}
   */
  EventAllowance(int perSecond, LongSupplier nanoTime) {
    this.perSecond = perSecond;
    this.nanoTime = nanoTime;
    left = (double) perSecond * SECONDS;
    filledAt = nanoTime.getAsLong();
  }

  synchronized Duration take(int events) {
    long now = nanoTime.getAsLong();
    double filled = left + (now - filledAt) / NANOS_PER_SECOND * perSecond;
    left = Math.min(filled, (double) perSecond * SECONDS);
    filledAt = now;
    if (left <= 0) {
      return Duration.ofNanos((long) ((1 - left) / perSecond * NANOS_PER_SECOND));
    }
    left -= events;
    return Duration.ZERO;
  }
}
