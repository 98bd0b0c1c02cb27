// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import org.jspecify.annotations.Nullable;

/** The model name that calls are counted under. */
public final class ModelNames {

  private ModelNames() {}

  /**
   * The response model when known, else the request model, without date suffix; null if neither.
   */
  public static @Nullable String modelOf(LlmCallEvent event) {
    String model = event.get(EventField.RESPONSE_MODEL);
    if (model == null) {
      model = event.get(EventField.REQUEST_MODEL);
    }
    return model == null ? null : withoutDate(model);
  }

  /**
   * {@code model} without a date at its end: {@code -2024-08-06}, {@code -20241022} or
   * {@code @20241022}, so that a pinned snapshot and its alias are one model. Anything else stays.
   */
  public static String withoutDate(String model) {
    int length = model.length();
    // Most names end in no digit: decide on the last character first.
    if (length == 0 || !isDigit(model.charAt(length - 1))) {
      return model;
    }
    if (endsWith(model, "_####-##-##")) {
      return model.substring(0, length - 11);
    }
    if (endsWith(model, "_########")) {
      return model.substring(0, length - 9);
    }
    return model;
  }

  /**
   * Matches the end: '#' is a digit, '_' a hyphen or an at sign that is not the first character.
   */
  private static boolean endsWith(String model, String pattern) {
    int offset = model.length() - pattern.length();
    if (offset <= 0) {
      return false;
    }
    for (int i = 0; i < pattern.length(); i++) {
      char expected = pattern.charAt(i);
      char actual = model.charAt(offset + i);
      boolean matches =
          switch (expected) {
            case '#' -> isDigit(actual);
            case '_' -> actual == '-' || actual == '@';
            default -> actual == expected;
          };
      if (!matches) {
        return false;
      }
    }
    int year = Integer.parseInt(model, offset + 1, offset + 5, 10);
    return year >= 2000 && year < 2100;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
