// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import com.linecorp.armeria.common.QueryParams;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The query parameters of one request, checked: an unknown name is an error, not ignored. */
final class Parameters {

  private static final long LATEST = 253_402_300_799_999L;
  private static final long DEFAULT_RANGE_MS = Duration.ofHours(1).toMillis();

  private final QueryParams params;

  /**
   * A time range.
   *
   * @param from its start, in ms since the epoch
   * @param to its end, exclusive
   */
  record Range(long from, long to) {
    long length() {
      return to - from;
    }
  }

  Parameters(QueryParams params, Set<String> known) {
    this.params = params;
    for (String name : params.names()) {
      if (!known.contains(name)) {
        throw new BadRequestException(
            "%s: unknown parameter; known are %s"
                .formatted(name, String.join(", ", new TreeSet<>(known))));
      }
    }
  }

  /** The value; null when it is absent or empty. */
  @Nullable String text(String name) {
    String value = params.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  String required(String name, String allowed) {
    String value = text(name);
    if (value == null) {
      throw new BadRequestException(name + ": is required; must be " + allowed);
    }
    return value;
  }

  /** The values of those of the named parameters that are there. */
  Map<String, String> filters(List<String> names) {
    Map<String, String> filters = new LinkedHashMap<>();
    for (String name : names) {
      String value = text(name);
      if (value != null) {
        filters.put(name, value);
      }
    }
    return filters;
  }

  /** One of the named values; null when it is absent. */
  @Nullable String oneOf(String name, List<String> allowed) {
    String value = text(name);
    if (value != null && !allowed.contains(value)) {
      throw new BadRequestException(
          "%s: was '%s', must be one of %s".formatted(name, value, String.join(", ", allowed)));
    }
    return value;
  }

  int number(String name, int defaultValue, int min, int max) {
    Long value = whole(name, min, max, "a whole number from " + min + " to " + max);
    return value == null ? defaultValue : Math.toIntExact(value);
  }

  /** A time in ms since the epoch; null when it is absent. */
  @Nullable Long time(String name) {
    return whole(name, 0, LATEST, "a time in ms since the epoch");
  }

  private @Nullable Long whole(String name, long min, long max, String allowed) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new BadRequestException("%s: was '%s', must be %s".formatted(name, text, allowed));
  }

  /** From {@code from} to {@code to}; the hour up to now, or up to {@code to}, where absent. */
  Range range(InstantSource clock) {
    Long from = time("from");
    Long to = time("to");
    long end = to == null ? clock.millis() : to;
    long start = from == null ? Math.max(0, end - DEFAULT_RANGE_MS) : from;
    if (start >= end) {
      throw new BadRequestException(
          "from: was %d, must be before to, which is %d".formatted(start, end));
    }
    return new Range(start, end);
  }

  /** All known names plus those of a range. */
  static Set<String> withRange(List<String> names) {
    List<String> all = new ArrayList<>(names);
    all.add("from");
    all.add("to");
    return Set.copyOf(all);
  }
}
