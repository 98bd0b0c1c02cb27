// SPDX-License-Identifier: Apache-2.0
package dev.petrel.kafka.server;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * The broker's settings: one node on the loopback interface of a developer's machine, with little
 * memory, few files, and all that exactly-once processing needs. What is not named here is Kafka's
 * default, so that topics behave as on any other cluster.
 */
final class BrokerSettings {
  private static final int MEBIBYTE = 1024 * 1024;

  private BrokerSettings() {}

  static Properties of(Path data, int port, int controllerPort) {
    Properties settings = new Properties();
    settings.putAll(SINGLE_NODE);
    settings.putAll(SMALL_MACHINE);
    settings.put(
        "listeners",
        "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort));
    settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port);
    settings.put("controller.quorum.voters", "1@127.0.0.1:" + controllerPort);
    settings.put("log.dirs", data.resolve("data").toString());
    return settings;
  }

  private static final Map<String, String> SINGLE_NODE =
      Map.ofEntries(
          Map.entry("process.roles", "broker,controller"),
          Map.entry("node.id", "1"),
          Map.entry("controller.listener.names", "CONTROLLER"),
          Map.entry("inter.broker.listener.name", "PLAINTEXT"),
          Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
          Map.entry("default.replication.factor", "1"),
          Map.entry("min.insync.replicas", "1"),
          Map.entry("offsets.topic.replication.factor", "1"),
          Map.entry("transaction.state.log.replication.factor", "1"),
          Map.entry("transaction.state.log.min.isr", "1"),
          Map.entry("share.coordinator.state.topic.replication.factor", "1"),
          Map.entry("share.coordinator.state.topic.min.isr", "1"),
          Map.entry("auto.create.topics.enable", "false"),
          Map.entry("group.initial.rebalance.delay.ms", "0"),
          // A dead-lettered record is the largest accepted one plus its headers.
          Map.entry("message.max.bytes", Integer.toString(8 * MEBIBYTE)),
          // A broker that crashed is not let in again before its session has run out, 9 s by
          // default.
          Map.entry("broker.session.timeout.ms", "4000"),
          Map.entry("broker.heartbeat.interval.ms", "1000"),
          // A laptop that was off for the default of 7 days must not begin again at the first
          // record: a year.
          Map.entry("offsets.retention.minutes", "525600"));

  private static final Map<String, String> SMALL_MACHINE =
      Map.ofEntries(
          Map.entry("offsets.topic.num.partitions", "8"),
          Map.entry("transaction.state.log.num.partitions", "8"),
          Map.entry("share.coordinator.state.topic.num.partitions", "1"),
          Map.entry("num.network.threads", "2"),
          Map.entry("num.io.threads", "4"),
          Map.entry("background.threads", "2"),
          Map.entry("group.coordinator.threads", "1"),
          Map.entry("share.coordinator.threads", "1"),
          // Recovery after a crash reads the last segment of each partition.
          Map.entry("log.segment.bytes", Integer.toString(128 * MEBIBYTE)),
          Map.entry("log.index.size.max.bytes", Integer.toString(MEBIBYTE)),
          // 128 MiB by default, a third of the heap; this still cleans 600,000 keys a pass.
          Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(16 * MEBIBYTE)),
          // Two writes a second by default, for the sake of other nodes.
          Map.entry("metadata.max.idle.interval.ms", "5000"));
}
