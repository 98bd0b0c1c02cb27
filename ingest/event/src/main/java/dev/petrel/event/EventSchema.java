// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** The published JSON Schema of the event, made from the field table. */
public final class EventSchema {

  private EventSchema() {}

  /** The schema as indented JSON, ending with a line feed. */
  public static String json() {
    StringWriter out = new StringWriter();
    try (JsonGenerator generator = new JsonFactory().createGenerator(out)) {
      generator.useDefaultPrettyPrinter();
      generator.writeStartObject();
      generator.writeStringField("$schema", "https://json-schema.org/draft/2020-12/schema");
      generator.writeStringField("$id", "urn:petrel:llm-call-event:1");
      generator.writeStringField("title", "Petrel call event: one attempt of one LLM API call");
      generator.writeStringField("type", "object");
      generator.writeArrayFieldStart("required");
      for (EventField<?> field : EventField.all()) {
        if (field.isRequired()) {
          generator.writeString(field.jsonName());
        }
      }
      generator.writeEndArray();
      generator.writeObjectFieldStart("properties");
      for (EventField<?> field : EventField.all()) {
        field.writeSchema(generator);
      }
      generator.writeEndObject();
      writeErrorTypeRule(generator);
      // Readers ignore what they do not know, so that producers may be newer than they are.
      generator.writeBooleanField("additionalProperties", true);
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a string takes every character
    }
    return out.append('\n').toString();
  }

  private static void writeErrorTypeRule(JsonGenerator generator) throws IOException {
    generator.writeObjectFieldStart("dependentSchemas");
    generator.writeObjectFieldStart(EventField.ERROR_TYPE.jsonName());
    generator.writeObjectFieldStart("properties");
    generator.writeObjectFieldStart(EventField.OUTCOME.jsonName());
    generator.writeArrayFieldStart("enum");
    for (Outcome outcome : Outcome.values()) {
      if (outcome.mayHaveErrorType()) {
        generator.writeString(outcome.wireName());
      }
    }
    generator.writeEndArray();
    generator.writeEndObject();
    generator.writeEndObject();
    generator.writeEndObject();
    generator.writeEndObject();
  }
}
