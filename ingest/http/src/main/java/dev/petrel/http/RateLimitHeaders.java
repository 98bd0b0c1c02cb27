// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import dev.petrel.event.RateLimit;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is left of a provider's limits, as its response headers tell it. */
final class RateLimitHeaders {

  /** Go's form of durations: {@code 6m0s}, {@code 1.2s}, {@code 20ms}. */
  private static final Pattern DURATION_PART =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d)");

  private static final List<String> LIMITS = List.of("requests", "tokens", "input-tokens");

  /** All headers that are looked at, in lower case. */
  static final List<String> NAMES =
      LIMITS.stream()
          .flatMap(
              what ->
                  Stream.of(
                      "x-ratelimit-limit-" + what,
                      "x-ratelimit-remaining-" + what,
                      "x-ratelimit-reset-" + what,
                      "anthropic-ratelimit-" + what + "-limit",
                      "anthropic-ratelimit-" + what + "-remaining",
                      "anthropic-ratelimit-" + what + "-reset"))
          .toList();

  private RateLimitHeaders() {}

  /** Null when the headers tell of no limit. */
  static @Nullable RateLimit of(Map<String, String> headers, Instant now) {
    RateLimit.Headroom requests = headroom(headers, "requests", now);
    RateLimit.Headroom tokens = headroom(headers, "tokens", now);
    if (tokens == null) {
      tokens = headroom(headers, "input-tokens", now);
    }
    return requests == null && tokens == null ? null : new RateLimit(requests, tokens);
  }

  private static RateLimit.@Nullable Headroom headroom(
      Map<String, String> headers, String what, Instant now) {
    Long limit =
        first(headers, "x-ratelimit-limit-" + what, "anthropic-ratelimit-" + what + "-limit");
    Long remaining =
        first(
            headers, "x-ratelimit-remaining-" + what, "anthropic-ratelimit-" + what + "-remaining");
    if (limit == null && remaining == null) {
      return null;
    }
    Long resetMs = duration(headers.get("x-ratelimit-reset-" + what));
    if (resetMs == null) {
      resetMs = until(headers.get("anthropic-ratelimit-" + what + "-reset"), now);
    }
    return new RateLimit.Headroom(limit, remaining, resetMs);
  }

  private static @Nullable Long first(Map<String, String> headers, String name, String otherName) {
    Long value = number(headers.get(name));
    return value == null ? number(headers.get(otherName)) : value;
  }

  /** -1 is what Azure sends for no limit. */
  private static @Nullable Long number(@Nullable String text) {
    if (text == null || !text.strip().matches("-1|\\d{1,18}")) {
      return null;
    }
    return Long.valueOf(text.strip());
  }

  private static @Nullable Long duration(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    String stripped = text.strip();
    if (stripped.matches("\\d{1,9}(\\.\\d{1,9})?")) { // seconds
      return new BigDecimal(stripped).movePointRight(3).longValue();
    }
    Matcher part = DURATION_PART.matcher(stripped);
    BigDecimal ms = BigDecimal.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      end = part.end();
      ms =
          ms.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unitMs(part.group(2)))));
    }
    return end == stripped.length() ? Long.valueOf(ms.longValue()) : null;
  }

  private static long unitMs(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      default -> 86_400_000;
    };
  }

  private static @Nullable Long until(@Nullable String time, Instant now) {
    if (time == null) {
      return null;
    }
    try {
      return Math.max(Duration.between(now, Instant.parse(time.strip())).toMillis(), 0);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
