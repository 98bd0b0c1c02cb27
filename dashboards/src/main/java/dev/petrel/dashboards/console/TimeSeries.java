// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import dev.petrel.dashboards.console.Parameters.Range;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import org.jspecify.annotations.Nullable;

/**
 * Windows merged into buckets of equal length, as long as a window or longer and at most {@value
 * #MAX_BUCKETS} of them: sums stay exact and percentiles come from merged sketches. Not
 * thread-safe.
 */
final class TimeSeries {

  static final int MAX_BUCKETS = 128;

  private static final long MINUTE = CallStats.WINDOW_MS;
  private static final long[] STEPS = {
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    60 * MINUTE,
    120 * MINUTE,
    180 * MINUTE,
    360 * MINUTE,
    720 * MINUTE,
    1440 * MINUTE
  };

  private final long first;
  private final long step;
  private final @Nullable Measures[] buckets;
  private final Measures total = new Measures();

  TimeSeries(Range range, Resolution resolution) {
    step = stepOf(range, resolution.windowMs());
    first = Math.floorDiv(range.from(), step) * step;
    buckets = new Measures[Math.toIntExact(Math.ceilDiv(range.to() - first, step))];
  }

  /** The shortest step that needs no more than the most buckets. */
  private static long stepOf(Range range, long windowMs) {
    for (long step : STEPS) {
      if (step >= windowMs && fits(range, step)) {
        return step;
      }
    }
    long days = 2;
    while (!fits(range, days * 1440 * MINUTE)) {
      days++;
    }
    return days * 1440 * MINUTE;
  }

  private static boolean fits(Range range, long step) {
    long first = Math.floorDiv(range.from(), step) * step;
    return Math.ceilDiv(range.to() - first, step) <= MAX_BUCKETS;
  }

  /** Adds a window; one outside the range is ignored. */
  void add(long windowStart, Measures measures) {
    long index = Math.floorDiv(windowStart - first, step);
    if (index < 0 || index >= buckets.length) {
      return;
    }
    Measures bucket = buckets[(int) index];
    if (bucket == null) {
      bucket = new Measures();
      buckets[(int) index] = bucket;
    }
    bucket.mergeWindow(measures);
    total.mergeWindow(measures);
  }

  /** The length of a bucket in ms. */
  long step() {
    return step;
  }

  int size() {
    return buckets.length;
  }

  /** The start of a bucket in ms since the epoch. */
  long startOf(int index) {
    return first + index * step;
  }

  /** What was counted in a bucket; null when no window of it is known. */
  @Nullable Measures bucket(int index) {
    return buckets[index];
  }

  /** The whole range. */
  Measures total() {
    return total;
  }
}
