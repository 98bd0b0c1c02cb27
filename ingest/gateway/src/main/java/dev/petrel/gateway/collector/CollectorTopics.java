// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.collector;

import dev.petrel.gateway.intake.Decoded;
import dev.petrel.gateway.intake.Intake;
import dev.petrel.gateway.intake.RefusedException;
import dev.petrel.gateway.intake.RefusedException.Reason;
import dev.petrel.gateway.otlp.OtlpDecoder;
import dev.petrel.gateway.otlp.Signal;
import dev.petrel.gateway.sources.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads topics that an OpenTelemetry Collector's Kafka exporter writes: each record is a whole
 * batch of traces. A batch counts as read when its calls are stored, so that nothing is lost in a
 * crash; what is read again has the same event ids.
 */
public final class CollectorTopics implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CollectorTopics.class);

  private static final String WAY = "collector";
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_POLL_RECORDS = 50;

  private final Consumer<byte[], byte[]> consumer;
  private final Set<String> jsonTopics;
  private final Source source;
  private final OtlpDecoder decoder;
  private final Intake intake;
  private final Thread thread;
  private volatile boolean stopping;
  private volatile @Nullable String problem;

  /**
   * Reads nothing yet.
   *
   * @param bootstrapServers the brokers
   * @param protoTopics with batches of {@code encoding: otlp_proto}
   * @param jsonTopics with batches of {@code encoding: otlp_json}
   * @param source whose calls they are
   */
  public CollectorTopics(
      String bootstrapServers,
      List<String> protoTopics,
      List<String> jsonTopics,
      Source source,
      OtlpDecoder decoder,
      Intake intake) {
    this.jsonTopics = Set.copyOf(jsonTopics);
    this.source = source;
    this.decoder = decoder;
    this.intake = intake;
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, "petrel-gateway");
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, "petrel-gateway-collector");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    // A batch can have a megabyte, and all of a poll are held at once.
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    Set<String> topics = new HashSet<>(protoTopics);
    topics.addAll(jsonTopics);
    consumer.subscribe(topics);
    thread = Thread.ofPlatform().daemon().name("petrel-gateway-collector").unstarted(this::run);
  }

  /** Begins to read. */
  public void start() {
    thread.start();
  }

  /** What is wrong, in words for an operator; null when nothing is. */
  public @Nullable String problem() {
    return problem;
  }

  private void run() {
    try {
      while (!stopping) {
        try {
          ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
          if (!records.isEmpty()) {
            store(records);
            consumer.commitSync();
          }
          problem = null;
        } catch (WakeupException e) {
          // Told to stop.
        } catch (KafkaException e) {
          problem = "the Collector's topics cannot be read: " + e;
          LOG.atWarn().setCause(e).log("the Collector's topics cannot be read; going on");
          pause();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      consumer.close();
    }
  }

  /** Returns when the calls of all records are stored, or it is told to stop. */
  private void store(ConsumerRecords<byte[], byte[]> records) throws InterruptedException {
    List<ConsumerRecord<byte[], byte[]>> left = new ArrayList<>();
    records.forEach(left::add);
    while (true) {
      List<CompletableFuture<?>> answers = new ArrayList<>();
      for (ConsumerRecord<byte[], byte[]> record : left) {
        answers.add(intake.accept(source, WAY, decoded(record)));
      }
      List<ConsumerRecord<byte[], byte[]>> refused = new ArrayList<>();
      for (int i = 0; i < answers.size(); i++) {
        try {
          answers.get(i).join();
        } catch (CompletionException e) {
          refused.add(left.get(i));
        }
      }
      if (refused.isEmpty()) {
        return;
      }
      if (stopping) {
        // Not committed: the next one reads it again.
        throw new WakeupException();
      }
      left = refused;
      pause();
    }
  }

  private Decoded decoded(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value() == null ? new byte[0] : record.value();
    try {
      return Signal.TRACES.read(value, jsonTopics.contains(record.topic()), decoder);
    } catch (RefusedException e) {
      // Not kept as a dead letter: what cannot be read can hold prompts.
      LOG.atWarn()
          .addKeyValue("topic", record.topic())
          .addKeyValue("partition", record.partition())
          .addKeyValue("offset", record.offset())
          .log(
              "a Collector's batch cannot be read; is the topic's encoding the one in the settings?");
      Decoded.Builder none = new Decoded.Builder();
      none.skip(Reason.MALFORMED.wireName());
      return none.build();
    }
  }

  private void pause() throws InterruptedException {
    if (!stopping) {
      Thread.sleep(PAUSE);
    }
  }

  @Override
  public void close() {
    stopping = true;
    consumer.wakeup();
    try {
      thread.join(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
