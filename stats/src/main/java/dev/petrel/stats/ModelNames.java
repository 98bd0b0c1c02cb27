// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import org.jspecify.annotations.Nullable;

/** The model name that calls are counted under. */
public final class ModelNames {
  /*
   * Names come from requests, and requests are wrong in many ways: prompts, paths and templates
   * arrive as model names. Each would be an aggregate of its own for ever, so names that no provider
   * could have are one.
   */

  /** The name of all that cannot be a model's. */
  public static final String INVALID = "__invalid__";

  private static final int MAX_LENGTH = 128;

  private static final String FINE_TUNED = "ft:";
  private static final String RESOURCE_NAME = "arn:";
  private static final String GEMINI_PATH = "models/";

  private ModelNames() {}

  /**
   * The response model when known, else the request model, as {@link #normalised}; null if neither.
   */
  public static @Nullable String modelOf(LlmCallEvent event) {
    String model = event.get(EventField.RESPONSE_MODEL);
    if (model == null) {
      model = event.get(EventField.REQUEST_MODEL);
    }
    return model == null ? null : normalised(model);
  }

  /**
   * The name that all spellings of a model have in common: without date suffix, without the path or
   * resource name around it, a fine-tuned model under its base model ({@code ft:gpt-4o}). What
   * holds other characters than letters, digits and {@code . _ - : / @ +}, or more than 128, is
   * {@value #INVALID}.
   */
  public static String normalised(String model) {
    String name = model.strip();
    if (name.isEmpty() || (name.length() > MAX_LENGTH && !name.startsWith(RESOURCE_NAME))) {
      return INVALID;
    }
    for (int i = 0; i < name.length(); i++) {
      if (!isAllowed(name.charAt(i))) {
        return INVALID;
      }
    }
    if (name.startsWith(FINE_TUNED)) {
      int end = name.indexOf(':', FINE_TUNED.length());
      String base = name.substring(FINE_TUNED.length(), end < 0 ? name.length() : end);
      return FINE_TUNED + withoutDate(base);
    }
    if (name.startsWith(GEMINI_PATH)) {
      name = name.substring(GEMINI_PATH.length());
    } else if (name.startsWith(RESOURCE_NAME)) {
      name = name.substring(name.lastIndexOf('/') + 1);
    }
    return name.isEmpty() || name.length() > MAX_LENGTH ? INVALID : withoutDate(name);
  }

  private static boolean isAllowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '-' && c <= ':') // - . / and the digits
        || c == '_'
        || c == '@'
        || c == '+';
  }

  /**
   * {@code model} without a date at its end: {@code -2024-08-06}, {@code -20241022} or
   * {@code @20241022}, so that a pinned snapshot and its alias are one model. Anything else stays.
   */
  static String withoutDate(String model) {
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
