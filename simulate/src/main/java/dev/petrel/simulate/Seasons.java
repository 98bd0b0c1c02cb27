// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

/**
 * How much traffic there is at a time of the day and the week in UTC: most on weekdays after lunch,
 * least on nights of a weekend. The mean over a week is 1.
 */
final class Seasons {

  /** The highest factor. */
  static final double PEAK = 1.65 / mean();

  private static final double SWING = 0.65;
  private static final double WEEKEND = 0.45;
  private static final double PEAK_HOUR = 14;
  private static final double HOUR_MILLIS = 3_600_000;

  private Seasons() {}

  /** The factor on the rate at this time, in ms since the epoch. */
  static double factor(long time) {
    double hours = time / HOUR_MILLIS;
    double curve = 1 + SWING * Math.cos((hours - PEAK_HOUR) / 24 * 2 * Math.PI);
    // The epoch was a Thursday: days 2 and 3 of its weeks are Saturday and Sunday.
    long day = Math.floorMod(Math.floorDiv(time, 86_400_000L), 7L);
    return curve * (day == 2 || day == 3 ? WEEKEND : 1) / mean();
  }

  private static double mean() {
    return (5 + 2 * 0.45) / 7;
  }
}
