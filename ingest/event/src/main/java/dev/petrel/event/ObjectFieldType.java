// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A field type whose values are JSON objects; it has no text form.
 *
 * <p>Stateless and thread-safe.
 */
abstract class ObjectFieldType<T> extends FieldType<T> {

  @Override
  final T parse(String text) throws Violation {
    throw wrongType("an object, which has no text form");
  }

  /** Provider rate-limit headroom: two objects of three whole numbers. */
  static final class RateLimits extends ObjectFieldType<RateLimit> {
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
  static final class CountsByOutcome extends ObjectFieldType<Map<Outcome, Long>> {
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
  static final class TextMap extends ObjectFieldType<Map<String, String>> {
    private static final int MAX_ENTRIES = 32;
    private static final Text TEXT = new Text(EventField.TEXT_LENGTH, false);

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
