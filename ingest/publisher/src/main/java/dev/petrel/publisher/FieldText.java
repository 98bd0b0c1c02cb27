// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.EventField;
import dev.petrel.event.WireNamed;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The text form that a field is read from, of what applications log for it.
 *
 * <p>Frameworks differ in what they hand on: a {@link Duration} comes as itself or as {@code
 * PT1.5S}, a constant of an enum as itself or by its name. Both mean the same here.
 */
final class FieldText {
  private static final Set<EventField<?>> FRACTIONAL =
      Set.of(EventField.DURATION_MS, EventField.TIME_TO_FIRST_CHUNK_MS);
  private static final Set<EventField<?>> CHOICES =
      Set.of(
          EventField.OUTCOME,
          EventField.ERROR_TYPE,
          EventField.RETRIED_ERROR_TYPE,
          EventField.USAGE_SOURCE);

  private FieldText() {}

  /**
   * The value's text.
   *
   * @throws ArithmeticException when a duration is too long for its field
   */
  static String of(EventField<?> field, Object value) {
    if (value instanceof WireNamed constant) {
      return constant.wireName();
    }
    String text = String.valueOf(value.toString());
    if (field.jsonName().endsWith("_ms")) {
      Duration duration = value instanceof Duration typed ? typed : duration(text);
      return duration == null ? text : millis(field, duration);
    }
    if (field == EventField.TIMESTAMP) {
      Instant instant = value instanceof Instant typed ? typed : instant(text);
      return instant == null ? text : Long.toString(instant.toEpochMilli());
    }
    // The wire name of a constant is its Java name in lower case.
    return CHOICES.contains(field) ? text.toLowerCase(Locale.ROOT) : text;
  }

  private static String millis(EventField<?> field, Duration duration) {
    return FRACTIONAL.contains(field)
        ? Double.toString(duration.toNanos() / 1e6)
        : Long.toString(duration.toMillis());
  }

  private static @Nullable Duration duration(String text) {
    if (!text.startsWith("P") && !text.startsWith("-P")) {
      return null;
    }
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      return null; // no text of the field either: its own rule says so
    }
  }

  private static @Nullable Instant instant(String text) {
    if (!text.endsWith("Z")) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
