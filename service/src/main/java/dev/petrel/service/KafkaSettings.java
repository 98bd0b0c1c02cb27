// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service;

import java.util.List;

/** The settings of the Kafka cluster that all services meet in. */
public final class KafkaSettings {

  /** Where the cluster is. */
  public static final Setting<String> BOOTSTRAP_SERVERS =
      Setting.text(
          "kafka.bootstrap_servers",
          "127.0.0.1:9092",
          "Kafka brokers, host:port, comma-separated.");

  /** Partitions of the topics that Petrel creates. */
  public static final Setting<Integer> PARTITIONS =
      Setting.number(
          "kafka.partitions",
          4,
          1,
          1000,
          "Partitions of each topic that Petrel creates; existing topics keep theirs.");

  /** Replicas of the topics that Petrel creates. */
  public static final Setting<Integer> REPLICATION_FACTOR =
      Setting.number(
          "kafka.replication_factor",
          1,
          1,
          10,
          "Replicas of each topic that Petrel creates; 3 on a cluster that must not lose data.");

  /** All of them. */
  public static final List<Setting<?>> ALL =
      List.of(BOOTSTRAP_SERVERS, PARTITIONS, REPLICATION_FACTOR);

  private KafkaSettings() {}
}
