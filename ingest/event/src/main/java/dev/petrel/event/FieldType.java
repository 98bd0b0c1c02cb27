// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The type of an event field: how its values are checked, read, written and described.
 *
 * <p>Stateless and thread-safe.
 *
 * @param <T> the Java type of a value
 */
abstract class FieldType<T> {

  /** A value that is not of this type, or breaks its rule. The message is the rule. */
  static final class Violation extends Exception {
    private static final long serialVersionUID = 1L;
    private final InvalidEventException.Reason reason;

    Violation(InvalidEventException.Reason reason, String rule) {
      super(rule, null, false, false);
      this.reason = reason;
    }

    InvalidEventException.Reason reason() {
      return reason;
    }

    String rule() {
      return String.valueOf(getMessage());
    }
  }

  /** Checks {@code value} and returns it, normalised. */
  abstract T checked(T value) throws Violation;

  /** Reads the value that the parser stands on and leaves the parser on its last token. */
  abstract T read(JsonParser parser) throws IOException, Violation;

  /** Checks the value that the parser stands on like {@link #read}, without keeping it. */
  void check(JsonParser parser) throws IOException, Violation {
    read(parser);
  }

  /** Reads a value from its text form, as CSV columns and log key-values have it. */
  abstract T parse(String text) throws Violation;

  /**
   * The value that an object of another static type is, without a detour by text; null when that
   * would say nothing certain.
   */
  @Nullable T converted(Object value) throws Violation {
    return null;
  }

  abstract void write(JsonGenerator generator, T value) throws IOException;

  /** Writes the members of this type's JSON Schema. */
  abstract void writeSchema(JsonGenerator generator) throws IOException;

  static Violation wrongType(String expected) {
    return new Violation(InvalidEventException.Reason.WRONG_TYPE, "must be " + expected);
  }

  static Violation impossible(String rule) {
    return new Violation(InvalidEventException.Reason.IMPOSSIBLE_VALUE, rule);
  }

  /** Text of at most {@code maxLength} UTF-16 units; longer text is refused, or cut. */
  static final class Text extends FieldType<String> {
    private final int maxLength;
    private final boolean cut;

    Text(int maxLength, boolean cut) {
      this.maxLength = maxLength;
      this.cut = cut;
    }

    @Override
    String checked(String value) throws Violation {
      if (value.isEmpty()) {
        throw impossible("must not be empty; leave the field out when it is unknown");
      }
      if (value.length() <= maxLength) {
        return value;
      }
      if (!cut) {
        throw impossible("must have at most " + maxLength + " characters");
      }
      int end = Character.isHighSurrogate(value.charAt(maxLength - 1)) ? maxLength - 1 : maxLength;
      return value.substring(0, end);
    }

    @Override
    String read(JsonParser parser) throws IOException, Violation {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw wrongType("a string");
      }
      return checked(parser.getText());
    }

    @Override
    void check(JsonParser parser) throws IOException, Violation {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw wrongType("a string");
      }
      int length = parser.getTextLength();
      if (length == 0 || (length > maxLength && !cut)) {
        checked(parser.getText());
      }
    }

    @Override
    String parse(String text) throws Violation {
      return checked(text);
    }

    @Override
    void write(JsonGenerator generator, String value) throws IOException {
      generator.writeString(value);
    }

    @Override
    void writeSchema(JsonGenerator generator) throws IOException {
      generator.writeStringField("type", "string");
      generator.writeNumberField("minLength", 1);
      generator.writeNumberField("maxLength", maxLength);
    }
  }

  /** A whole number between two bounds, both inclusive. */
  static final class Whole extends FieldType<Long> {
    private final long min;
    private final long max;

    Whole(long min, long max) {
      this.min = min;
      this.max = max;
    }

    @Override
    Long checked(Long value) throws Violation {
      if (value < min) {
        throw impossible(
            min == 0 ? "must not be negative, was " + value : "must be at least " + min);
      }
      if (value > max) {
        throw impossible("must be at most " + max + ", was " + value);
      }
      return value;
    }

    @Override
    Long read(JsonParser parser) throws IOException, Violation {
      if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
          && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
        return checked(parser.getLongValue());
      }
      // JSON has one kind of number: 12.0 is a whole one.
      if (parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
        double value = parser.getDoubleValue();
        if (value == Math.rint(value) && Math.abs(value) <= MAX_EXACT_DOUBLE) {
          return checked((long) value);
        }
      }
      throw wrongType("a whole number");
    }

    @Override
    Long parse(String text) throws Violation {
      try {
        return checked(new BigDecimal(text.strip()).longValueExact());
      } catch (ArithmeticException | NumberFormatException e) {
        throw wrongType("a whole number");
      }
    }

    @Override
    @Nullable Long converted(Object value) throws Violation {
      return isWhole(value) ? checked(((Number) value).longValue()) : null;
    }

    @Override
    void write(JsonGenerator generator, Long value) throws IOException {
      generator.writeNumber(value);
    }

    @Override
    void writeSchema(JsonGenerator generator) throws IOException {
      generator.writeStringField("type", "integer");
      generator.writeNumberField("minimum", min);
      generator.writeNumberField("maximum", max);
    }
  }

  private static boolean isWhole(Object value) {
    return value instanceof Integer
        || value instanceof Long
        || value instanceof Short
        || value instanceof Byte;
  }

  /** Above 2^53 a double no longer holds every whole number. */
  private static final double MAX_EXACT_DOUBLE = 9_007_199_254_740_992.0;

  /** A finite number that is not negative. */
  static final class Amount extends FieldType<Double> {

    @Override
    Double checked(Double value) throws Violation {
      if (!Double.isFinite(value)) {
        throw impossible("must be finite");
      }
      if (value < 0) {
        throw impossible("must not be negative, was " + value);
      }
      return value;
    }

    @Override
    Double read(JsonParser parser) throws IOException, Violation {
      if (!parser.currentToken().isNumeric()) {
        throw wrongType("a number");
      }
      return checked(parser.getDoubleValue());
    }

    @Override
    Double parse(String text) throws Violation {
      try {
        return checked(Double.valueOf(text.strip()));
      } catch (NumberFormatException e) {
        throw wrongType("a number");
      }
    }

    @Override
    @Nullable Double converted(Object value) throws Violation {
      // A float's text is what was meant: 1.1, not 1.100000023841858.
      return value instanceof Double || isWhole(value)
          ? checked(((Number) value).doubleValue())
          : null;
    }

    @Override
    void write(JsonGenerator generator, Double value) throws IOException {
      generator.writeNumber(value);
    }

    @Override
    void writeSchema(JsonGenerator generator) throws IOException {
      generator.writeStringField("type", "number");
      generator.writeNumberField("minimum", 0);
    }
  }

  /** True or false. */
  static final class Flag extends FieldType<Boolean> {

    @Override
    Boolean checked(Boolean value) {
      return value;
    }

    @Override
    Boolean read(JsonParser parser) throws IOException, Violation {
      if (!parser.currentToken().isBoolean()) {
        throw wrongType("true or false");
      }
      return parser.getBooleanValue();
    }

    @Override
    Boolean parse(String text) throws Violation {
      String stripped = text.strip();
      if (stripped.equalsIgnoreCase("true") || stripped.equals("1")) {
        return true;
      }
      if (stripped.equalsIgnoreCase("false") || stripped.equals("0")) {
        return false;
      }
      throw wrongType("true or false");
    }

    @Override
    @Nullable Boolean converted(Object value) {
      return value instanceof Boolean flag ? flag : null;
    }

    @Override
    void write(JsonGenerator generator, Boolean value) throws IOException {
      generator.writeBoolean(value);
    }

    @Override
    void writeSchema(JsonGenerator generator) throws IOException {
      generator.writeStringField("type", "boolean");
    }
  }

  /** One of the constants of an enum, by wire name. */
  static final class Choice<E extends Enum<E> & WireNamed> extends FieldType<E> {
    private final Map<String, E> byWireName = new LinkedHashMap<>();

    Choice(Class<E> type) {
      for (E constant : type.getEnumConstants()) {
        byWireName.put(constant.wireName(), constant);
      }
    }

    @Override
    E checked(E value) {
      return value;
    }

    @Override
    E read(JsonParser parser) throws IOException, Violation {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw wrongType("one of " + byWireName.keySet());
      }
      return parse(parser.getText());
    }

    @Override
    E parse(String text) throws Violation {
      E constant = byWireName.get(text);
      if (constant == null) {
        throw impossible("must be one of " + byWireName.keySet());
      }
      return constant;
    }

    @Override
    void write(JsonGenerator generator, E value) throws IOException {
      generator.writeString(value.wireName());
    }

    @Override
    void writeSchema(JsonGenerator generator) throws IOException {
      generator.writeStringField("type", "string");
      generator.writeArrayFieldStart("enum");
      for (String name : byWireName.keySet()) {
        generator.writeString(name);
      }
      generator.writeEndArray();
    }
  }
}
