// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import dev.petrel.event.LlmCallEventCodec;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes a load into topics. */
final class WorkloadWriter {

  private final String bootstrapServers;
  private final InstantSource clock;

  /**
   * @param bootstrapServers the broker
   * @param clock when it is now: the end of the load's span
   */
  WorkloadWriter(String bootstrapServers, InstantSource clock) {
    this.bootstrapServers = bootstrapServers;
    this.clock = clock;
  }

  /**
   * What was written.
   *
   * @param whole the truth about the whole load
   * @param head the truth about its first records
   * @param meanBytes mean size of a record's value
   */
  record Written(Truth whole, Truth head, double meanBytes) {}

  /**
   * Writes the load into {@code topic}, and its first records into another one too.
   *
   * @param headTopic takes the first records
   * @param headEvents how many they are; 0 for none
   */
  Written write(Workload workload, String topic, String headTopic, long headEvents) {
    LlmCallEventCodec codec = new LlmCallEventCodec(clock);
    AtomicReference<Exception> failure = new AtomicReference<>();
    Truth truth = Truth.NONE;
    Truth head = Truth.NONE;
    long bytes = 0;
    WorkloadGenerator generator =
        new WorkloadGenerator(workload, clock.millis() - workload.span().toMillis());
    try (KafkaProducer<String, byte[]> producer = producer()) {
      for (long number = 0; generator.hasNext(); number++) {
        PublishedCall call = generator.next();
        byte[] json = codec.encode(call.event());
        bytes += json.length;
        send(producer, topic, call, json, failure);
        truth = truth.plus(call);
        if (number < headEvents) {
          send(producer, headTopic, call, json, failure);
          head = truth;
        }
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("the load could not be written", failure.get());
    }
    return new Written(truth, head, (double) bytes / workload.events());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the callback is told
  private static void send(
      KafkaProducer<String, byte[]> producer,
      String topic,
      PublishedCall call,
      byte[] json,
      AtomicReference<Exception> failure) {
    producer.send(
        new ProducerRecord<>(topic, null, call.publishedAt(), call.callId(), json),
        (metadata, exception) -> {
          if (exception != null) {
            failure.set(exception);
          }
        });
  }

  private KafkaProducer<String, byte[]> producer() {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            // As Petrel's publisher does it.
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            "lz4",
            ProducerConfig.BATCH_SIZE_CONFIG,
            64 * 1024,
            ProducerConfig.LINGER_MS_CONFIG,
            20),
        new StringSerializer(),
        new ByteArraySerializer());
  }
}
