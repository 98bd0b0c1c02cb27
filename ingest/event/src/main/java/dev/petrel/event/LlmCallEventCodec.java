// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.petrel.event.InvalidEventException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The event's JSON form: one UTF-8 object a record, read and written as a stream, without a tree.
 *
 * <p>Reading ignores unknown fields and takes null for absent. It is strict on meaning: wrong
 * types, missing required fields, repeated fields and impossible values are refused with the field
 * and the rule. Thread-safe.
 */
public final class LlmCallEventCodec {

  /** How far an event may lie ahead of the clock before its timestamp counts as wrong. */
  public static final Duration MAX_AHEAD = Duration.ofHours(1);

  /** Known objects are three deep; the rest is room for unknown fields. */
  private static final int MAX_NESTING = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
          // What could not be read must not reach a log or a header through an exception's text.
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private final InstantSource clock;
  private final long kept;

  /** A codec that takes "now" from {@code clock}. */
  public LlmCallEventCodec(InstantSource clock) {
    this.clock = clock;
    this.kept = -1;
  }

  /**
   * A codec for readers that look at some fields only: others are checked all the same, and then
   * left out of the event, which saves a third of the time.
   *
   * @param fields what to keep; required fields always are
   */
  public LlmCallEventCodec(InstantSource clock, Set<EventField<?>> fields) {
    this.clock = clock;
    // The rule on error types spans two fields, one of which is optional.
    long bits = 1L << EventField.ERROR_TYPE.index();
    for (EventField<?> field : EventField.all()) {
      bits |= field.isRequired() || fields.contains(field) ? 1L << field.index() : 0;
    }
    this.kept = bits;
  }

  /** The event's JSON, UTF-8. */
  public byte[] encode(LlmCallEvent event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      generator.writeStartObject();
      for (EventField<?> field : EventField.all()) {
        Object value = event.valueAt(field.index());
        if (value != null) {
          field.write(generator, value);
        }
      }
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array takes every byte
    }
    return out.toByteArray();
  }

  /**
   * Reads an event.
   *
   * @param json one JSON object in UTF-8; null, as a Kafka tombstone has it, is refused as empty
   * @throws InvalidEventException with field, reason and rule when {@code json} is no valid event
   */
  public LlmCallEvent decode(byte @Nullable [] json) throws InvalidEventException {
    if (json == null || json.length == 0) {
      throw new InvalidEventException(Reason.EMPTY, null, "record without a value");
    }
    try (JsonParser parser = FACTORY.createParser(json)) {
      LlmCallEvent event = read(parser);
      if (parser.nextToken() != null) {
        throw new InvalidEventException(Reason.MALFORMED, null, "text after the JSON object");
      }
      return event;
    } catch (StreamConstraintsException e) {
      throw new InvalidEventException(
          Reason.TOO_LARGE, null, "JSON with too deep nesting or too long a name, text or number");
    } catch (IOException e) {
      // Jackson tells these kinds of defect apart by text only.
      String message = String.valueOf(e.getMessage());
      if (message.contains("end-of-input")) {
        throw new InvalidEventException(Reason.TRUNCATED, null, "JSON ends too early" + at(e));
      }
      if (message.contains("UTF-8")) {
        throw new InvalidEventException(Reason.INVALID_UTF8, null, "not UTF-8" + at(e));
      }
      throw new InvalidEventException(Reason.MALFORMED, null, "not JSON" + at(e));
    }
  }

  private LlmCallEvent read(JsonParser parser) throws IOException, InvalidEventException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new InvalidEventException(Reason.MALFORMED, null, "not a JSON object");
    }
    LlmCallEvent.Builder builder = LlmCallEvent.newBuilder().set(EventField.V, null);
    long seen = 0;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      EventField<?> field = EventField.named(parser.currentName());
      JsonToken value = parser.nextToken();
      if (field == null) {
        parser.skipChildren();
        continue;
      }
      long bit = 1L << field.index();
      if ((seen & bit) != 0) {
        throw new InvalidEventException(
            Reason.DUPLICATE_FIELD, field.jsonName(), "must occur only once");
      }
      seen |= bit;
      if (value == JsonToken.VALUE_NULL) {
        continue;
      }
      try {
        if ((kept & bit) != 0) {
          builder.setRead(field, field.read(parser));
        } else {
          field.check(parser);
        }
      } catch (FieldType.Violation e) {
        Reason reason = field == EventField.V ? Reason.UNSUPPORTED_VERSION : e.reason();
        throw new InvalidEventException(reason, field.jsonName(), e.rule());
      }
    }
    LlmCallEvent event = builder.buildValid();
    if (event.timestamp() > clock.millis() + MAX_AHEAD.toMillis()) {
      throw new InvalidEventException(
          Reason.IMPOSSIBLE_VALUE,
          EventField.TIMESTAMP.jsonName(),
          "more than an hour in the future: " + event.timestamp());
    }
    return event;
  }

  private static String at(IOException e) {
    return e instanceof com.fasterxml.jackson.core.JacksonException json
            && json.getLocation() != null
        ? " (at byte " + json.getLocation().getByteOffset() + ")"
        : "";
  }
}
