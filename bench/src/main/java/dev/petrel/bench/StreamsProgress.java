// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Watches a Kafka Streams application in this JVM from outside, by its metrics and its committed
 * offsets, until its last result is committed.
 *
 * <p>It is done at the moment from which on, for {@value #SETTLE_SECONDS} seconds, all source
 * records and all records of its repartition topics are behind its committed offsets and no result
 * is added. Transaction markers are no records: where the committed offset is short of the end, the
 * rest is read to see that there is none. It asks four times a second, and so finds that moment up
 * to a quarter of a second late.
 */
final class StreamsProgress implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofMillis(250);

  /** Longer than any interval at which an application sends or commits what it holds. */
  private static final int SETTLE_SECONDS = 6;

  /** Only markers, or the last records and markers: what is worth reading to tell. */
  private static final long SHORT_TAIL = 64;

  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> tail;
  private final String application;
  private final String source;
  private final Collection<String> results;

  /**
   * @param bootstrapServers the broker
   * @param application the application id: consumer group, and prefix of the repartition topics
   * @param source the topic read
   * @param results the topics written
   */
  StreamsProgress(
      String bootstrapServers, String application, String source, Collection<String> results) {
    this.admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    this.tail =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.application = application;
    this.source = source;
    this.results = List.copyOf(results);
  }

  /** Waits until the stream threads have processed so many records. */
  void awaitRecords(long records) throws InterruptedException {
    try {
      MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
      ObjectName threads = new ObjectName("kafka.streams:type=stream-thread-metrics,*");
      double processed = 0;
      while (processed < records) {
        Thread.sleep(10);
        processed = 0;
        for (ObjectName thread : beans.queryNames(threads, null)) {
          // A thread that is about to start does not have it yet: none is returned.
          for (Attribute total :
              beans.getAttributes(thread, new String[] {"process-total"}).asList()) {
            processed += (double) total.getValue();
          }
        }
      }
    } catch (JMException e) {
      throw new IllegalStateException("Kafka Streams' metrics cannot be read", e);
    }
  }

  /** Waits for the last result, and returns the moment at which it was committed. */
  Meter.Moment awaitLastResult(Meter meter) throws InterruptedException {
    Map<TopicPartition, Long> lastResults = Map.of();
    boolean wasComplete = false;
    Meter.Moment done = meter.now();
    while (true) {
      Thread.sleep(INTERVAL);
      boolean complete = isComplete();
      Map<TopicPartition, Long> resultEnds =
          complete ? ends(results, IsolationLevel.READ_COMMITTED) : lastResults;
      Meter.Moment now = meter.now();
      if (!complete || !wasComplete || !resultEnds.equals(lastResults)) {
        done = now;
      } else if (now.nanos() - done.nanos() > Duration.ofSeconds(SETTLE_SECONDS).toNanos()) {
        return done;
      }
      wasComplete = complete;
      lastResults = resultEnds;
    }
  }

  private boolean isComplete() throws InterruptedException {
    Map<TopicPartition, Long> committed = committed();
    if (!isBehind(ends(List.of(source), IsolationLevel.READ_UNCOMMITTED), committed)) {
      return false;
    }
    return isBehind(ends(repartitionTopics(), IsolationLevel.READ_UNCOMMITTED), committed);
  }

  private List<String> repartitionTopics() throws InterruptedException {
    return result(() -> admin.listTopics().names().get()).stream()
        .filter(topic -> topic.startsWith(application) && topic.endsWith("-repartition"))
        .toList();
  }

  private Map<TopicPartition, Long> committed() throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        result(
            () ->
                admin
                    .listConsumerGroupOffsets(application)
                    .partitionsToOffsetAndMetadata(application)
                    .get());
    Map<TopicPartition, Long> committed = new HashMap<>();
    offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
    return committed;
  }

  private boolean isBehind(Map<TopicPartition, Long> ends, Map<TopicPartition, Long> committed) {
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      long from = committed.getOrDefault(end.getKey(), 0L);
      if (end.getValue() - from > SHORT_TAIL) {
        return false;
      }
    }
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      long from = committed.getOrDefault(end.getKey(), 0L);
      if (from < end.getValue() && hasRecord(end.getKey(), from, end.getValue())) {
        return false;
      }
    }
    return true;
  }

  private boolean hasRecord(TopicPartition partition, long from, long end) {
    tail.assign(List.of(partition));
    tail.seek(partition, from);
    while (tail.position(partition) < end) {
      if (!tail.poll(INTERVAL).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private Map<TopicPartition, Long> ends(Collection<String> topics, IsolationLevel isolation)
      throws InterruptedException {
    return result(
        () -> {
          Map<TopicPartition, OffsetSpec> latest =
              admin.describeTopics(topics).allTopicNames().get().values().stream()
                  .flatMap(StreamsProgress::partitions)
                  .collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest()));
          Map<TopicPartition, Long> ends = new HashMap<>();
          admin
              .listOffsets(latest, new ListOffsetsOptions(isolation))
              .all()
              .get()
              .forEach((partition, info) -> ends.put(partition, info.offset()));
          return ends;
        });
  }

  private static java.util.stream.Stream<TopicPartition> partitions(TopicDescription topic) {
    return topic.partitions().stream()
        .map(partition -> new TopicPartition(topic.name(), partition.partition()));
  }

  private interface Question<T> {
    T ask() throws ExecutionException, InterruptedException;
  }

  private static <T> T result(Question<T> question) throws InterruptedException {
    try {
      return question.ask();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker did not answer", e);
    }
  }

  @Override
  public void close() {
    tail.close();
    admin.close();
  }
}
