// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.service.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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

  /** All of them. */
  public static final List<Setting<?>> ALL =
      List.of(STATE_DIR, THREADS, STANDBY_REPLICAS, CORRECTION_HORIZON, CLOSE_DELAY);

  private StreamsSettings() {}
}
