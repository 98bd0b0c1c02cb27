// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Tells whether there are records between two offsets: their distance does not, as the ends of
 * transactions take an offset too. Belongs to no group. Not thread-safe.
 */
final class RecordScan implements AutoCloseable {

  private static final int TIMEOUT_MS = 5_000;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long DEADLINE_NANOS = Duration.ofSeconds(20).toNanos();

  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * Offsets of a partition.
   *
   * @param from the first
   * @param to behind the last; what is not committed yet is never in it
   */
  record Span(long from, long to) {
    /** From an offset to the end. */
    static Span from(long offset) {
      return new Span(offset, Long.MAX_VALUE);
    }
  }

  RecordScan(String bootstrapServers) {
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.CLIENT_ID_CONFIG,
                "petrel-doctor",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                // Of a span that begins before the topic does, the rest counts.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                64 * 1024,
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                TIMEOUT_MS),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
  }

  /**
   * Those of the partitions that have a record in their span.
   *
   * @throws org.apache.kafka.common.KafkaException when Kafka does not answer in time
   */
  Set<TopicPartition> withRecords(Map<TopicPartition, Span> spans) {
    Set<TopicPartition> found = new HashSet<>();
    Set<TopicPartition> open = new HashSet<>(spans.keySet());
    consumer.assign(spans.keySet());
    Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(spans.keySet()));
    spans.forEach(
        (partition, span) -> {
          ends.merge(partition, span.to(), Math::min);
          consumer.seek(partition, span.from());
        });
    long start = System.nanoTime();
    while (true) {
      open.removeIf(
          partition ->
              found.contains(partition)
                  || consumer.position(partition) >= ends.getOrDefault(partition, 0L));
      if (open.isEmpty()) {
        return found;
      }
      if (System.nanoTime() - start > DEADLINE_NANOS) {
        throw new TimeoutException("reading %s takes too long".formatted(open));
      }
      Set<TopicPartition> done = new HashSet<>(consumer.assignment());
      done.removeAll(open);
      consumer.pause(done);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < ends.getOrDefault(partition, 0L)) {
          found.add(partition);
        }
      }
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
