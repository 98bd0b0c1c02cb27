// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.service.Topic;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** What the processors of the topology send on. */
sealed interface Output permits PartialBatch, Output.Published {

  /**
   * A record for a topic.
   *
   * @param topic where it goes
   * @param value its value
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Published(Topic topic, byte[] value) implements Output {

    static Serde<Published> serde() {
      return Serdes.serdeFrom(
          (topic, output) -> output.value,
          (topic, bytes) -> {
            throw new UnsupportedOperationException("only written");
          });
    }
  }
}
