// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.dashboards.accounts.AccountsLog;
import dev.petrel.dashboards.accounts.Conservation;
import dev.petrel.dashboards.index.Indices;
import dev.petrel.dashboards.index.OpenSearch;
import dev.petrel.dashboards.index.OpenSearchCallException;
import dev.petrel.service.Topic;
import dev.petrel.stats.Accounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Looks whether every call is accounted for, from Kafka and OpenSearch themselves: no service of
 * Petrel has to run. Traffic may go on meanwhile. Not thread-safe.
 */
final class ConservationCheck implements AutoCloseable {

  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);
  private static final long TIMEOUT_SECONDS = 5;

  /** How often things are looked at that agree at any time, but are not read at the same time. */
  private static final int TRIES = 5;

  private static final long PAUSE_MS = 1_000;

  private final Admin admin;
  private final ConservationReport report;
  private final AccountsLog accounts;
  private final RecordScan scan;

  /** What was seen in one look. */
  private record Look(Conservation conservation, List<PartitionOffsets> offsets) {
    boolean isConsistent() {
      Accounts total = conservation.total();
      return total.merged() <= total.aggregated()
          && offsets.stream().allMatch(PartitionOffsets::agree);
    }
  }

  ConservationCheck(String brokers, Admin admin, Findings findings) {
    this.admin = admin;
    report = new ConservationReport(findings);
    accounts = new AccountsLog(brokers);
    scan = new RecordScan(brokers);
  }

  /**
   * Compares the accounts with each other and with the offsets that are committed.
   *
   * @throws org.apache.kafka.common.KafkaException when Kafka does not answer in time
   */
  void accounts() throws InterruptedException, ExecutionException, TimeoutException {
    Look look = look();
    for (int i = 1; i < TRIES && !look.isConsistent(); i++) {
      Thread.sleep(PAUSE_MS);
      look = look();
    }
    report.equation(look.conservation());
    report.offsets(look.offsets());
    report.unreadOffsets(look.conservation());
    report.inFlight(look.conservation(), lags("petrel-streams", Topic.CALLS));
  }

  private Look look() throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, Long> before = committed("petrel-streams", Topic.CALLS);
    Conservation conservation = accounts.readToEnd(READ_TIMEOUT);
    Map<TopicPartition, Long> after = committed("petrel-streams", Topic.CALLS);
    Map<Integer, Accounts> calls = conservation.ofCalls();
    Map<TopicPartition, RecordScan.Span> gaps = new HashMap<>();
    before.forEach(
        (partition, offset) -> {
          if (accounted(calls, partition) < offset) {
            gaps.put(partition, new RecordScan.Span(accounted(calls, partition), offset));
          }
        });
    Set<TopicPartition> skipped = gaps.isEmpty() ? Set.of() : scan.withRecords(gaps);
    List<PartitionOffsets> offsets = new ArrayList<>();
    for (int i = 0; i < before.size(); i++) {
      TopicPartition partition = new TopicPartition(Topic.CALLS.topicName(), i);
      offsets.add(
          new PartitionOffsets(
              i,
              accounted(calls, partition),
              before.getOrDefault(partition, 0L),
              after.getOrDefault(partition, 0L),
              skipped.contains(partition)));
    }
    return new Look(conservation, offsets);
  }

  private static long accounted(Map<Integer, Accounts> calls, TopicPartition partition) {
    Accounts account = calls.get(partition.partition());
    return account == null ? 0 : Math.max(0, account.nextOffset());
  }

  /** What a group has committed for each partition of a topic; 0 where nothing is. */
  private Map<TopicPartition, Long> committed(String group, Topic topic)
      throws InterruptedException, ExecutionException, TimeoutException {
    TopicDescription description =
        admin
            .describeTopics(List.of(topic.topicName()))
            .allTopicNames()
            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .values()
            .iterator()
            .next();
    Map<TopicPartition, OffsetAndMetadata> known =
        admin
            .listConsumerGroupOffsets(group)
            .partitionsToOffsetAndMetadata()
            .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    Map<TopicPartition, Long> committed = new HashMap<>();
    for (int i = 0; i < description.partitions().size(); i++) {
      TopicPartition partition = new TopicPartition(topic.topicName(), i);
      OffsetAndMetadata offset = known.get(partition);
      committed.put(partition, offset == null ? 0 : offset.offset());
    }
    return committed;
  }

  /** Whether a group has records of a topic before it. */
  private boolean lags(String group, Topic topic)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, RecordScan.Span> ahead = new HashMap<>();
    committed(group, topic)
        .forEach((partition, offset) -> ahead.put(partition, RecordScan.Span.from(offset)));
    return !scan.withRecords(ahead).isEmpty();
  }

  /**
   * Compares the documents with the accounts.
   *
   * @throws OpenSearchCallException when OpenSearch does not answer or refuses
   * @throws org.apache.kafka.common.KafkaException when Kafka does not answer in time
   */
  void documents(OpenSearch openSearch)
      throws InterruptedException, ExecutionException, TimeoutException {
    long published = accounts.readToEnd(READ_TIMEOUT).total().merged();
    boolean lags = lags("petrel-dashboards", Topic.CALL_STATS);
    // What was written within the last second is not searchable yet; a refusal is no matter.
    openSearch.send("POST", "/" + Indices.CALL_STATS + "/_refresh", Map.of(), null);
    long documents =
        openSearch
            .search(
                Indices.CALL_STATS,
                Map.of(
                    "size",
                    0,
                    "query",
                    Map.of("term", Map.of("scope_kind", "all")),
                    "aggs",
                    Map.of("attempts", Map.of("sum", Map.of("field", "attempts")))))
            .at("/aggregations/attempts/value")
            .asLong();
    report.documents(published, documents, accounts.readToEnd(READ_TIMEOUT).total().merged(), lags);
  }

  @Override
  public void close() {
    accounts.close();
    scan.close();
  }
}
