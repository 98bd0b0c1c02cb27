// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** JSON as a tree, in and out: what most examples of Kafka Streams use. Thread-safe. */
final class JsonTreeSerde implements Serde<JsonNode> {

  private static final ObjectMapper JSON = JsonMapper.builder().build();

  @Override
  public Serializer<JsonNode> serializer() {
    return (topic, tree) -> write(tree);
  }

  @Override
  public Deserializer<JsonNode> deserializer() {
    return (topic, json) -> read(json);
  }

  private static byte @Nullable [] write(@Nullable JsonNode tree) {
    try {
      return tree == null ? null : JSON.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new SerializationException("tree that cannot be written", e);
    }
  }

  static @Nullable JsonNode read(byte @Nullable [] json) {
    try {
      return json == null ? null : JSON.readTree(json);
    } catch (IOException e) {
      throw new SerializationException("not JSON", e);
    }
  }
}
