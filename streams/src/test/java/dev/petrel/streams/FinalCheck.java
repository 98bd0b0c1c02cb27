// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.stats.Accounts;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/**
 * Waits until streams has made of all that was sent exactly what the reference says: minutes, hours
 * and days, accounts and dead letters.
 *
 * @param bootstrapServers of the broker
 * @param expected complete: nothing is sent any more
 * @param seed of the input, for the messages
 */
record FinalCheck(String bootstrapServers, Reference expected, long seed) {

  void awaitExact(StreamsService streams) {
    awaitExact(() -> true, streams::conservation);
  }

  /** None of the instances may exit. */
  void awaitExact(StreamsProcess... instances) {
    awaitExact(
        () -> List.of(instances).stream().allMatch(StreamsProcess::isAlive),
        () -> sumOfAccounts(instances));
  }

  private static Map<String, Long> sumOfAccounts(StreamsProcess... instances) {
    Map<String, Long> sums = new HashMap<>();
    for (StreamsProcess instance : instances) {
      instance.conservation().forEach((account, count) -> sums.merge(account, count, Long::sum));
    }
    return sums;
  }

  private void awaitExact(BooleanSupplier alive, Supplier<Map<String, Long>> accounts) {
    try (PublishedStats stats = new PublishedStats(bootstrapServers, expected.kinds())) {
      await(
          alive,
          () -> {
            stats.readToEnd();
            // More than is expected cannot become right: the comparison tells where it is.
            assertThat(stats.attempts())
                .as("attempts published, seed %d", seed)
                .isGreaterThanOrEqualTo(expected.attemptsInAllScopes());
          });
      await(
          alive,
          () -> assertThat(accounts.get()).as("seed %d", seed).isEqualTo(expected.accounts()));
      await(
          alive,
          () -> {
            // Windows that close meanwhile are read from two topics, one of them first.
            stats.readToEnd();
            assertThat(expected.differencesOf(stats.latest())).as("seed %d", seed).isEmpty();
          });
      assertThat(stats.regressions()).as("seed %d", seed).isEmpty();
    }
    // Both topics can still wait for the transaction of a killed instance to time out.
    await(
        alive,
        () ->
            assertThat(deadLetters())
                .as("dead letters, seed %d", seed)
                .isEqualTo(expected.deadLettered()));
    await(alive, this::assertPublishedAccounts);
  }

  private void await(BooleanSupplier alive, ThrowingRunnable assertion) {
    Awaitility.await()
        .atMost(Soak.patience())
        .failFast("streams has exited, seed " + seed, () -> !alive.getAsBoolean())
        .untilAsserted(assertion);
  }

  private long deadLetters() {
    long letters = 0;
    try (CommittedRecords records = new CommittedRecords(bootstrapServers, "llm-calls-dlq")) {
      while (!records.atEnd()) {
        letters += records.read().count();
      }
    }
    return letters;
  }

  private void assertPublishedAccounts() {
    Map<String, Accounts> latest = new HashMap<>();
    try (CommittedRecords records = new CommittedRecords(bootstrapServers, "llm-accounts")) {
      while (!records.atEnd()) {
        records
            .read()
            .forEach(
                record ->
                    latest.put(
                        new String(record.key(), StandardCharsets.UTF_8),
                        Accounts.decode(record.value())));
      }
    }
    Accounts sum = latest.values().stream().reduce(Accounts.NONE, Accounts::plus);
    Map<String, Long> exact = expected.accounts();
    assertThat(sum.accepted()).as("accepted, seed %d", seed).isEqualTo(exact.get("accepted"));
    assertThat(sum.merged()).as("merged, seed %d", seed).isEqualTo(exact.get("aggregated"));
    assertThat(sum.difference()).as("difference, seed %d", seed).isZero();
    assertThat(latest.values())
        .as("seed %d", seed)
        .allSatisfy(
            accounts ->
                assertThat(accounts.firstOffset() < 0 || accounts.unreadOffsets() == 0).isTrue());
  }
}
