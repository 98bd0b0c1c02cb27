// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Contender (a): one thread that polls, parses and counts into a hash map. Nothing is durable and
 * nothing is published: what counting costs at the least.
 */
final class BareLoop {

  private static final int MEBIBYTE = 1024 * 1024;

  private record Cell(long minute, String tenant, String model) {}

  private final Map<Cell, Counts> cells = new HashMap<>();
  private final Call call = new Call();

  private BareLoop() {}

  public static void main(String[] arguments) throws IOException {
    ParentWatch.start();
    new BareLoop().run(Assignment.of(arguments));
    System.exit(0);
  }

  private void run(Assignment assignment) throws IOException {
    Meter meter = new Meter(assignment.brokerPid());
    Meter.@Nullable Moment first = null;
    long events = 0;
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(assignment.bootstrapServers())) {
      List<TopicPartition> partitions =
          IntStream.range(0, assignment.partitions())
              .mapToObj(partition -> new TopicPartition(assignment.topic(), partition))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (events < assignment.events()) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(500));
        if (!records.isEmpty()) {
          meter.started();
          if (first == null && events >= assignment.warmUp()) {
            first = meter.now();
          }
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
          count(record.value());
        }
        events += records.count();
      }
    }
    Meter.Moment last = meter.now();
    Counts sum = new Counts();
    cells.values().forEach(sum::add);
    meter.between(first == null ? last : first, last, assignment.measured(), sum.totals()).print();
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            10_000,
            ConsumerConfig.FETCH_MIN_BYTES_CONFIG,
            64 * 1024,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            4 * MEBIBYTE,
            ConsumerConfig.RECEIVE_BUFFER_CONFIG,
            MEBIBYTE),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private void count(byte[] json) throws IOException {
    CallReader.read(json, call);
    Cell cell = new Cell(Math.floorDiv(call.timestamp, 60_000), call.tenant, call.model);
    Counts counts = cells.get(cell);
    if (counts == null) {
      counts = new Counts();
      cells.put(cell, counts);
    }
    counts.add(call);
  }
}
