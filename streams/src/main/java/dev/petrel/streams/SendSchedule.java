// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import java.time.Duration;

/**
 * When the processors of a stream thread send what they hold: each full second, or fourth one while
 * catching up. Not thread-safe.
 *
 * <p>A thread commits all its tasks at once. They send together or not at all, because what a task
 * has not sent at a commit must go into a store first.
 */
final class SendSchedule {

  /** All processors look at full seconds. */
  static final Duration TICK = Duration.ofSeconds(1);

  private static final long CATCH_UP_INTERVAL_MS = 4 * TICK.toMillis();
  private static final long CATCHING_UP_MS = 10_000;

  private long latestArrival = Long.MIN_VALUE;
  private boolean hadInput;
  private long lastTick = Long.MIN_VALUE;
  private boolean isDue;
  private long lastSent;

  /** Notes a record that arrived in Kafka at {@code arrival}, in ms since the epoch. */
  void received(long arrival) {
    latestArrival = Math.max(latestArrival, arrival);
    hadInput = true;
  }

  /**
   * Whether to send now: the same answer for all that ask at one tick.
   *
   * @param now wall-clock time, in ms since the epoch
   */
  boolean isDue(long now) {
    long tick = now / TICK.toMillis();
    if (tick != lastTick) {
      lastTick = tick;
      // Without input for a tick there is nothing to wait for.
      boolean catchingUp = hadInput && latestArrival < now - CATCHING_UP_MS;
      isDue = !catchingUp || now / CATCH_UP_INTERVAL_MS != lastSent / CATCH_UP_INTERVAL_MS;
      hadInput = false;
      if (isDue) {
        lastSent = now;
      }
    }
    return isDue;
  }
}
