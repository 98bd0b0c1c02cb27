// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.route.TimeInterval;
import dev.petrel.alerting.route.TimeInterval.Range;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Month;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Reads the section {@code time_intervals}. */
final class TimeIntervalReader {

  private TimeIntervalReader() {}

  static Map<String, List<TimeInterval>> read(YamlMap root) {
    Map<String, List<TimeInterval>> intervals = new LinkedHashMap<>();
    root.list("time_intervals", value -> value)
        .forEach(
            value -> {
              YamlMap map = value.map().allow("name", "time_intervals");
              YamlValue name = map.required("name");
              List<TimeInterval> union =
                  map.required("time_intervals").list(TimeIntervalReader::interval);
              if (intervals.put(name.text(), union) != null) {
                throw name.error("'" + name.text() + "' stands here twice");
              }
            });
    return intervals;
  }

  private static TimeInterval interval(YamlValue value) {
    YamlMap map =
        value.map().allow("times", "weekdays", "days_of_month", "months", "years", "location");
    return new TimeInterval(
        map.list("times", TimeIntervalReader::time),
        map.list("weekdays", each -> range(each, TimeIntervalReader::weekday)),
        map.list("days_of_month", each -> range(each, TimeIntervalReader::dayOfMonth)),
        map.list("months", each -> range(each, TimeIntervalReader::month)),
        map.list("years", each -> range(each, text -> number(text, 1970, 9999))),
        map.get("location", TimeIntervalReader::zone, ZoneOffset.UTC));
  }

  private static Range time(YamlValue value) {
    YamlMap map = value.map().allow("start_time", "end_time");
    int start = map.required("start_time").parsed(TimeIntervalReader::minutes);
    int end = map.required("end_time").parsed(TimeIntervalReader::minutes);
    if (end <= start) {
      throw map.place()
          .error(
              "end_time must be after start_time; past midnight, write two: to 24:00, from 00:00");
    }
    return new Range(start, end - 1);
  }

  private static int minutes(String text) {
    if (!text.matches("([01]\\d|2[0-3]):[0-5]\\d|24:00")) {
      throw new IllegalArgumentException(
          "'%s' is not allowed; must be a time from 00:00 to 24:00".formatted(text));
    }
    return Integer.parseInt(text.substring(0, 2)) * 60 + Integer.parseInt(text.substring(3));
  }

  private static Range range(YamlValue value, ToIntFunction<String> reader) {
    return value.parsed(
        text -> {
          String[] ends = text.split(":", 2);
          int from = reader.applyAsInt(ends[0].strip());
          int to = reader.applyAsInt(ends[ends.length - 1].strip());
          if (to < from && (from < 0) == (to < 0)) {
            throw new IllegalArgumentException(
                "'%s' is not allowed; its end is before its start".formatted(text));
          }
          return new Range(from, to);
        });
  }

  private static int weekday(String text) {
    return named(
        text,
        name -> DayOfWeek.valueOf(name).getValue(),
        "a weekday such as monday, or monday:friday");
  }

  private static int month(String text) {
    return text.matches("\\d+")
        ? number(text, 1, 12)
        : named(
            text,
            name -> Month.valueOf(name).getValue(),
            "a month such as january or 1, or may:august");
  }

  private static int named(String text, ToIntFunction<String> number, String allowed) {
    try {
      return number.applyAsInt(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' is not allowed; must be %s".formatted(text, allowed), e);
    }
  }

  private static int dayOfMonth(String text) {
    int day = number(text, -31, 31);
    if (day == 0) {
      throw new IllegalArgumentException("there is no day 0; the last day is -1");
    }
    return day;
  }

  private static int number(String text, int min, int max) {
    try {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // refused below, as what is out of range
    }
    throw new IllegalArgumentException(
        "'%s' is not allowed; must be a number from %d to %d, or two as %d:%d"
            .formatted(text, min, max, min, max));
  }

  private static ZoneId zone(YamlValue value) {
    return value.parsed(
        text -> {
          try {
            return ZoneId.of(text);
          } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                "'%s' is no time zone; write it as Europe/Berlin or UTC".formatted(text), e);
          }
        });
  }
}
