// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.service.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Puts records that can never be indexed into the dead-letter topic, unchanged, with the reason.
 */
final class DeadLetters implements AutoCloseable {

  private static final String REASON = "petrel-reason";
  private static final String SOURCE_TOPIC = "petrel-source-topic";
  private static final String SOURCE_PARTITION = "petrel-source-partition";
  private static final String SOURCE_OFFSET = "petrel-source-offset";

  private final Producer<byte[], byte[]> producer;

  /**
   * A record and why it cannot be indexed.
   *
   * @param record the record
   * @param reason in words for an operator
   */
  record DeadLetter(ConsumerRecord<byte[], byte[]> record, String reason) {}

  DeadLetters(String bootstrapServers) {
    Map<String, Object> config =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.CLIENT_ID_CONFIG,
            "petrel-dashboards-dead-letters",
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            Integer.valueOf(Topic.DEAD_LETTERS.config().get("max.message.bytes")));
    producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Returns when all are acknowledged.
   *
   * @throws KafkaException when one is not
   */
  void send(List<DeadLetter> letters) {
    List<Future<?>> sends = new ArrayList<>();
    for (DeadLetter letter : letters) {
      ConsumerRecord<byte[], byte[]> source = letter.record();
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(Topic.DEAD_LETTERS.topicName(), source.key(), source.value());
      record
          .headers()
          .add(REASON, letter.reason().getBytes(UTF_8))
          .add(SOURCE_TOPIC, source.topic().getBytes(UTF_8))
          .add(SOURCE_PARTITION, Integer.toString(source.partition()).getBytes(UTF_8))
          .add(SOURCE_OFFSET, Long.toString(source.offset()).getBytes(UTF_8));
      sends.add(producer.send(record));
    }
    for (Future<?> send : sends) {
      try {
        send.get();
      } catch (ExecutionException e) {
        throw new KafkaException("a dead letter was not acknowledged: " + e.getCause(), e);
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
