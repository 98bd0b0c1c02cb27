// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.stats.TopCounts;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers and names as alerts write them. */
public final class Words {

  private static final int NAMES_SHOWN = 3;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Words() {}

  /** A share of 1 as percent. */
  public static String percent(double share) {
    return String.format(Locale.ROOT, share < 0.0995 ? "%.1f%%" : "%.0f%%", share * 100);
  }

  /** A factor, such as {@code 3.4×}. */
  public static String times(double factor) {
    return String.format(Locale.ROOT, factor < 9.95 ? "%.1f×" : "%.0f×", factor);
  }

  /** A count with separators. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A number and its noun. */
  public static String several(long count, String noun) {
    return count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** A span in the largest unit that fits. */
  public static String span(long ms) {
    Duration span = Duration.ofMillis(Math.max(0, ms));
    if (span.toDays() >= 2) {
      return span.toDays() + " days";
    }
    if (span.toHours() >= 2) {
      return span.toHours() + " h";
    }
    return ms < 100_000
        ? Math.max(1, Math.round(ms / 1000.0)) + " s"
        : Math.round(ms / 60_000.0) + " min";
  }

  /** Milliseconds as seconds. */
  public static String seconds(double ms) {
    return String.format(Locale.ROOT, ms < 9_950 ? "%.1f s" : "%.0f s", ms / 1000);
  }

  /** An amount of 1e-9 US dollars. */
  public static String usd(double nanoUsd) {
    double usd = nanoUsd / 1e9;
    return String.format(Locale.ROOT, usd < 1 ? "$%.3f" : "$%,.2f", usd);
  }

  /** A time of day and date. */
  public static String moment(long ms) {
    return DAY.format(Instant.ofEpochMilli(ms));
  }

  /** The first names, and how many more there are. */
  public static String names(List<String> names) {
    if (names.size() <= NAMES_SHOWN + 1) {
      return String.join(", ", names);
    }
    return String.join(", ", names.subList(0, NAMES_SHOWN))
        + " and "
        + (names.size() - NAMES_SHOWN)
        + " more";
  }

  /** The names of counts, highest first. */
  public static List<String> namesOf(List<TopCounts.Entry> entries) {
    return entries.stream().map(TopCounts.Entry::name).toList();
  }

  /** Labels in order, without those that are not known. */
  public static Map<String, String> labels(@Nullable String... namesAndValues) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String name = namesAndValues[i];
      String value = namesAndValues[i + 1];
      if (name != null && value != null) {
        labels.put(name, value);
      }
    }
    return labels;
  }

  /** A number to four digits behind the point, as evidence shows it; null when it is not known. */
  public static @Nullable Double rounded(double number) {
    return Double.isNaN(number) || Double.isInfinite(number)
        ? null
        : Double.valueOf(Math.round(number * 10_000) / 10_000.0);
  }
}
