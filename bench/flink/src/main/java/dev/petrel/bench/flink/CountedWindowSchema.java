// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.flink;

import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Sends aggregates as they are, to any partition. */
final class CountedWindowSchema implements KafkaRecordSerializationSchema<byte[]> {

  private static final long serialVersionUID = 1;

  private final String topic;

  CountedWindowSchema(String topic) {
    this.topic = topic;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      byte[] json, KafkaSinkContext context, @Nullable Long timestamp) {
    return new ProducerRecord<>(topic, json);
  }
}
