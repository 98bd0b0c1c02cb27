// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.alerting.AlertingSettings;
import dev.petrel.dashboards.DashboardsSettings;
import dev.petrel.gateway.GatewaySettings;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import dev.petrel.streams.StreamsSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which every command gets its settings. */
final class SettingsOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "YAML file with settings (default: $$PETREL_CONFIG, or none).")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides one setting; may be repeated.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      description = "Kafka brokers to use (kafka.bootstrap_servers).")
  private @Nullable String kafka;

  @Option(
      names = "--opensearch",
      paramLabel = "URL",
      description = "OpenSearch to use (opensearch.url).")
  private @Nullable String openSearch;

  /** Called by picocli. */
  SettingsOptions() {}

  /** The brokers named on the command line, null when none are. */
  @Nullable String kafka() {
    return kafka;
  }

  /** The OpenSearch named on the command line, null when none is. */
  @Nullable String openSearch() {
    return openSearch;
  }

  /** The settings in force. */
  Settings load() {
    return load(Map.of());
  }

  /** The settings in force, some of them replaced by what the command itself has started. */
  Settings load(Map<String, String> started) {
    Map<String, String> all = new LinkedHashMap<>();
    if (kafka != null) {
      all.put(KafkaSettings.BOOTSTRAP_SERVERS.key(), kafka);
    }
    if (openSearch != null) {
      all.put(DashboardsSettings.OPENSEARCH_URL.key(), openSearch);
    }
    all.putAll(started);
    all.putAll(overrides);
    String fromEnvironment = System.getenv("PETREL_CONFIG");
    Path source = file != null || fromEnvironment == null ? file : Path.of(fromEnvironment);
    return Settings.load(source, System.getenv(), all, known());
  }

  /** Every setting of every service. */
  static List<Setting<?>> known() {
    List<Setting<?>> known = new ArrayList<>(KafkaSettings.ALL);
    known.addAll(EmbeddedSettings.ALL);
    known.addAll(ManagementSettings.ALL);
    known.addAll(GatewaySettings.ALL);
    known.addAll(StreamsSettings.ALL);
    known.addAll(AlertingSettings.ALL);
    known.addAll(DashboardsSettings.ALL);
    return known;
  }
}
