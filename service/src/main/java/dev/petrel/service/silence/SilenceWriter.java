// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service.silence;

import dev.petrel.service.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes to {@code llm-silences}, and returns once it is durable. Thread-safe. */
public final class SilenceWriter implements AutoCloseable {

  private static final int TIMEOUT_MS = 10_000;

  private final Producer<String, byte[]> producer;

  /** To this cluster; connects lazily. */
  public SilenceWriter(String bootstrapServers) {
    this(
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ProducerConfig.CLIENT_ID_CONFIG,
                "petrel-silences",
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                0,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                TIMEOUT_MS / 2,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                TIMEOUT_MS,
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                TIMEOUT_MS),
            new StringSerializer(),
            new ByteArraySerializer()));
  }

  SilenceWriter(Producer<String, byte[]> producer) {
    this.producer = producer;
  }

  /**
   * Writes a silence, in place of one with the same id.
   *
   * @throws KafkaException when it cannot be written
   */
  public void put(Silence silence) {
    write(silence.id(), silence.toBytes());
  }

  /**
   * Removes all trace of a silence. To end one, write it {@link Silence#expired}.
   *
   * @throws KafkaException when it cannot be written
   */
  public void delete(String id) {
    write(id, null);
  }

  private void write(String id, byte @Nullable [] value) {
    try {
      producer
          .send(new ProducerRecord<>(Topic.SILENCES.topicName(), id, value))
          .get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new KafkaException("the silence cannot be written: " + e.getCause(), e.getCause());
    } catch (java.util.concurrent.TimeoutException e) {
      throw new KafkaException("the silence cannot be written: no answer from Kafka", e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(1));
  }
}
