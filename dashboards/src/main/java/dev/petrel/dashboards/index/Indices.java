// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.index;

import dev.petrel.stats.CallStats;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The names of the indices: aggregates of minutes by UTC day of the window, those of hours by month
 * and those of days by year, alerts by UTC month of their start, so that old ones are dropped as
 * whole indices.
 */
public final class Indices {

  /** All indices of minutes. Nothing else is in them, so that their documents can be summed. */
  public static final String CALL_STATS = "llm-call-stats-*";

  /** All indices of hours and days. */
  public static final String ROLLUPS = "llm-call-rollups-*";

  /** All indices of hours. */
  public static final String HOURS = "llm-call-rollups-hour-*";

  /** All indices of days. */
  public static final String DAYS = "llm-call-rollups-day-*";

  /** All indices of alerts. */
  public static final String ALERTS = "llm-alerts-*";

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu.MM.dd").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("uuuu.MM").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter YEAR =
      DateTimeFormatter.ofPattern("uuuu").withZone(ZoneOffset.UTC);

  /** 9999-12-31T23:59:59.999Z. */
  private static final long LATEST = 253_402_300_799_999L;

  private Indices() {}

  /**
   * The index of an aggregate.
   *
   * @throws IllegalArgumentException when its window is no minute, hour or day of known times
   */
  public static String callStats(long windowStart, long windowMs) {
    Instant start = instant("window_start", windowStart);
    if (windowMs == CallStats.WINDOW_MS) {
      return "llm-call-stats-" + DAY.format(start);
    }
    if (windowMs == CallStats.HOUR_MS) {
      return "llm-call-rollups-hour-" + MONTH.format(start);
    }
    if (windowMs == CallStats.DAY_MS) {
      return "llm-call-rollups-day-" + YEAR.format(start);
    }
    throw new IllegalArgumentException(
        "window_ms: was " + windowMs + ", must be that of a minute, an hour or a day");
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
