// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import dev.petrel.dashboards.console.Parameters.Range;
import dev.petrel.dashboards.index.Indices;
import dev.petrel.stats.CallStats;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A length of windows. Each call is in one window of each length. */
enum Resolution {
  MINUTES("1m", CallStats.WINDOW_MS, Indices.CALL_STATS),
  HOURS("1h", CallStats.HOUR_MS, Indices.HOURS),
  DAYS("1d", CallStats.DAY_MS, Indices.DAYS);

  private static final long LONGEST_BY_MINUTE = Duration.ofHours(6).toMillis();
  private static final long LONGEST_BY_HOUR = Duration.ofDays(40).toMillis();

  private final String wireName;
  private final long windowMs;
  private final String indices;

  Resolution(String wireName, long windowMs, String indices) {
    this.wireName = wireName;
    this.windowMs = windowMs;
    this.indices = indices;
  }

  /** The finest one that keeps the number of documents of a range in bounds. */
  static Resolution of(Range range) {
    if (range.length() <= LONGEST_BY_MINUTE) {
      return MINUTES;
    }
    return range.length() <= LONGEST_BY_HOUR ? HOURS : DAYS;
  }

  /** The one with this name, which must be one of {@link #wireNames}. */
  static Resolution named(String wireName) {
    return Arrays.stream(values())
        .filter(resolution -> resolution.wireName.equals(wireName))
        .findFirst()
        .orElseThrow();
  }

  static List<String> wireNames() {
    return Arrays.stream(values()).map(resolution -> resolution.wireName).toList();
  }

  /** The length of a window in ms. */
  long windowMs() {
    return windowMs;
  }

  /** The pattern of the indices that hold the windows. */
  String indices() {
    return indices;
  }

  /** The range and what is before it in the window that it begins in. */
  Range fromWindowStart(Range range) {
    return new Range(CallStats.windowStartOf(range.from(), windowMs), range.to());
  }
}
