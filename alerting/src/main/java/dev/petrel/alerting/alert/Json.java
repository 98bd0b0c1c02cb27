// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.alert;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of alerting's records: snake_case, unknown fields ignored, what is null left out.
 * Thread-safe.
 */
public final class Json {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private Json() {}

  /** The mapper, for building trees; it must not be reconfigured. */
  public static ObjectMapper mapper() {
    return MAPPER;
  }

  /** The JSON of a record, UTF-8. */
  public static byte[] bytes(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          value.getClass().getSimpleName() + " cannot be written as JSON", e);
    }
  }

  /**
   * Reads a record.
   *
   * @throws IllegalArgumentException when the bytes are no JSON of this type
   */
  public static <T> T read(byte[] json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (IOException e) {
      throw new IllegalArgumentException("no JSON of " + type.getSimpleName(), e);
    }
  }

  /** A serde of records of this type; null, a tombstone, stays null. */
  public static <T> Serde<T> serde(Class<T> type) {
    return Serdes.serdeFrom(
        (topic, value) -> nullableBytes(value), (topic, bytes) -> nullableRead(bytes, type));
  }

  @SuppressWarnings("NullAway") // Kafka's serdes pass tombstones as null
  private static byte[] nullableBytes(@Nullable Object value) {
    return value == null ? null : bytes(value);
  }

  @SuppressWarnings("NullAway") // Kafka's serdes pass tombstones as null
  private static <T> T nullableRead(byte @Nullable [] bytes, Class<T> type) {
    return bytes == null ? null : read(bytes, type);
  }
}
