// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes events at random that follow the published schema, without any help of the codec. */
final class RandomEventJson {
  static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String[] SCRAPS = {
    "a", "Z", "0", " ", "-", "\"", "\\", "\n", "\u0000", "é", "漢", "🐦", "\u2028", "</script>"
  };

  private final Random random;
  private final ObjectNode properties;
  private final ArrayNode required;

  RandomEventJson(Random random) {
    this.random = random;
    JsonNode schema = MAPPER.readTree(EventSchema.json());
    properties = (ObjectNode) schema.get("properties");
    required = (ArrayNode) schema.get("required");
  }

  /** An event with the required fields and each other one with this probability. */
  ObjectNode next(double probability) {
    ObjectNode event = NODES.objectNode();
    properties
        .properties()
        .forEach(
            property -> {
              boolean needed =
                  required.valueStream().anyMatch(n -> n.asString().equals(property.getKey()));
              if (needed || random.nextDouble() < probability) {
                event.set(property.getKey(), value(property.getValue()));
              }
            });
    // What the schema cannot say: not in the future.
    event.put("timestamp", random.nextLong(946_684_800_000L, Samples.NOW.toEpochMilli()));
    String outcome = event.get("outcome").asString();
    if (outcome.equals("success") || outcome.equals("truncated")) {
      event.remove("error_type");
    }
    return event;
  }

  private JsonNode value(JsonNode schema) {
    if (schema.has("enum")) {
      return schema.get("enum").get(random.nextInt(schema.get("enum").size()));
    }
    return switch (schema.get("type").asString()) {
      case "string" -> NODES.stringNode(text(schema.get("maxLength").asInt()));
      case "integer" ->
          NODES.numberNode(whole(schema.get("minimum").asLong(), schema.get("maximum").asLong()));
      case "number" -> NODES.numberNode(random.nextInt(4) == 0 ? 0.0 : random.nextDouble() * 1e6);
      case "boolean" -> NODES.booleanNode(random.nextBoolean());
      case "object" -> object(schema);
      default -> throw new AssertionError(schema);
    };
  }

  private ObjectNode object(JsonNode schema) {
    ObjectNode object = NODES.objectNode();
    if (schema.has("properties")) {
      schema
          .get("properties")
          .properties()
          .forEach(
              property -> {
                if (random.nextBoolean()) {
                  object.set(property.getKey(), value(property.getValue()));
                }
              });
    } else {
      for (int i = random.nextInt(6); i > 0; i--) {
        String name = value(schema.get("propertyNames")).asString();
        object.set(name, value(schema.get("additionalProperties")));
      }
    }
    return object;
  }

  private long whole(long min, long max) {
    return switch (random.nextInt(4)) {
      case 0 -> min;
      case 1 -> max;
      default -> min == max ? min : random.nextLong(min, max);
    };
  }

  private String text(int maxLength) {
    StringBuilder text = new StringBuilder("x");
    int length = random.nextInt(8) == 0 ? maxLength : random.nextInt(24);
    while (text.length() < length) {
      String scrap = SCRAPS[random.nextInt(SCRAPS.length)];
      text.append(text.length() + scrap.length() > maxLength ? "y" : scrap);
    }
    return text.toString();
  }
}
