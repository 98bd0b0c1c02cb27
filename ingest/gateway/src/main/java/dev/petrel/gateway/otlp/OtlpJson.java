// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads OTLP's JSON into its protobuf messages.
 *
 * <p>It is protobuf's own JSON but for these: ids are hex, enums are numbers, names are lower camel
 * case only, and what is unknown is passed over. Numbers of 64 bits come as text or as numbers.
 * Stateless.
 */
final class OtlpJson {

  /** A value of attributes may nest, and takes three levels each time. */
  private static final int MAX_NESTING = 200;

  private static final Set<String> HEX_FIELDS = Set.of("trace_id", "span_id", "parent_span_id");

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private static final Map<Descriptor, Map<String, FieldDescriptor>> FIELDS =
      new ConcurrentHashMap<>();

  private OtlpJson() {}

  /**
   * Reads one JSON object into a message.
   *
   * @throws IOException when it is none, or holds a value of the wrong kind; quotes nothing of it
   */
  static void read(byte[] json, Message.Builder into) throws IOException {
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("not a JSON object");
      }
      readMessage(parser, into);
      if (parser.nextToken() != null) {
        throw new IOException("text after the JSON object");
      }
    }
  }

  private static void readMessage(JsonParser parser, Message.Builder into) throws IOException {
    Map<String, FieldDescriptor> fields = fields(into.getDescriptorForType());
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      FieldDescriptor field = fields.get(parser.currentName());
      JsonToken token = parser.nextToken();
      if (field == null || token == JsonToken.VALUE_NULL) {
        parser.skipChildren();
      } else if (field.isRepeated()) {
        readArray(parser, field, into);
      } else {
        Object value = readValue(parser, field, into);
        if (value != null) {
          into.setField(field, value);
        }
      }
    }
  }

  private static Map<String, FieldDescriptor> fields(Descriptor type) {
    return FIELDS.computeIfAbsent(
        type,
        key -> {
          Map<String, FieldDescriptor> fields = new HashMap<>();
          key.getFields().forEach(field -> fields.put(field.getJsonName(), field));
          return fields;
        });
  }

  private static void readArray(JsonParser parser, FieldDescriptor field, Message.Builder into)
      throws IOException {
    require(parser.currentToken() == JsonToken.START_ARRAY);
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Object value = readValue(parser, field, into);
      if (value != null) {
        into.addRepeatedField(field, value);
      }
    }
  }

  /** The value that the parser stands on; null for an enum's number that is not known. */
  private static @Nullable Object readValue(
      JsonParser parser, FieldDescriptor field, Message.Builder into) throws IOException {
    return switch (field.getJavaType()) {
      case MESSAGE -> {
        require(parser.currentToken() == JsonToken.START_OBJECT);
        Message.Builder value = into.newBuilderForField(field);
        readMessage(parser, value);
        yield value.build();
      }
      case STRING -> {
        require(parser.currentToken() == JsonToken.VALUE_STRING);
        yield parser.getText();
      }
      case BYTE_STRING -> bytes(parser, field);
      case BOOLEAN -> {
        require(parser.currentToken().isBoolean());
        yield parser.getBooleanValue();
      }
      case INT -> (int) whole(parser, field);
      case LONG -> whole(parser, field);
      case FLOAT, DOUBLE -> real(parser);
      case ENUM -> enumValue(parser, field);
    };
  }

  private static ByteString bytes(JsonParser parser, FieldDescriptor field) throws IOException {
    require(parser.currentToken() == JsonToken.VALUE_STRING);
    try {
      return ByteString.copyFrom(
          HEX_FIELDS.contains(field.getName())
              ? HexFormat.of().parseHex(parser.getText())
              : Base64.getDecoder().decode(parser.getText()));
    } catch (IllegalArgumentException e) {
      throw new IOException("bytes that are neither hex nor base64", e);
    }
  }

  private static long whole(JsonParser parser, FieldDescriptor field) throws IOException {
    try {
      if (parser.currentToken() == JsonToken.VALUE_STRING) {
        return isUnsigned(field)
            ? Long.parseUnsignedLong(parser.getText())
            : Long.parseLong(parser.getText());
      }
      if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
        return isUnsigned(field) ? Long.parseUnsignedLong(parser.getText()) : parser.getLongValue();
      }
      // JavaScript writes large numbers as 1.7955216e+18.
      require(parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT);
      double value = parser.getDoubleValue();
      require(value == Math.rint(value) && Math.abs(value) < 9.2e18);
      return (long) value;
    } catch (NumberFormatException e) {
      throw new IOException("text that is no whole number", e);
    }
  }

  private static boolean isUnsigned(FieldDescriptor field) {
    return switch (field.getType()) {
      case UINT64, FIXED64, UINT32, FIXED32 -> true;
      default -> false;
    };
  }

  private static double real(JsonParser parser) throws IOException {
    try {
      return parser.currentToken() == JsonToken.VALUE_STRING
          ? Double.parseDouble(parser.getText())
          : parser.getDoubleValue();
    } catch (NumberFormatException e) {
      throw new IOException("text that is no number", e);
    }
  }

  private static @Nullable EnumValueDescriptor enumValue(JsonParser parser, FieldDescriptor field)
      throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      // Not allowed, but what protobuf's own printer writes.
      return field.getEnumType().findValueByName(parser.getText());
    }
    require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT);
    return field.getEnumType().findValueByNumber(parser.getIntValue());
  }

  private static void require(boolean condition) throws IOException {
    if (!condition) {
      throw new IOException("a value of the wrong kind");
    }
  }
}
