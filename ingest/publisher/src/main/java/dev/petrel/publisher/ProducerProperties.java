// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;

/** Which properties of Kafka's producer an application may set. */
final class ProducerProperties {
  private static final Set<String> FIXED =
      Set.of(
          ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
          ProducerConfig.CLIENT_ID_CONFIG,
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG);

  private ProducerProperties() {}

  /**
   * Refuses what the publisher sets itself, and what Kafka refuses.
   *
   * @throws IllegalArgumentException with the property and the rule
   */
  static void check(String name, String value) {
    if (FIXED.contains(name)) {
      throw new IllegalArgumentException(
          "producerProperty must not be one that the publisher sets itself, was '" + name + "'");
    }
    if (!ProducerConfig.configNames().contains(name)) {
      return; // a plugin's
    }
    Map<String, String> config = new LinkedHashMap<>();
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "localhost:9092");
    config.put(
        ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
        "org.apache.kafka.common.serialization.ByteArraySerializer");
    config.put(
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
        "org.apache.kafka.common.serialization.ByteArraySerializer");
    config.put(name, value);
    try {
      var unused = ProducerConfig.configDef().parse(config);
    } catch (ConfigException e) {
      throw new IllegalArgumentException("producerProperty " + name + ": " + e.getMessage(), e);
    }
  }
}
