// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Prints the events that arrive in Kafka from now on, one a line, until the process is ended. */
public final class TailEvents {

  private static final String TOPIC = "llm-calls";
  private static final int TIMEOUT_MS = 20_000;

  private TailEvents() {}

  /**
   * Runs it.
   *
   * @param arguments none; {@code PETREL_KAFKA_BOOTSTRAP_SERVERS} says where Kafka is
   */
  public static void main(String[] arguments) {
    String kafka = BotSettings.of(arguments, System.getenv()).kafka();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka, "default.api.timeout.ms", TIMEOUT_MS),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(TOPIC).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      System.out.printf("events in %s of %s:%n", TOPIC, kafka);
      while (true) {
        for (ConsumerRecord<String, String> event : consumer.poll(Duration.ofSeconds(1))) {
          System.out.println(event.value());
        }
      }
    } catch (TimeoutException e) {
      System.err.printf(
          "no topic %s at %s: is Petrel up there? %s%n", TOPIC, kafka, e.getMessage());
      System.exit(1);
    }
  }
}
