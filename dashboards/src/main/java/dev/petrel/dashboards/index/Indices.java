// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.index;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The names of the indices: aggregates by UTC day of the window, alerts by UTC month of their
 * start, so that old ones are dropped as whole indices.
 */
public final class Indices {

  /** All indices of aggregates. */
  public static final String CALL_STATS = "llm-call-stats-*";

  /** All indices of alerts. */
  public static final String ALERTS = "llm-alerts-*";

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu.MM.dd").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("uuuu.MM").withZone(ZoneOffset.UTC);

  /** 9999-12-31T23:59:59.999Z. */
  private static final long LATEST = 253_402_300_799_999L;

  private Indices() {}

  /** The index of an aggregate. */
  public static String callStats(long windowStart) {
    return "llm-call-stats-" + DAY.format(instant("window_start", windowStart));
  }

  /** The index of an alert. */
  public static String alerts(long startsAt) {
    return "llm-alerts-" + MONTH.format(instant("starts_at", startsAt));
  }

  private static Instant instant(String field, long millis) {
    if (millis < 0 || millis > LATEST) {
      throw new IllegalArgumentException(
          field + ": was " + millis + ", must be ms since the epoch, before the year 10000");
    }
    return Instant.ofEpochMilli(millis);
  }
}
