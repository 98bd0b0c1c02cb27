// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.route;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;

/**
 * A set of times on the calendar of a time zone: all fields must hold, and in each field one of its
 * ranges; a field without ranges always holds.
 *
 * @param times within a day, in minutes since midnight by the clock on the wall, the end exclusive
 * @param weekdays 1 for Monday to 7 for Sunday
 * @param daysOfMonth from 1, or from -1 for the last day backwards
 * @param months 1 to 12
 * @param years calendar years
 * @param zone whose clock and calendar
 */
public record TimeInterval(
    List<Range> times,
    List<Range> weekdays,
    List<Range> daysOfMonth,
    List<Range> months,
    List<Range> years,
    ZoneId zone) {

  /** From one number to another, both inclusive. */
  public record Range(int from, int to) {

    boolean contains(int number) {
      return from <= number && number <= to;
    }
  }

  public TimeInterval {
    times = List.copyOf(times);
    weekdays = List.copyOf(weekdays);
    daysOfMonth = List.copyOf(daysOfMonth);
    months = List.copyOf(months);
    years = List.copyOf(years);
  }

  /** Whether a moment is in it. */
  public boolean contains(Instant moment) {
    ZonedDateTime time = moment.atZone(zone);
    int minute = time.getHour() * 60 + time.getMinute();
    return holds(times, minute)
        && holds(weekdays, DayOfWeek.from(time).getValue())
        && holdsDay(time.getDayOfMonth(), time.toLocalDate().lengthOfMonth())
        && holds(months, time.getMonthValue())
        && holds(years, time.getYear());
  }

  private static boolean holds(List<Range> ranges, int number) {
    return ranges.isEmpty() || ranges.stream().anyMatch(range -> range.contains(number));
  }

  private boolean holdsDay(int day, int length) {
    return daysOfMonth.isEmpty()
        || daysOfMonth.stream()
            .map(range -> new Range(fromStart(range.from(), length), fromStart(range.to(), length)))
            .anyMatch(range -> range.contains(day));
  }

  private static int fromStart(int day, int length) {
    return day < 0 ? length + 1 + day : day;
  }
}
