// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.service.Setting;
import java.util.List;

/** Where the servers listen that {@code up} and {@code demo} start. */
final class EmbeddedSettings {

  static final Setting<Integer> KAFKA_PORT =
      Setting.number(
          "embedded.kafka_port",
          9092,
          0,
          65535,
          "Port of the embedded broker; 0 picks a free one.");

  static final Setting<Integer> OPENSEARCH_PORT =
      Setting.number(
          "embedded.opensearch_port",
          9200,
          0,
          65535,
          "Port of the embedded OpenSearch; 0 picks a free one.");

  static final List<Setting<?>> ALL = List.of(KAFKA_PORT, OPENSEARCH_PORT);

  private EmbeddedSettings() {}
}
