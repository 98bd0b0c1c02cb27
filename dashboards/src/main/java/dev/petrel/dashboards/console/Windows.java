// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import dev.petrel.dashboards.console.Parameters.Range;
import dev.petrel.stats.CallStats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The windows that the calls of a range are read from: each call is in one of them, and in one
 * only.
 *
 * @param parts parts of the range, each with the length of its windows
 */
record Windows(List<Part> parts) {
  /*
   * An hour has all calls but those of the newest minute or two. A day takes in an hour when that is
   * over, and the newest one a little later while streams catch up: the calls of a day that has not
   * been over for a while are read from its hours.
   */

  private static final long SETTLED_MS = Duration.ofHours(2).toMillis();

  /** A part of a range that is read by windows of one length. */
  record Part(Resolution resolution, Range range) {
    private Map<String, ?> clause() {
      return Queries.between("window_start", range.from(), range.to());
    }
  }

  Windows {
    parts = List.copyOf(parts);
  }

  /** Windows of one length. */
  static Windows of(Resolution resolution, Range range) {
    return new Windows(List.of(new Part(resolution, range)));
  }

  /**
   * What a chart over time is made of: windows as long as its resolution, and hours for a day that
   * is not over.
   */
  static Windows overTime(Resolution resolution, Range range, long now) {
    return resolution == Resolution.DAYS ? fewest(resolution, range, now) : of(resolution, range);
  }

  /** As few windows as there can be: whole days where the range has them. */
  static Windows fewest(Resolution resolution, Range range, long now) {
    if (resolution == Resolution.MINUTES) {
      return of(resolution, range);
    }
    long day = CallStats.DAY_MS;
    long firstDay = Math.ceilDiv(range.from(), day) * day;
    long daysEnd = CallStats.windowStartOf(Math.min(range.to(), now - SETTLED_MS), day);
    if (daysEnd <= firstDay) {
      return of(Resolution.HOURS, range);
    }
    List<Part> parts = new ArrayList<>();
    add(parts, Resolution.HOURS, range.from(), firstDay);
    add(parts, Resolution.DAYS, firstDay, daysEnd);
    add(parts, Resolution.HOURS, daysEnd, range.to());
    return new Windows(parts);
  }

  private static void add(List<Part> parts, Resolution resolution, long from, long to) {
    if (from < to) {
      parts.add(new Part(resolution, new Range(from, to)));
    }
  }

  /** The pattern of the indices that have them. */
  String indices() {
    return String.join(
        ",", parts.stream().map(part -> part.resolution().indices()).distinct().toList());
  }

  /** A clause for their documents. */
  Map<String, ?> clause() {
    if (parts.size() == 1) {
      return parts.get(0).clause();
    }
    return Map.of("bool", Map.of("should", parts.stream().map(Windows::ofItsIndices).toList()));
  }

  private static Map<String, ?> ofItsIndices(Part part) {
    Map<String, ?> indices = Map.of("wildcard", Map.of("_index", part.resolution().indices()));
    return Map.of("bool", Map.of("filter", List.of(indices, part.clause())));
  }
}
