// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.LlmCallEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A publisher's settings, checked. Its text form has no producer properties: they hold secrets.
 *
 * @param spool null for none
 * @param preparation what is done to each event, on the worker, before it may leave the process for
 *     Kafka or the disk: what must not leave is taken out here
 * @param stuckAfter for how long Kafka may confirm nothing of what it has before the spool takes it
 */
record PublisherSettings(
    String bootstrapServers,
    String topic,
    String clientId,
    int queueMaxEvents,
    long queueMaxBytes,
    Duration closeTimeout,
    Map<String, String> producerProperties,
    @Nullable SpoolSettings spool,
    UnaryOperator<LlmCallEvent> preparation,
    Duration stuckAfter,
    ProducerFactory producerFactory) {

  /** How long a call of the producer may hold up the worker. */
  static final Duration MAX_BLOCK = Duration.ofSeconds(1);

  /** Makes the producer, on the worker thread. */
  @FunctionalInterface
  interface ProducerFactory {
    Producer<byte[], byte[]> create(Map<String, Object> config);
  }

  PublisherSettings {
    producerProperties = Map.copyOf(producerProperties);
  }

  static Producer<byte[], byte[]> newKafkaProducer(Map<String, Object> config) {
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The producer's configuration: defaults, then the user's properties, then what is fixed. */
  Map<String, Object> producerConfig() {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
    config.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    // One request makes up for the others with its size.
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 65_536);
    // Each attempt to connect costs the application a line in its log.
    config.put(ProducerConfig.RECONNECT_BACKOFF_MS_CONFIG, 250);
    config.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 5_000);
    config.putAll(producerProperties);
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    // With more, the first request to a new partition may be refused and the second taken. Then the
    // first is out of sequence for good: it is tried until its delivery timeout, and lost.
    config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
    return config;
  }

  @Override
  public String toString() {
    return "bootstrapServers=%s, topic=%s, clientId=%s"
        .formatted(bootstrapServers, topic, clientId);
  }
}
