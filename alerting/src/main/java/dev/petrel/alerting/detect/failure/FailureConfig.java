// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import dev.petrel.alerting.detect.Parameter;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.traffic.FailureKind;
import dev.petrel.alerting.traffic.Window;
import java.time.Duration;

/**
 * What counts as failing.
 *
 * @param kind which failures
 * @param minutes how many full minutes count besides the current one
 * @param above fires at this share of failed attempts or more
 * @param minBad and at this many failed attempts or more
 * @param hold for how long both must hold: {@code for}
 * @param recoverBelow recovers below this share
 * @param keepFiringFor after staying there for this long
 */
public record FailureConfig(
    FailureKind kind,
    int minutes,
    double above,
    long minBad,
    Duration hold,
    double recoverBelow,
    Duration keepFiringFor) {

  /** The thresholds of a rule. */
  static FailureConfig of(FailureKind kind, Rule rule) {
    return new FailureConfig(
        kind,
        rule.minutes(Parameter.WINDOW),
        rule.number(Parameter.ABOVE),
        (long) rule.number(Parameter.MIN_BAD),
        rule.duration(Parameter.FOR),
        rule.number(Parameter.RECOVER_BELOW),
        rule.duration(Parameter.KEEP_FIRING_FOR));
  }

  /** Failures that make a neighbour suspect: half of what it takes to fire. */
  long suspectBad() {
    return Math.max(3, minBad / 2);
  }

  boolean failing(Window window) {
    return window.bad() >= minBad && window.ratio() >= above && window.moments() >= 2;
  }

  boolean suspect(Window window) {
    return window.moments() >= 2 && window.anyRecent(above, suspectBad());
  }
}
