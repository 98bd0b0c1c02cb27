// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
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
    try (Admin admin = admin(bootstrapServers)) {
      Map<String, KafkaFuture<Void>> results = admin.createTopics(topics).values();
      for (Map.Entry<String, KafkaFuture<Void>> result : results.entrySet()) {
        try {
          await(result.getValue(), bootstrapServers);
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof TopicExistsException)) {
            throw new IllegalStateException(
                "topic %s cannot be created on %s: %s"
                    .formatted(result.getKey(), bootstrapServers, e.getCause()),
                e);
          }
        }
      }
    }
  }

  /**
   * How many partitions a topic has, whoever created it.
   *
   * @throws IllegalStateException when the cluster does not answer or has no such topic
   */
  public static int partitions(Settings settings, Topic topic) {
    String bootstrapServers = settings.get(KafkaSettings.BOOTSTRAP_SERVERS);
    String name = topic.topicName();
    try (Admin admin = admin(bootstrapServers)) {
      KafkaFuture<TopicDescription> answer =
          admin.describeTopics(List.of(name)).topicNameValues().get(name);
      TopicDescription description =
          await(requireNonNull(answer, "an answer for each topic asked for"), bootstrapServers);
      return description.partitions().size();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "topic %s cannot be read on %s: %s".formatted(name, bootstrapServers, e.getCause()), e);
    }
  }

  private static Admin admin(String bootstrapServers) {
    return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
  }

  private static <T> T await(KafkaFuture<T> answer, String bootstrapServers)
      throws ExecutionException {
    try {
      return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "Kafka at %s did not answer within %d s; is it running, and is kafka.bootstrap_servers right?"
              .formatted(bootstrapServers, TIMEOUT_SECONDS),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for Kafka", e);
    }
  }
}
