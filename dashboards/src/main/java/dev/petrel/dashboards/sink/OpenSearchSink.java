// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.sink;

import dev.petrel.dashboards.index.OpenSearch;
import dev.petrel.dashboards.index.OpenSearchCallException;
import dev.petrel.dashboards.sink.DeadLetters.DeadLetter;
import dev.petrel.service.Topic;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes aggregates, alerts and notifications from Kafka to OpenSearch, on a thread of its own.
 *
 * <p>Offsets are committed after OpenSearch has acknowledged: each record is written at least once,
 * and since ids are computed and aggregates carry versions, writing twice or late changes nothing.
 * While OpenSearch is away it stops reading, keeps its place in the group, and tries again for as
 * long as it takes. Of several revisions of a document in one batch only the last is written, so a
 * sink that lags writes less.
 */
public final class OpenSearchSink implements AutoCloseable {

  /** The consumer group. */
  public static final String GROUP = "petrel-dashboards";

  private static final Logger LOG = LoggerFactory.getLogger(OpenSearchSink.class);
  private static final List<Topic> TOPICS =
      List.of(Topic.CALL_STATS, Topic.CALL_ROLLUPS, Topic.ALERTS, Topic.NOTIFICATIONS);

  /** The more at once, the more revisions of one document are written as one. */
  private static final int MAX_POLL_RECORDS = 20_000;

  /** Twenty bulk requests that each take as long as they may. */
  private static final int MAX_POLL_INTERVAL_MS = 600_000;

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
  private static final long CHECK_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long CLOSE_MILLIS = 10_000;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String bootstrapServers;
  private final BulkWriter writer;
  private final DeadLetters deadLetters;
  private final SinkMeters meters;
  private final Thread thread;

  private volatile boolean closing;
  private volatile @Nullable String problem = "starting";

  /** Whether new partitions have to wait, as something read is not written. Thread-confined. */
  private boolean writing;

  /** Before it has joined the group, it does not know what it has to write. Thread-confined. */
  private boolean joinedBefore;

  private long lastCheck = System.nanoTime() - CHECK_NANOS;

  public OpenSearchSink(String bootstrapServers, OpenSearch openSearch, MeterRegistry registry) {
    this.bootstrapServers = bootstrapServers;
    meters = new SinkMeters(registry, TOPICS);
    writer = new BulkWriter(openSearch, meters, this::pause);
    deadLetters = new DeadLetters(bootstrapServers);
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.GROUP_ID_CONFIG,
                GROUP,
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                MAX_POLL_RECORDS,
                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                MAX_POLL_INTERVAL_MS,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                8 * 1024 * 1024),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    thread = new Thread(this::run, "petrel-dashboards-sink");
    thread.setDaemon(true);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /** What is wrong, in words for an operator; null when nothing is. */
  public @Nullable String problem() {
    if (!thread.isAlive() && !closing) {
      return "the thread that writes to OpenSearch is not running: " + problem;
    }
    return problem;
  }

  private void run() {
    try {
      consumer.subscribe(TOPICS.stream().map(Topic::topicName).toList(), new HoldNewPartitions());
      while (!closing) {
        step();
      }
    } catch (WakeupException | BulkWriter.GivenUpException e) {
      // Closing. What was not acknowledged is not committed, and comes again.
    } catch (RuntimeException | Error e) {
      problem = e.toString();
      LOG.atError().setCause(e).log("Stopped writing to OpenSearch");
      throw e;
    } finally {
      consumer.close(CloseOptions.timeout(Duration.ofSeconds(3)));
    }
  }

  private void step() {
    ConsumerRecords<byte[], byte[]> records = ConsumerRecords.empty();
    try {
      records = consumer.poll(POLL);
      if (records.isEmpty()) {
        measureLag(0);
        checkIfDue();
      } else {
        measureLag(records.count());
        write(records);
        commit(records.nextOffsets());
        measureLag(0);
        worksAgain();
      }
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      fails("Kafka at %s: %s".formatted(bootstrapServers, e.getMessage()));
      rewind(records);
      sleep(PAUSE_AFTER_FAILURE);
    }
  }

  private void write(ConsumerRecords<byte[], byte[]> records) {
    List<DeadLetter> dead = new ArrayList<>();
    Collection<Operation> operations = newestOf(records, dead);
    writing = true;
    try {
      consumer.pause(consumer.assignment());
      dead.addAll(writer.write(List.copyOf(operations)));
      deadLetters.send(dead);
    } finally {
      writing = false;
      consumer.resume(consumer.paused());
    }
    for (DeadLetter letter : dead) {
      meters.deadLettered(letter.record().topic());
      LOG.atDebug()
          .addKeyValue("topic", letter.record().topic())
          .addKeyValue("partition", letter.record().partition())
          .addKeyValue("offset", letter.record().offset())
          .log("Dead letter: {}", letter.reason());
    }
  }

  private Collection<Operation> newestOf(
      ConsumerRecords<byte[], byte[]> records, List<DeadLetter> dead) {
    Map<String, Operation> newest = new LinkedHashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      meters.read(record.topic());
      if (record.value() == null) {
        meters.skipped(record.topic());
        continue;
      }
      try {
        List<Operation> operations = Operations.of(record);
        if (operations.isEmpty()) {
          meters.skipped(record.topic());
        }
        operations.stream().skip(1).forEach(further -> meters.read(record.topic()));
        for (Operation operation : operations) {
          Operation known = newest.get(operation.key());
          if (known != null) {
            meters.superseded(record.topic());
          }
          if (known == null || known.revision() <= operation.revision()) {
            newest.put(operation.key(), operation);
          }
        }
      } catch (IllegalArgumentException e) {
        dead.add(new DeadLetter(record, "cannot be decoded: " + e.getMessage()));
      }
    }
    return newest.values();
  }

  /** Keeps the place in the group while waiting: all partitions are paused. */
  private boolean pause(Duration length, String why) {
    fails(why);
    long end = System.nanoTime() + length.toNanos();
    for (long left = length.toNanos(); left > 0 && !closing; left = end - System.nanoTime()) {
      rewind(consumer.poll(Duration.ofNanos(left)));
    }
    return !closing;
  }

  private void checkIfDue() {
    if (System.nanoTime() - lastCheck < CHECK_NANOS) {
      return;
    }
    lastCheck = System.nanoTime();
    if (connections() == 0) {
      fails("Kafka at " + bootstrapServers + ": no connection");
      return;
    }
    try {
      writer.check();
      worksAgain();
    } catch (OpenSearchCallException e) {
      fails(String.valueOf(e.getMessage()));
    }
  }

  private double connections() {
    for (Metric metric : consumer.metrics().values()) {
      if (metric.metricName().name().equals("connection-count")
          && metric.metricValue() instanceof Double count) {
        return count;
      }
    }
    return 1;
  }

  private void fails(String why) {
    if (problem == null || "starting".equals(problem)) {
      LOG.atWarn().log("{}; trying again until it works", why);
    }
    problem = why;
  }

  private void worksAgain() {
    if (problem != null) {
      LOG.atInfo().log("Writing to OpenSearch");
    }
    problem = null;
    lastCheck = System.nanoTime();
  }

  private void commit(Map<TopicPartition, OffsetAndMetadata> next) {
    Map<TopicPartition, OffsetAndMetadata> owned = new HashMap<>(next);
    owned.keySet().retainAll(consumer.assignment());
    try {
      consumer.commitSync(owned);
    } catch (CommitFailedException | RebalanceInProgressException e) {
      LOG.atDebug().setCause(e).log("Partitions moved; their last records are written again");
    }
  }

  private void rewind(ConsumerRecords<byte[], byte[]> unwritten) {
    for (TopicPartition partition : unwritten.partitions()) {
      if (consumer.assignment().contains(partition)) {
        consumer.seek(partition, unwritten.records(partition).get(0).offset());
      }
    }
  }

  private void measureLag(int inHand) {
    double lag = inHand;
    for (TopicPartition partition : consumer.assignment()) {
      OptionalLong behind = consumer.currentLag(partition);
      lag += behind.isPresent() ? behind.getAsLong() : Double.NaN;
    }
    joinedBefore |= !consumer.assignment().isEmpty();
    meters.lag(joinedBefore ? lag : Double.NaN);
  }

  private void sleep(Duration length) {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!thread.isAlive() && thread.getState() == Thread.State.NEW) {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
    deadLetters.close();
  }

  /** Partitions that come while something is not written are not read before it is. */
  private final class HoldNewPartitions implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      // What is in hand is written anyway; its new owner writes the same.
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      if (writing) {
        consumer.pause(partitions);
      }
    }
  }
}
