// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
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

  /** Reads a value from its text form, as CSV columns and log key-values have it. */
  abstract T parse(String text) throws Violation;

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

  /** Provider rate-limit headroom: two objects of three whole numbers. */
  static final class RateLimits extends FieldType<RateLimit> {
    /** Azure sends -1 for a limit that does not apply. */
    private static final Whole NUMBER = new Whole(-1, Long.MAX_VALUE);

    @Override
    RateLimit checked(RateLimit value) {
      return value;
    }

    @Override
    RateLimit read(JsonParser parser) throws IOException, Violation {
      RateLimit.@Nullable Headroom requests = null;
      RateLimit.@Nullable Headroom tokens = null;
      requireObject(parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        boolean isNull = parser.nextToken() == JsonToken.VALUE_NULL;
        if (!isNull && name.equals("requests")) {
          requests = readHeadroom(parser);
        } else if (!isNull && name.equals("tokens")) {
          tokens = readHeadroom(parser);
        } else {
          parser.skipChildren();
        }
      }
      return new RateLimit(requests, tokens);
    }

    private static RateLimit.Headroom readHeadroom(JsonParser parser)
        throws IOException, Violation {
      Long limit = null;
      Long remaining = null;
      Long resetMs = null;
      requireObject(parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        boolean isNull = parser.nextToken() == JsonToken.VALUE_NULL;
        if (!isNull && name.equals("limit")) {
          limit = NUMBER.read(parser);
        } else if (!isNull && name.equals("remaining")) {
          remaining = NUMBER.read(parser);
        } else if (!isNull && name.equals("reset_ms")) {
          resetMs = NUMBER.read(parser);
        } else {
          parser.skipChildren();
        }
      }
      return new RateLimit.Headroom(limit, remaining, resetMs);
    }

    @Override
    RateLimit parse(String text) throws Violation {
      throw wrongType("an object, which has no text form");
    }

    @Override
    void write(JsonGenerator generator, RateLimit value) throws IOException {
      generator.writeStartObject();
      writeHeadroom(generator, "requests", value.requests());
      writeHeadroom(generator, "tokens", value.tokens());
      generator.writeEndObject();
    }

    private static void writeHeadroom(
        JsonGenerator generator, String name, RateLimit.@Nullable Headroom headroom)
        throws IOException {
      if (headroom == null) {
        return;
      }
      generator.writeObjectFieldStart(name);
      writeNumber(generator, "limit", headroom.limit());
      writeNumber(generator, "remaining", headroom.remaining());
      writeNumber(generator, "reset_ms", headroom.resetMs());
      generator.writeEndObject();
    }

    private static void writeNumber(JsonGenerator generator, String name, @Nullable Long value)
        throws IOException {
      if (value != null) {
        generator.writeNumberField(name, value);
      }
    }

    @Override
    void writeSchema(JsonGenerator generator) throws IOException {
      generator.writeStringField("type", "object");
      generator.writeObjectFieldStart("properties");
      for (String resource : new String[] {"requests", "tokens"}) {
        generator.writeObjectFieldStart(resource);
        generator.writeStringField("type", "object");
        generator.writeObjectFieldStart("properties");
        for (String number : new String[] {"limit", "remaining", "reset_ms"}) {
          generator.writeObjectFieldStart(number);
          NUMBER.writeSchema(generator);
          generator.writeEndObject();
        }
        generator.writeEndObject();
        generator.writeEndObject();
      }
      generator.writeEndObject();
    }
  }

  /** Counts by outcome. */
  static final class CountsByOutcome extends FieldType<Map<Outcome, Long>> {
    private static final Choice<Outcome> OUTCOME = new Choice<>(Outcome.class);
    private static final Whole COUNT = new Whole(0, Long.MAX_VALUE);

    @Override
    Map<Outcome, Long> checked(Map<Outcome, Long> value) throws Violation {
      EnumMap<Outcome, Long> copy = new EnumMap<>(Outcome.class);
      for (Map.Entry<Outcome, Long> entry : value.entrySet()) {
        copy.put(entry.getKey(), COUNT.checked(entry.getValue()));
      }
      return Collections.unmodifiableMap(copy);
    }

    @Override
    Map<Outcome, Long> read(JsonParser parser) throws IOException, Violation {
      EnumMap<Outcome, Long> counts = new EnumMap<>(Outcome.class);
      requireObject(parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        Outcome outcome = OUTCOME.parse(parser.currentName());
        parser.nextToken();
        counts.put(outcome, COUNT.read(parser));
      }
      return Collections.unmodifiableMap(counts);
    }

    @Override
    Map<Outcome, Long> parse(String text) throws Violation {
      throw wrongType("an object, which has no text form");
    }

    @Override
    void write(JsonGenerator generator, Map<Outcome, Long> value) throws IOException {
      generator.writeStartObject();
      for (Map.Entry<Outcome, Long> entry : value.entrySet()) {
        generator.writeNumberField(entry.getKey().wireName(), entry.getValue());
      }
      generator.writeEndObject();
    }

    @Override
    void writeSchema(JsonGenerator generator) throws IOException {
      generator.writeStringField("type", "object");
      generator.writeObjectFieldStart("propertyNames");
      OUTCOME.writeSchema(generator);
      generator.writeEndObject();
      generator.writeObjectFieldStart("additionalProperties");
      COUNT.writeSchema(generator);
      generator.writeEndObject();
    }
  }

  /** A few short texts by name. */
  static final class TextMap extends FieldType<Map<String, String>> {
    private static final int MAX_ENTRIES = 32;
    private static final Text TEXT = new Text(256, false);

    @Override
    Map<String, String> checked(Map<String, String> value) throws Violation {
      Map<String, String> copy = new LinkedHashMap<>();
      for (Map.Entry<String, String> entry : value.entrySet()) {
        copy.put(TEXT.checked(entry.getKey()), TEXT.checked(entry.getValue()));
      }
      if (copy.size() > MAX_ENTRIES) {
        throw impossible("must have at most " + MAX_ENTRIES + " entries");
      }
      return Collections.unmodifiableMap(copy);
    }

    @Override
    Map<String, String> read(JsonParser parser) throws IOException, Violation {
      Map<String, String> texts = new LinkedHashMap<>();
      requireObject(parser);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        texts.put(name, TEXT.read(parser));
      }
      return checked(texts);
    }

    @Override
    Map<String, String> parse(String text) throws Violation {
      throw wrongType("an object, which has no text form");
    }

    @Override
    void write(JsonGenerator generator, Map<String, String> value) throws IOException {
      generator.writeStartObject();
      for (Map.Entry<String, String> entry : value.entrySet()) {
        generator.writeStringField(entry.getKey(), entry.getValue());
      }
      generator.writeEndObject();
    }

    @Override
    void writeSchema(JsonGenerator generator) throws IOException {
      generator.writeStringField("type", "object");
      generator.writeNumberField("maxProperties", MAX_ENTRIES);
      generator.writeObjectFieldStart("propertyNames");
      TEXT.writeSchema(generator);
      generator.writeEndObject();
      generator.writeObjectFieldStart("additionalProperties");
      TEXT.writeSchema(generator);
      generator.writeEndObject();
    }
  }

  private static void requireObject(JsonParser parser) throws Violation {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw wrongType("an object");
    }
  }
}
