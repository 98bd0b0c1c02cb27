// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service;

import java.time.Duration;
import java.util.Map;

/** The topics that services and applications meet in. */
public enum Topic {
  /** Call events; key is the call id. */
  CALLS("llm-calls", Map.of("retention.ms", days(7))),
  /**
   * Records of {@link #CALLS} that are no valid event, with headers that say why. It takes records
   * a little larger than those of the source topic, since the headers come on top.
   */
  DEAD_LETTERS("llm-calls-dlq", Map.of("retention.ms", days(30), "max.message.bytes", "4194304")),
  /** Aggregates; key is scope and window. Kept until replaced, and for 14 days. */
  CALL_STATS(
      "llm-call-stats", Map.of("cleanup.policy", "compact,delete", "retention.ms", days(14))),
  /** Hourly and daily aggregates; key is scope and window. Kept until replaced, and for 90 days. */
  CALL_ROLLUPS(
      "llm-call-rollups", Map.of("cleanup.policy", "compact,delete", "retention.ms", days(90))),
  /** What became of the records of {@link #CALLS}; key is the partition, the latest is kept. */
  ACCOUNTS(
      "llm-accounts",
      // A record a second and partition: small segments, as the active one is never compacted.
      Map.of("cleanup.policy", "compact", "segment.bytes", "8388608", "segment.ms", "3600000")),
  /** Alert episodes; key is the alert id, each record is the episode as it stands. */
  ALERTS("llm-alerts", Map.of("cleanup.policy", "compact,delete", "retention.ms", days(90))),
  /** Incidents and their deliveries to receivers; key is the incident id. */
  NOTIFICATIONS("llm-notifications", Map.of("cleanup.policy", "compact")),
  /** Silences by id. */
  SILENCES("llm-silences", Map.of("cleanup.policy", "compact"));

  private final String topicName;

  @SuppressWarnings("ImmutableEnumChecker") // a Map.of
  private final Map<String, String> config;

  Topic(String topicName, Map<String, String> config) {
    this.topicName = topicName;
    this.config = config;
  }

  /** The name in Kafka. */
  public String topicName() {
    return topicName;
  }

  /** The configuration that the topic is created with. */
  public Map<String, String> config() {
    return config;
  }

  private static String days(int days) {
    return Long.toString(Duration.ofDays(days).toMillis());
  }
}
