// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.replay;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Pattern;

/** Times as logs write them. */
final class Times {

  private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?([eE][+]?[0-9]+)?");

  /** ISO-8601, with a blank for the T as databases write it; an offset is optional. */
  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
          .optionalStart()
          .appendOffset("+HH:MM", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HHMM", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH", "Z")
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  private Times() {}

  /**
   * A time in ms since the epoch. Numbers are taken for seconds, ms, µs or ns by their size, which
   * is unambiguous for the years 1973 to 5138; a time without offset is UTC.
   *
   * @throws IllegalArgumentException when {@code text} is no time
   */
  static long parse(String text) {
    String stripped = text.strip();
    try {
      return NUMBER.matcher(stripped).matches() ? ofNumber(stripped) : ofIso(stripped);
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "timestamp: must be ISO-8601, or a number of s, ms, µs or ns since 1970", e);
    }
  }

  private static long ofNumber(String text) {
    BigDecimal number = new BigDecimal(text);
    BigDecimal millis;
    if (number.compareTo(BigDecimal.valueOf(1, -11)) < 0) {
      millis = number.movePointRight(3);
    } else if (number.compareTo(BigDecimal.valueOf(1, -14)) < 0) {
      millis = number;
    } else if (number.compareTo(BigDecimal.valueOf(1, -17)) < 0) {
      millis = number.movePointLeft(3);
    } else {
      millis = number.movePointLeft(6);
    }
    return millis.setScale(0, RoundingMode.FLOOR).longValueExact();
  }

  private static long ofIso(String text) {
    String iso =
        text.length() > 10 && text.charAt(10) == ' '
            ? text.substring(0, 10) + 'T' + text.substring(11).strip()
            : text;
    TemporalAccessor time = ISO.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
    return time instanceof OffsetDateTime offset
        ? offset.toInstant().toEpochMilli()
        : LocalDateTime.from(time).toInstant(ZoneOffset.UTC).toEpochMilli();
  }
}
