// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.service.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The events of {@code llm-calls}, from the beginning on. */
final class CallsTopic implements AutoCloseable {

  private final LlmCallEventCodec codec = new LlmCallEventCodec(InstantSource.system());
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<LlmCallEvent> read = new ArrayList<>();

  CallsTopic(String bootstrapServers) {
    consumer =
        new KafkaConsumer<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topic.CALLS.topicName()).stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** All events that are there now and fit. */
  List<LlmCallEvent> events(Predicate<LlmCallEvent> fits) throws Exception {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        read.add(codec.decode(record.value()));
      }
    }
    return read.stream().filter(fits).toList();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
