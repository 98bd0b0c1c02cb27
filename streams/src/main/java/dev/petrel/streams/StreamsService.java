// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.service.Health;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Service;
import dev.petrel.service.Settings;
import dev.petrel.service.Topic;
import dev.petrel.service.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the aggregation: {@code llm-calls} to {@code llm-call-stats}, exactly once. */
public final class StreamsService implements Service {

  private static final Logger LOG = LoggerFactory.getLogger(StreamsService.class);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  /** A quarter million ids take about 4 MB a partition on the heap. */
  private static final int MAX_IDS_ON_HEAP = 250_000;

  private static final int MEBIBYTE = 1024 * 1024;

  private static final int BATCH_BYTES = 256 * 1024;

  /**
   * How long a crashed instance's open transaction may keep readers of committed records waiting,
   * alerting among them. An order of magnitude above the time a transaction takes.
   */
  private static final int TRANSACTION_TIMEOUT_MS = 20_000;

  /** Heap for each cell and aggregate, of 1.5 kB: they take a fifth of it together at the most. */
  private static final int HEAP_PER_CELL = 16 * 1024;

  private final Settings settings;
  private final MeterRegistry meters;
  private final Conservation conservation = new Conservation();
  private final Cardinality cardinality = new Cardinality();

  private @Nullable KafkaStreams streams;
  private @Nullable KafkaStreamsMetrics streamsMetrics;
  private volatile @Nullable Throwable lastFailure;

  /**
   * @param settings Kafka's and this service's
   * @param meters where metrics go
   */
  public StreamsService(Settings settings, MeterRegistry meters) {
    this.settings = settings;
    this.meters = meters;
  }

  @Override
  public String name() {
    return "streams";
  }

  @Override
  public void start() {
    Topics.createMissing(settings);
    AggregationConfig config =
        new AggregationConfig(
            settings.get(StreamsSettings.CORRECTION_HORIZON),
            settings.get(StreamsSettings.CLOSE_DELAY),
            MAX_IDS_ON_HEAP,
            (int) Math.min(Runtime.getRuntime().maxMemory() / HEAP_PER_CELL, 1_000_000),
            StreamsSettings.maxScopes(settings),
            Topics.partitions(settings, Topic.CALLS));
    LlmCallEventCodec codec = new LlmCallEventCodec(InstantSource.system(), AggregatedFields.ALL);
    Topology topology = new AggregationTopology(codec, config, conservation, cardinality).get();
    LOG.atDebug().addKeyValue("topology", topology.describe()).log("aggregation topology");
    KafkaStreams started = new KafkaStreams(topology, config());
    started.setUncaughtExceptionHandler(
        failure -> {
          lastFailure = failure;
          LOG.atError().setCause(failure).log("stream thread failed; a new one takes over");
          return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
    conservation.bindTo(meters);
    cardinality.bindTo(meters);
    KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(started);
    metrics.bindTo(meters);
    streamsMetrics = metrics;
    streams = started;
    started.start();
  }

  @SuppressWarnings("deprecation") // unset, the key to be removed warns on each start
  private Properties config() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "petrel-streams");
    config.put(
        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.get(KafkaSettings.BOOTSTRAP_SERVERS));
    config.put(
        StreamsConfig.STATE_DIR_CONFIG,
        settings.get(StreamsSettings.STATE_DIR).toAbsolutePath().toString());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.get(StreamsSettings.THREADS));
    config.put(
        StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.get(StreamsSettings.STANDBY_REPLICAS));
    config.put(
        StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.get(KafkaSettings.REPLICATION_FACTOR));
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    // The processors ask for a commit behind each send. One that comes between two sends must put
    // their heap into stores first: never, if possible, and this is as long as it may be.
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, TRANSACTION_TIMEOUT_MS);
    config.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        TRANSACTION_TIMEOUT_MS);
    // No store is cached: the processors collect on the heap themselves.
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    config.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
    config.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);
    config.put(
        StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, Topic.DEAD_LETTERS.topicName());
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    // A backlog is read in large pieces, so that counting does not wait for the next one.
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
        4 * MEBIBYTE);
    config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.RECEIVE_BUFFER_CONFIG), MEBIBYTE);
    config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 4_000);
    // A killed instance is replaced after 10 s; Kafka's own default is 45 s without any aggregate.
    config.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
    config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    // All is sent at once: large batches are fewer for the broker to check, and compress better.
    config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
    config.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        2 * DeadLetterHandler.MAX_VALUE_BYTES);
    return config;
  }

  @Override
  public Health health() {
    KafkaStreams running = streams;
    if (running == null) {
      return Health.failing(name(), "not started");
    }
    KafkaStreams.State state = running.state();
    if (state == KafkaStreams.State.RUNNING) {
      return Health.ok(name());
    }
    Throwable failure = lastFailure;
    return Health.failing(
        name(),
        "Kafka Streams is %s%s"
            .formatted(state, failure == null ? "" : "; last failure: " + failure));
  }

  /**
   * What became of the records of the partitions that this instance works on, by account; {@code
   * accepted} is the sum of the others.
   */
  public Map<String, Long> conservation() {
    Map<String, Long> accounts = new LinkedHashMap<>();
    accounts.put("accepted", conservation.accepted());
    for (Ledger.Account account : Ledger.Account.values()) {
      accounts.put(account.metricName(), conservation.count(account));
    }
    return accounts;
  }

  @Override
  public void close() {
    if (streamsMetrics != null) {
      streamsMetrics.close();
    }
    if (streams != null) {
      streams.close(CLOSE_TIMEOUT);
    }
  }
}
