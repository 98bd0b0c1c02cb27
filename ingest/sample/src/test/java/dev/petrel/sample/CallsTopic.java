// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import dev.petrel.event.InvalidEventException;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.test.servers.TestKafka;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A topic of events on a real broker, of one partition. */
record CallsTopic(TestKafka kafka, String name) {

  void create() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.empty()))).all().get();
    }
  }

  /** All events so far. */
  List<LlmCallEvent> read() throws InvalidEventException {
    LlmCallEventCodec codec = new LlmCallEventCodec(InstantSource.system());
    TopicPartition partition = new TopicPartition(name, 0);
    List<LlmCallEvent> events = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> arrived : consumer.poll(Duration.ofMillis(200))) {
          events.add(codec.decode(arrived.value()));
        }
      }
    }
    return events;
  }
}
