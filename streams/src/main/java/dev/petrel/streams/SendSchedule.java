// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import java.time.Duration;

/**
 * When a processor sends what it holds: each full second, or fourth one while catching up. Not
 * thread-safe.
 */
final class SendSchedule {

  /** All processors look at full seconds, so that those of a thread send in one transaction. */
  static final Duration TICK = Duration.ofSeconds(1);

  private static final long CATCH_UP_INTERVAL_MS = 4 * TICK.toMillis();
  private static final long CATCHING_UP_MS = 10_000;

  private long latestArrival = Long.MIN_VALUE;
  private boolean hadInput;
  private long lastSent;

  /** Notes a record that arrived in Kafka at {@code arrival}, in ms since the epoch. */
  void received(long arrival) {
    latestArrival = Math.max(latestArrival, arrival);
    hadInput = true;
  }

  /** When the latest record had arrived; {@link Long#MIN_VALUE} before the first. */
  long latestArrival() {
    return latestArrival;
  }

  /**
   * Whether to send now, to be asked at each tick; if so, it is taken as done.
   *
   * @param now wall-clock time, in ms since the epoch
   */
  boolean isDue(long now) {
    // Without input for a tick there is nothing to wait for.
    boolean catchingUp = hadInput && latestArrival < now - CATCHING_UP_MS;
    hadInput = false;
    if (catchingUp && now / CATCH_UP_INTERVAL_MS == lastSent / CATCH_UP_INTERVAL_MS) {
      return false;
    }
    lastSent = now;
    return true;
  }
}
