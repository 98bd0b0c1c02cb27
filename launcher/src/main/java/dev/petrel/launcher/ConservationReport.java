// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.dashboards.accounts.Conservation;
import dev.petrel.service.Topic;
import dev.petrel.stats.Accounts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is said about conservation, given what was seen. */
final class ConservationReport {

  private static final String ACCOUNTS = "accounts";
  private static final String DOCUMENTS = "documents";
  private static final String CALLS = Topic.CALLS.topicName();

  private final Findings findings;

  ConservationReport(Findings findings) {
    this.findings = findings;
  }

  /** The equation itself. */
  void equation(Conservation conservation) {
    if (conservation.accounts().isEmpty()) {
      findings.ok(ACCOUNTS, "none yet: no call has been read");
      return;
    }
    Accounts total = conservation.total();
    String equation =
        "accepted %,d %s aggregated %,d + dead-lettered %,d + duplicates %,d + beyond retention %,d"
            .formatted(
                total.accepted(),
                total.difference() == 0 ? "=" : "is not",
                total.aggregated(),
                total.deadLettered(),
                total.duplicates(),
                total.beyondRetention());
    if (total.difference() == 0) {
      findings.ok(ACCOUNTS, equation);
    } else {
      findings.fail(
          ACCOUNTS,
          "%s: %,d records are %s"
              .formatted(
                  equation,
                  Math.abs(total.difference()),
                  total.difference() > 0 ? "unaccounted for" : "accounted for twice"),
          "this is a defect of petrel streams: keep its log and a copy of topic %s, and report it"
              .formatted(Topic.ACCOUNTS.topicName()));
    }
  }

  /** Records that were never there to be read. */
  void unreadOffsets(Conservation conservation) {
    Map<Integer, Long> unread = new TreeMap<>();
    conservation
        .ofCalls()
        .forEach(
            (partition, account) -> {
              if (account.unreadOffsets() > 0) {
                unread.put(partition, account.unreadOffsets());
              }
            });
    if (unread.isEmpty()) {
      return;
    }
    long sum = unread.values().stream().mapToLong(Long::longValue).sum();
    findings.note(
        ACCOUNTS,
        "%,d offsets of %s held no record to read (by partition: %s)".formatted(sum, CALLS, unread),
        "innocent if producers write in transactions, as their ends take an offset each; or %s deleted records before they were read, as after an outage longer than its retention.ms: those are lost, keep the topic longer"
            .formatted(CALLS));
  }

  /** Whether what was read and what is accounted for is the same. */
  void offsets(List<PartitionOffsets> offsets) {
    for (PartitionOffsets each : offsets) {
      String where = "%s partition %d: ".formatted(CALLS, each.partition());
      if (each.skipped()) {
        findings.fail(
            ACCOUNTS,
            where
                + "offset %,d is committed, accounts end at %,d: the records between were never counted"
                    .formatted(each.committed(), each.accounted()),
            "somebody moved the group's offsets, or deleted %s. Stop petrel streams, set it back with kafka-consumer-groups --group petrel-streams --topic %s:%d --reset-offsets --to-offset %d --execute, start it"
                .formatted(Topic.ACCOUNTS.topicName(), CALLS, each.partition(), each.accounted()));
      } else if (each.repeats()) {
        findings.fail(
            ACCOUNTS,
            where
                + "accounts end at %,d, but offset %,d is committed: the records between are read again"
                    .formatted(each.accounted(), each.committedAfter()),
            "somebody moved the group's offsets, or they expired. Those that streams.correction_horizon still remembers count as duplicates, older ones twice: stop petrel streams, set it forth with kafka-consumer-groups --group petrel-streams --topic %s:%d --reset-offsets --to-offset %d --execute, start it"
                .formatted(CALLS, each.partition(), each.accounted()));
      }
    }
    if (!offsets.isEmpty() && offsets.stream().allMatch(PartitionOffsets::agree)) {
      findings.ok(ACCOUNTS, "they end where petrel-streams has committed");
    }
  }

  /**
   * Whether what was counted has arrived.
   *
   * @param lags whether there are calls that are not read yet
   */
  void inFlight(Conservation conservation, boolean lags) {
    Accounts total = conservation.total();
    long open = total.aggregated() - total.merged();
    if (open < 0) {
      findings.fail(
          ACCOUNTS,
          "published aggregates hold %,d attempts more than were counted".formatted(-open),
          "this is a defect of petrel streams: keep its log and a copy of topic %s, and report it"
              .formatted(Topic.ACCOUNTS.topicName()));
    } else if (open > 0 && lags) {
      findings.ok(ACCOUNTS, "%,d attempts are on their way into aggregates".formatted(open));
    } else if (open > 0) {
      findings.warn(
          ACCOUNTS,
          "%,d attempts are on their way into aggregates, though all calls are read"
              .formatted(open),
          "run petrel doctor again in a few seconds; if they stay, start petrel streams or look at its log");
    } else if (!conservation.accounts().isEmpty()) {
      findings.ok(ACCOUNTS, "all %,d aggregated attempts are published".formatted(total.merged()));
    }
  }

  /**
   * Whether the documents hold what was published.
   *
   * @param published attempts in published aggregates, before the documents were summed
   * @param documents attempts in documents
   * @param publishedAfter attempts in published aggregates, after that
   * @param lags whether there are aggregates that are not written yet
   */
  void documents(long published, long documents, long publishedAfter, boolean lags) {
    String text =
        "OpenSearch holds %,d attempts, published are %,d".formatted(documents, published);
    if (documents > publishedAfter) {
      findings.warn(
          DOCUMENTS,
          text,
          "does another installation write to the same OpenSearch, or was %s deleted? Documents of before are still there"
              .formatted(Topic.ACCOUNTS.topicName()));
    } else if (documents >= published) {
      findings.ok(DOCUMENTS, text);
    } else if (lags) {
      findings.ok(DOCUMENTS, text + "; the rest waits for petrel-dashboards");
    } else {
      findings.warn(
          DOCUMENTS,
          text,
          "fine if old indices were deleted, as by your retention. If not, read %s for dead letters of %s; and to write all that it still holds again, stop petrel dashboards, run kafka-consumer-groups --group petrel-dashboards --topic %s --reset-offsets --to-earliest --execute, start it"
              .formatted(
                  Topic.DEAD_LETTERS.topicName(),
                  Topic.CALL_STATS.topicName(),
                  Topic.CALL_STATS.topicName()));
    }
  }
}
