// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import java.time.Duration;

/**
 * The parameters of the {@code error_rate} rule.
 *
 * @param window how many full minutes count besides the current one; whole minutes
 * @param above fires at this share of failed attempts or more
 * @param minBad and at this many failed attempts or more
 * @param hold for how long both must hold: {@code for}
 * @param recoverBelow recovers below this share
 * @param keepFiringFor after staying there for this long
 */
public record ErrorRateConfig(
    Duration window,
    double above,
    int minBad,
    Duration hold,
    double recoverBelow,
    Duration keepFiringFor) {

  static final Duration MINUTE = Duration.ofMinutes(1);

  public ErrorRateConfig {
    if (window.compareTo(MINUTE) < 0
        || window.compareTo(MINUTE.multipliedBy(5)) > 0
        || window.toMillis() % MINUTE.toMillis() != 0) {
      throw new IllegalArgumentException(
          "alerting.error_rate.window: was " + window + ", must be whole minutes from 1m to 5m");
    }
    if (!(recoverBelow < above)) {
      throw new IllegalArgumentException(
          "alerting.error_rate.recover_below: was %s, must be below alerting.error_rate.above, %s"
              .formatted(recoverBelow, above));
    }
  }

  /** The full minutes of the window. */
  int minutes() {
    return (int) window.toMinutes();
  }

  /** Failures that make a neighbour suspect: half of what it takes to fire. */
  int suspectBad() {
    return Math.max(3, minBad / 2);
  }

  boolean failing(Window window) {
    return window.bad() >= minBad && window.ratio() >= above && window.moments() >= 2;
  }

  boolean suspect(Window window) {
    return window.moments() >= 2 && window.anyRecent(above, suspectBad());
  }
}
