// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes to {@code llm-calls}, each record once; it outlasts a broker that is away. */
final class CallProducer implements AutoCloseable {

  private static final int HOUR = 3_600_000;

  private final LlmCallEventCodec codec = new LlmCallEventCodec(InstantSource.system());
  private final KafkaProducer<byte[], byte[]> producer;
  private volatile Exception refusal;

  CallProducer(String bootstrapServers) {
    Map<String, Object> config = new HashMap<>();
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, HOUR);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, HOUR);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 4 << 20);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    // One request in flight: a partition that has just been made can refuse a producer's first
    // batch
    // and take its second, and then refuses the first for ever (KAFKA-15591).
    config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  byte[] encode(LlmCallEvent event) {
    return codec.encode(event);
  }

  /**
   * Sends an event under its call's id, as publishers do: the same event again reaches the same
   * partition.
   *
   * @param arrival the record's timestamp, in ms since the epoch
   */
  void send(LlmCallEvent event, long arrival) {
    send(event.get(EventField.CALL_ID).getBytes(StandardCharsets.UTF_8), encode(event), arrival);
  }

  /** Sends anything. */
  void send(byte[] key, byte[] value, long arrival) {
    producer.send(
        new ProducerRecord<>("llm-calls", null, arrival, key, value),
        (metadata, failure) -> refusal = failure == null ? refusal : failure);
  }

  /** Waits until the broker has all that was sent. */
  void flush() {
    producer.flush();
    if (refusal != null) {
      throw new IllegalStateException("a record could not be sent", refusal);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }
}
