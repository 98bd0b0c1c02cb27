// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The minutes, hours and days that streams has published so far, as a reader of the topics finds
 * them.
 */
final class PublishedStats implements AutoCloseable {

  private final CommittedRecords records;
  private final Set<String> kinds;
  private final Map<ScopeWindow, CallStats> latest = new HashMap<>();
  private final List<String> regressions = new ArrayList<>();
  private long attempts;

  /** Those of some kinds of scopes. */
  PublishedStats(String bootstrapServers, Set<String> kinds) {
    this.kinds = kinds;
    records = new CommittedRecords(bootstrapServers, "llm-call-stats", "llm-call-rollups");
  }

  /** Takes in what has come since the last call. */
  void read() {
    for (ConsumerRecord<byte[], byte[]> record : records.read()) {
      String key = new String(record.key(), StandardCharsets.UTF_8);
      if (!kinds.contains(key.substring(0, key.indexOf('|')))) {
        continue;
      }
      CallStats stats = CallStatsCodec.decode(record.value());
      CallStats before = latest.put(ScopeWindow.of(stats), stats);
      if (stats.windowMs() == ScopeWindow.MINUTE) {
        attempts += stats.measures().attempts();
        attempts -= before == null ? 0 : before.measures().attempts();
      }
      if (before != null) {
        if (stats.revision() <= before.revision()
            || stats.measures().attempts() < before.measures().attempts()) {
          regressions.add(text(before) + ", then " + text(stats));
        }
      }
    }
  }

  /** Takes in all that there is. */
  void readToEnd() {
    while (!records.atEnd()) {
      read();
    }
  }

  private static String text(CallStats stats) {
    return "%s revision %d with %d attempts"
        .formatted(stats.key(), stats.revision(), stats.measures().attempts());
  }

  /** The sum over the minutes of all of these scopes. */
  long attempts() {
    return attempts;
  }

  /** The latest version of each. */
  Map<ScopeWindow, CallStats> latest() {
    return latest;
  }

  /** Versions that were followed by an older or smaller one, in words. */
  List<String> regressions() {
    return regressions;
  }

  @Override
  public void close() {
    records.close();
  }
}
