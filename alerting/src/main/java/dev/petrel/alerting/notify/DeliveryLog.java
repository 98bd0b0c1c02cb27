// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.service.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads partitions of {@code llm-notifications} from start to end. Not thread-safe. */
final class DeliveryLog implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryLog.class);

  private final Consumer<String, byte[]> consumer;

  /**
   * @param consumer without a group
   */
  DeliveryLog(Consumer<String, byte[]> consumer) {
    this.consumer = consumer;
  }

  /**
   * Gives all records of these partitions to the dispatcher.
   *
   * @throws IllegalStateException when the log has fewer partitions than the alerts
   */
  void restore(Collection<Integer> numbers, Dispatcher dispatcher) {
    int count = consumer.partitionsFor(Topic.NOTIFICATIONS.topicName()).size();
    List<TopicPartition> partitions =
        numbers.stream()
            .map(number -> new TopicPartition(Topic.NOTIFICATIONS.topicName(), number))
            .toList();
    if (partitions.stream().anyMatch(partition -> partition.partition() >= count)) {
      throw new IllegalStateException(
          "topic %s has %d partitions, fewer than %s; give it as many"
              .formatted(Topic.NOTIFICATIONS.topicName(), count, Topic.ALERTS.topicName()));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        restore(record, dispatcher);
      }
    }
    consumer.assign(List.of());
  }

  private static void restore(ConsumerRecord<String, byte[]> record, Dispatcher dispatcher) {
    if (record.value() == null) {
      dispatcher.forget(record.key());
      return;
    }
    try {
      dispatcher.restore(record.partition(), DeliveryCodec.read(record.value()));
    } catch (IllegalArgumentException e) {
      LOGGER
          .atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .setCause(e)
          .log("Skipping a record that is no delivery");
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
