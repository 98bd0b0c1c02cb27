// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.service.Topic;
import dev.petrel.stats.Accounts;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic {@code llm-accounts}, read from its beginning: of each key the newest account, and only
 * what is committed. It belongs to no consumer group and connects lazily. Not thread-safe.
 */
public final class AccountsLog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AccountsLog.class);
  private static final int TIMEOUT_MS = 5_000;
  private static final Duration POLL = Duration.ofMillis(100);

  private final String bootstrapServers;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final SortedMap<String, Accounts> latest = new TreeMap<>();

  public AccountsLog(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.CLIENT_ID_CONFIG,
                "petrel-accounts",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                TIMEOUT_MS,
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                TIMEOUT_MS),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /**
   * Reads what has come, and waits for it up to 100 ms.
   *
   * @throws KafkaException when Kafka does not answer or the topic is missing
   */
  void follow() {
    assign();
    poll();
  }

  /**
   * All that was committed before the call.
   *
   * @param timeout how long reading may take
   * @throws KafkaException when Kafka does not answer, the topic is missing, or time is over
   */
  public Conservation readToEnd(Duration timeout) {
    assign();
    long deadline = System.nanoTime() + timeout.toNanos();
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (!hasReached(ends)) {
      if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "%s at %s is not read to its end within %d s"
                .formatted(Topic.ACCOUNTS.topicName(), bootstrapServers, timeout.toSeconds()));
      }
      poll();
    }
    return new Conservation(latest);
  }

  private void assign() {
    if (!consumer.assignment().isEmpty()) {
      return;
    }
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topic.ACCOUNTS.topicName()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new KafkaException(
          "topic %s is missing at %s; any Petrel service creates it when it starts"
              .formatted(Topic.ACCOUNTS.topicName(), bootstrapServers));
    }
    consumer.assign(partitions);
  }

  private boolean hasReached(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void poll() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      String key = record.key() == null ? "" : new String(record.key(), UTF_8);
      if (record.value() == null) {
        latest.remove(key);
        continue;
      }
      try {
        latest.put(key, Accounts.decode(record.value()));
      } catch (IllegalArgumentException e) {
        LOG.atWarn()
            .addKeyValue("topic", record.topic())
            .addKeyValue("partition", record.partition())
            .addKeyValue("offset", record.offset())
            .setCause(e)
            .log("Accounts that cannot be read are left out");
      }
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
