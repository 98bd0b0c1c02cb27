// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How long a provider asks to wait before the next attempt. */
public final class RetryAfter {

  /** Longer is no answer to "when", but a mistake. */
  private static final long MAX_MS = Duration.ofDays(31).toMillis();

  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

  private RetryAfter() {}

  /**
   * The wait that headers or body ask for: {@code retry-after-ms}, then {@code retry-after} in
   * seconds or as a date (RFC 9110, 10.2.3), then the body's.
   *
   * @param headers the response's, names in lower case
   * @param retryDelay what the body says, as {@code 55s}; null when it says nothing
   * @param now to count a date from
   * @return milliseconds, null when there is no request or it makes no sense
   */
  public static @Nullable Long ms(
      Map<String, String> headers, @Nullable String retryDelay, Instant now) {
    Long ms = scaled(headers.get("retry-after-ms"), BigDecimal.ONE);
    if (ms == null) {
      String value = headers.get("retry-after");
      ms = scaled(value, THOUSAND);
      if (ms == null && value != null) {
        ms = untilDate(value.strip(), now);
      }
    }
    if (ms == null && retryDelay != null && retryDelay.endsWith("s")) {
      ms = scaled(retryDelay.substring(0, retryDelay.length() - 1), THOUSAND);
    }
    return ms;
  }

  private static @Nullable Long scaled(@Nullable String number, BigDecimal factor) {
    if (number == null || number.isBlank() || number.length() > 20) {
      return null;
    }
    try {
      BigDecimal ms = new BigDecimal(number.strip()).multiply(factor);
      return ms.signum() < 0 || ms.compareTo(BigDecimal.valueOf(MAX_MS)) > 0
          ? null
          : ms.longValue();
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static @Nullable Long untilDate(String date, Instant now) {
    try {
      Instant until = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      long ms = Duration.between(now, until).toMillis();
      return ms > MAX_MS ? null : Math.max(ms, 0);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
