// SPDX-License-Identifier: Apache-2.0
package dev.petrel.test.servers;

import org.testcontainers.kafka.KafkaContainer;

/**
 * A Kafka broker in a container, with the settings of the embedded one that tests can see.
 * Testcontainers removes it when the JVM ends.
 */
final class KafkaInContainer implements TestKafka {
  private final KafkaContainer container =
      new KafkaContainer(Images.of("kafka"))
          .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
          .withEnv("KAFKA_MESSAGE_MAX_BYTES", Integer.toString(8 * 1024 * 1024))
          .withEnv("KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS", "8")
          .withEnv("KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "8");

  KafkaInContainer() {
    container.start();
  }

  @Override
  public String bootstrapServers() {
    return container.getBootstrapServers();
  }
}
