// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a span, log record or resource that are asked for, and no others: what is not
 * on the list, content above all, is not even copied. Immutable and thread-safe.
 */
final class Attributes {

  static final Attributes NONE = new Attributes(Map.of());

  /** Longer texts are errors that quote their request. */
  private static final int MAX_TEXT = 16 * 1024;

  private static final int MAX_ITEMS = 16;

  private final Map<String, Object> values;

  private Attributes(Map<String, Object> values) {
    this.values = values;
  }

  /** Those of a list that have one of these names. */
  static Attributes of(List<KeyValue> all, Set<String> names) {
    Map<String, Object> values = new HashMap<>();
    for (KeyValue attribute : all) {
      if (names.contains(attribute.getKey())) {
        Object value = value(attribute.getValue());
        if (value != null) {
          values.put(attribute.getKey(), value);
        }
      }
    }
    return values.isEmpty() ? NONE : new Attributes(values);
  }

  private static @Nullable Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> cut(value.getStringValue());
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case ARRAY_VALUE -> {
        List<String> items = new ArrayList<>();
        for (AnyValue item : value.getArrayValue().getValuesList()) {
          if (item.hasStringValue() && items.size() < MAX_ITEMS) {
            items.add(cut(item.getStringValue()));
          }
        }
        yield items;
      }
      default -> null;
    };
  }

  static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The value as text; null when there is none, or it is a list. */
  @Nullable String text(String name) {
    Object value = values.get(name);
    return value == null || value instanceof List ? null : value.toString();
  }

  /**
   * The texts of a value that may be a list, a list printed as JSON, or a single text.
   *
   * @return empty when there is none
   */
  List<String> texts(String name) {
    Object value = values.get(name);
    if (value instanceof List<?> items) {
      return items.stream().map(Object::toString).toList();
    }
    String text = value instanceof String single ? single.strip() : "";
    if (text.startsWith("[") && text.endsWith("]")) {
      List<String> items = new ArrayList<>();
      for (String item : text.substring(1, text.length() - 1).split(",", MAX_ITEMS)) {
        String bare = item.strip();
        boolean quoted =
            bare.length() >= 2
                && bare.charAt(0) == bare.charAt(bare.length() - 1)
                && (bare.charAt(0) == '"' || bare.charAt(0) == '\'');
        items.add(quoted ? bare.substring(1, bare.length() - 1) : bare);
      }
      return items;
    }
    return text.isEmpty() ? List.of() : List.of(text);
  }

  /** The value as a number, whether sent as one or as text; null when it is none. */
  @Nullable BigDecimal number(String name) {
    Object value = values.get(name);
    if (value instanceof Long whole) {
      return BigDecimal.valueOf(whole);
    }
    if (value instanceof Double real) {
      return Double.isFinite(real) ? BigDecimal.valueOf(real) : null;
    }
    // Longer texts are no counts, and big exponents take long to expand.
    if (value instanceof String text && !text.isBlank() && text.length() <= 32) {
      try {
        BigDecimal number = new BigDecimal(text.strip());
        return Math.abs((long) number.scale()) <= 32 ? number : null;
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return null;
  }

  /** The value as yes or no, whether sent as such or as text; null when it is neither. */
  @Nullable Boolean flag(String name) {
    String text = text(name);
    return switch (text == null ? "" : text.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> null;
    };
  }

  /** How many there are: the values may be anything. */
  @Override
  public String toString() {
    return "Attributes{" + values.size() + "}";
  }
}
