// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import dev.petrel.stats.ScopeKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The settings of the aggregation. */
public final class StreamsSettings {

  /** Where local state is kept. */
  public static final Setting<Path> STATE_DIR =
      Setting.path(
          "streams.state_dir",
          ".petrel/streams",
          "Directory of local state; lost state is restored from Kafka.");

  /** Stream threads. */
  public static final Setting<Integer> THREADS =
      Setting.number("streams.threads", 1, 1, 64, "Threads that share the partitions.");

  /** Warm copies of the state. */
  public static final Setting<Integer> STANDBY_REPLICAS =
      Setting.number(
          "streams.standby_replicas",
          0,
          0,
          5,
          "Warm copies of each state on other instances, for a fast takeover.");

  /** Lateness that is still counted. */
  public static final Setting<Duration> CORRECTION_HORIZON =
      Setting.duration(
          "streams.correction_horizon",
          "24h",
          "How much later than its time a live event may arrive and still be counted; also how long a"
              + " repeated event is recognised.");

  /** Wait before a window is final. */
  public static final Setting<Duration> CLOSE_DELAY =
      Setting.duration(
          "streams.close_delay",
          "1m",
          "How far stream time must pass the end of a window before it is published as final.");

  private static final Map<ScopeKind, Setting<Integer>> MAX_SCOPES = new EnumMap<>(ScopeKind.class);

  static {
    maxScopes(ScopeKind.PROVIDER, 100);
    maxScopes(ScopeKind.MODEL, 1_000);
    maxScopes(ScopeKind.TENANT, 10_000);
    maxScopes(ScopeKind.TENANT_MODEL, 30_000);
    maxScopes(ScopeKind.SERVICE, 2_000);
    maxScopes(ScopeKind.CREDENTIAL, 5_000);
  }

  /** All of them. */
  public static final List<Setting<?>> ALL =
      Stream.<Setting<?>>concat(
              Stream.of(STATE_DIR, THREADS, STANDBY_REPLICAS, CORRECTION_HORIZON, CLOSE_DELAY),
              MAX_SCOPES.values().stream())
          .toList();

  private static void maxScopes(ScopeKind kind, int standard) {
    MAX_SCOPES.put(
        kind,
        Setting.number(
            "streams.max_%ss".formatted(kind.wireName()),
            standard,
            1,
            10_000_000,
            "Most scopes of kind %s with aggregates of their own; the busiest get them, all others"
                    .formatted(kind.wireName())
                + " are counted together as __other__."));
  }

  /** Most scopes of each kind that have aggregates of their own. */
  static Map<ScopeKind, Integer> maxScopes(Settings settings) {
    Map<ScopeKind, Integer> caps = new EnumMap<>(ScopeKind.class);
    MAX_SCOPES.forEach((kind, setting) -> caps.put(kind, settings.get(setting)));
    return caps;
  }

  private StreamsSettings() {}
}
