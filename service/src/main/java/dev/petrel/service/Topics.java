// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics that are missing. */
public final class Topics {

  private static final long TIMEOUT_SECONDS = 60;

  private Topics() {}

  /**
   * Creates each missing topic; existing ones stay as they are.
   *
   * @throws IllegalStateException when the cluster does not answer or refuses; says which and why
   */
  public static void createMissing(Settings settings) {
    String bootstrapServers = settings.get(KafkaSettings.BOOTSTRAP_SERVERS);
    int partitions = settings.get(KafkaSettings.PARTITIONS);
    short replicas = settings.get(KafkaSettings.REPLICATION_FACTOR).shortValue();
    List<NewTopic> topics = new ArrayList<>();
    for (Topic topic : Topic.values()) {
      topics.add(new NewTopic(topic.topicName(), partitions, replicas).configs(topic.config()));
    }
    Map<String, Object> config =
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    try (Admin admin = Admin.create(config)) {
      Map<String, KafkaFuture<Void>> results = admin.createTopics(topics).values();
      for (Map.Entry<String, KafkaFuture<Void>> result : results.entrySet()) {
        await(result.getKey(), result.getValue(), bootstrapServers);
      }
    }
  }

  private static void await(String topic, KafkaFuture<Void> creation, String bootstrapServers) {
    try {
      creation.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new IllegalStateException(
            "topic %s cannot be created on %s: %s".formatted(topic, bootstrapServers, e.getCause()),
            e);
      }
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "Kafka at %s did not answer within %d s; is it running, and is kafka.bootstrap_servers right?"
              .formatted(bootstrapServers, TIMEOUT_SECONDS),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while creating topic " + topic, e);
    }
  }
}
