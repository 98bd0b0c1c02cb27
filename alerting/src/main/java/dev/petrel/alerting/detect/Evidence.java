// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The facts and numbers of an alert while they are collected; what is not known is left out. */
public final class Evidence {

  /** How many names an alert lists. */
  public static final int MAX_NAMES = 10;

  private final Map<String, String> facts = new LinkedHashMap<>();
  private final Map<String, Object> numbers = new LinkedHashMap<>();

  /** Adds what messages show. */
  public Evidence fact(String name, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      facts.put(name, text);
    }
    return this;
  }

  /** Adds a share, a factor or another measured number; NaN is not known. */
  public Evidence number(String name, double value) {
    Double rounded = Words.rounded(value);
    if (rounded != null) {
      numbers.put(name, rounded);
    }
    return this;
  }

  /** Adds a count or a time. */
  public Evidence number(String name, long value) {
    numbers.put(name, value);
    return this;
  }

  /** Adds a text that is no fact for messages. */
  public Evidence text(String name, @Nullable String text) {
    if (text != null) {
      numbers.put(name, text);
    }
    return this;
  }

  /** Adds names, the first of them, with their number as {@code NAME_count}. */
  public Evidence names(String name, List<String> names) {
    if (!names.isEmpty()) {
      numbers.put(name, List.copyOf(names.subList(0, Math.min(MAX_NAMES, names.size()))));
      numbers.put(name + "_count", names.size());
    }
    return this;
  }

  /** What to tell. */
  public Finding.Story story(String summary) {
    return new Finding.Story(summary, facts, numbers);
  }
}
