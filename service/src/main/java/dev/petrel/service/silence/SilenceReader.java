// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service.silence;

import dev.petrel.service.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic {@code llm-silences}, read from its beginning: all silences as they stand. It belongs
 * to no consumer group and connects lazily. Not thread-safe.
 */
public final class SilenceReader implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(SilenceReader.class);
  private static final String TOPIC = Topic.SILENCES.topicName();
  private static final int TIMEOUT_MS = 5_000;

  private final Consumer<String, byte[]> consumer;
  private final Map<String, Silence> silences = new TreeMap<>();

  /** Of this cluster. */
  public SilenceReader(String bootstrapServers) {
    this(
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.CLIENT_ID_CONFIG,
                "petrel-silences",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                TIMEOUT_MS,
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                TIMEOUT_MS),
            new StringDeserializer(),
            new ByteArrayDeserializer()));
  }

  SilenceReader(Consumer<String, byte[]> consumer) {
    this.consumer = consumer;
  }

  /**
   * Reads all that was written before the call.
   *
   * @throws KafkaException when Kafka does not answer, the topic is missing, or time is over
   */
  public List<Silence> readToEnd(Duration timeout) {
    assign();
    long deadline = System.nanoTime() + timeout.toNanos();
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException(
            "%s is not read to its end within %d s".formatted(TOPIC, timeout.toSeconds()));
      }
      poll(Duration.ofMillis(100));
    }
    return List.copyOf(silences.values());
  }

  /**
   * Takes in what has come, without waiting; returns whether something has.
   *
   * @throws KafkaException when Kafka does not answer or the topic is missing
   */
  public boolean follow() {
    assign();
    return poll(Duration.ZERO);
  }

  /** All silences read so far, by id, those that are over too. */
  public List<Silence> silences() {
    return List.copyOf(silences.values());
  }

  private void assign() {
    if (!consumer.assignment().isEmpty()) {
      return;
    }
    List<TopicPartition> partitions =
        consumer.partitionsFor(TOPIC).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new KafkaException(
          "topic %s is missing; any Petrel service creates it when it starts".formatted(TOPIC));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  private boolean poll(Duration wait) {
    boolean changed = false;
    for (ConsumerRecord<String, byte[]> record : consumer.poll(wait)) {
      changed = true;
      if (record.value() == null) {
        silences.remove(record.key());
        continue;
      }
      try {
        silences.put(record.key(), Silence.fromBytes(record.value()));
      } catch (IllegalArgumentException e) {
        LOGGER
            .atWarn()
            .addKeyValue("topic", record.topic())
            .addKeyValue("partition", record.partition())
            .addKeyValue("offset", record.offset())
            .setCause(e)
            .log("Skipping a record that is no silence");
      }
    }
    return changed;
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
