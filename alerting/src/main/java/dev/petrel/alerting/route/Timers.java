// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When an incident is told.
 *
 * @param groupWait from its first alert to the first notification; it lets related alerts come
 *     together, and those that inhibit others
 * @param groupInterval the least time between a notification and the next about a change
 * @param repeatInterval how long nothing changes before it is told once more; null for never
 * @param linger how long it stays open after its last alert is over
 */
public record Timers(
    Duration groupWait,
    Duration groupInterval,
    @Nullable Duration repeatInterval,
    Duration linger) {

  /** Alertmanager's defaults. */
  public static final Timers DEFAULT =
      new Timers(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(4), Duration.ZERO);

  /** Everything at once, nothing twice. */
  public static final Timers IMMEDIATE =
      new Timers(Duration.ZERO, Duration.ZERO, null, Duration.ZERO);

  /** The same with another wait. */
  public Timers withGroupWait(Duration wait) {
    return new Timers(wait, groupInterval, repeatInterval, linger);
  }

  /** The same with another interval. */
  public Timers withGroupInterval(Duration interval) {
    return new Timers(groupWait, interval, repeatInterval, linger);
  }

  /** The same with another time of repetition. */
  public Timers withRepeatInterval(@Nullable Duration interval) {
    return new Timers(groupWait, groupInterval, interval, linger);
  }
}
