// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

/**
 * How often a receiver may be called, over all incidents.
 *
 * @param perMinute calls in the long run
 * @param burst calls at once after a time of rest
 */
public record Pace(int perMinute, int burst) {

  public Pace {
    if (perMinute < 1 || burst < 1) {
      throw new IllegalArgumentException("per_minute and burst must be at least 1");
    }
  }

  /** As many a minute, a tenth of them at once. */
  public static Pace perMinute(int calls) {
    return new Pace(calls, Math.max(1, calls / 10));
  }
}
