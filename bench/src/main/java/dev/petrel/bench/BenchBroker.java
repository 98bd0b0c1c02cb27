// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import dev.petrel.processes.EmbeddedKafka;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;

/** The broker of one benchmark run, a child JVM, and what is asked of it between measurements. */
public final class BenchBroker implements AutoCloseable {

  /** The one that the embedded broker gives itself. */
  private static final int NODE_ID = 1;

  private static final int ATTEMPTS = 120;
  private static final int PAUSE_MILLIS = 500;

  private final EmbeddedKafka kafka;
  private final Admin admin;

  private BenchBroker(EmbeddedKafka kafka) {
    this.kafka = kafka;
    this.admin =
        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()));
  }

  /** Starts one with its data in {@code directory}. */
  public static BenchBroker start(Path directory) {
    return new BenchBroker(EmbeddedKafka.start(EmbeddedKafka.options(directory)));
  }

  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  long pid() {
    return kafka.pid();
  }

  /** Makes an empty topic; one of this name is deleted before. */
  public void replaceTopic(String topic, int partitions, Map<String, String> config) {
    deleteTopics(List.of(topic));
    NewTopic created = new NewTopic(topic, partitions, (short) 1).configs(config);
    ask("create " + topic, () -> admin.createTopics(List.of(created)).all().get());
  }

  /** Forgets all of a Kafka Streams application that has ended: its group, its internal topics. */
  void forget(String application) throws InterruptedException {
    for (int attempt = 1; !deleteGroup(application); attempt++) {
      if (attempt == ATTEMPTS) {
        throw new IllegalStateException("group %s still has members".formatted(application));
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    deleteTopics(topics().stream().filter(topic -> topic.startsWith(application + "-")).toList());
  }

  private boolean deleteGroup(String group) {
    try {
      // An application that ends does not leave: it would be a member until its session is over.
      admin
          .removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
          .all()
          .get();
    } catch (ExecutionException e) {
      // There was none; whether any is left is seen next.
    } catch (InterruptedException e) {
      throw interrupted("remove the members of " + group, e);
    }
    try {
      admin.deleteConsumerGroups(List.of(group)).all().get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return true;
      }
      if (e.getCause() instanceof GroupNotEmptyException) {
        return false;
      }
      throw new IllegalStateException("could not delete group " + group, e);
    } catch (InterruptedException e) {
      throw interrupted("delete group " + group, e);
    }
  }

  /** Deletes those of the topics that exist. */
  void deleteTopics(Collection<String> topics) {
    Set<String> existing = topics();
    List<String> doomed = topics.stream().filter(existing::contains).toList();
    ask("delete " + doomed, () -> admin.deleteTopics(doomed).all().get());
  }

  /** MiB in each topic in which there is anything, largest first. */
  List<String> sizes() {
    Map<String, Long> bytes =
        ask(
                "describe log directories",
                () -> admin.describeLogDirs(List.of(NODE_ID)).allDescriptions().get())
            .values()
            .stream()
            .flatMap(directories -> directories.values().stream())
            .flatMap(directory -> directory.replicaInfos().entrySet().stream())
            .collect(
                Collectors.groupingBy(
                    replica -> replica.getKey().topic(),
                    Collectors.summingLong(replica -> replica.getValue().size())));
    return bytes.entrySet().stream()
        .filter(topic -> topic.getValue() > 0)
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .map(topic -> "%,10.1f MiB  %s".formatted(topic.getValue() / 1048576.0, topic.getKey()))
        .toList();
  }

  /** How many records all partitions of a topic have been given, if none was in a transaction. */
  public long records(String topic) {
    Map<TopicPartition, OffsetSpec> latest =
        ask("describe " + topic, () -> admin.describeTopics(List.of(topic)).allTopicNames().get())
            .values()
            .stream()
            .flatMap(
                description ->
                    description.partitions().stream()
                        .map(info -> new TopicPartition(topic, info.partition())))
            .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
    return ask("list offsets of " + topic, () -> admin.listOffsets(latest).all().get())
        .values()
        .stream()
        .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
        .sum();
  }

  private Set<String> topics() {
    return ask("list topics", () -> admin.listTopics().names().get());
  }

  private interface Question<T> {
    T ask() throws ExecutionException, InterruptedException;
  }

  private static <T> T ask(String what, Question<T> question) {
    try {
      return question.ask();
    } catch (ExecutionException e) {
      throw new IllegalStateException("could not " + what, e);
    } catch (InterruptedException e) {
      throw interrupted(what, e);
    }
  }

  private static IllegalStateException interrupted(String what, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted: " + what, cause);
  }

  @Override
  public void close() {
    admin.close();
    kafka.close();
  }
}
