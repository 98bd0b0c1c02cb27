// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import java.time.Duration;

/** When a processor sends what it holds: each full second, or fourth one while catching up. */
final class SendSchedule {

  /** All processors look at full seconds, so that those of a thread send in one transaction. */
  static final Duration TICK = Duration.ofSeconds(1);

  private static final long CATCH_UP_INTERVAL_MS = 4 * TICK.toMillis();
  private static final long CATCHING_UP_MS = 10_000;

  private long lastSent;

  /**
   * Whether to send now; if so, it is taken as done.
   *
   * @param now wall-clock time, in ms since the epoch
   * @param latestArrival when the latest record that was read had arrived in Kafka
   */
  boolean isDue(long now, long latestArrival) {
    boolean catchingUp = latestArrival < now - CATCHING_UP_MS;
    if (catchingUp && now / CATCH_UP_INTERVAL_MS == lastSent / CATCH_UP_INTERVAL_MS) {
      return false;
    }
    lastSent = now;
    return true;
  }
}
