// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

/**
 * How often a receiver may be called, over all incidents.
 *
 * @param perMinute calls in the long run
 * @param burst calls at once after a time of rest
 */
public record Pace(int perMinute, int burst) {

  private static final long MINUTE_MS = 60_000;
  private static final int UNLIMITED = 600;

  public Pace {
    if (perMinute < 1 || burst < 1) {
      throw new IllegalArgumentException("per_minute and burst must be at least 1");
    }
  }

  /** What the receiver takes; 600 a minute where it states no limit. */
  public static Pace of(Notifier notifier) {
    return notifier
        .limit()
        .map(
            limit ->
                perMinute((int) Math.max(1, limit.notices() * MINUTE_MS / limit.per().toMillis())))
        .orElseGet(() -> perMinute(UNLIMITED));
  }

  /** As many a minute, a tenth of them at once. */
  public static Pace perMinute(int calls) {
    return new Pace(calls, Math.max(1, calls / 10));
  }
}
