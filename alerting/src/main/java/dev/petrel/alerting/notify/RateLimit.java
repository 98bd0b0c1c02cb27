// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.time.Duration;

/**
 * How many notices a receiver takes within a time.
 *
 * @param notices at least 1
 * @param per the time, positive
 */
public record RateLimit(int notices, Duration per) {

  public RateLimit {
    if (notices < 1) {
      throw new IllegalArgumentException("notices: is " + notices + ", must be at least 1");
    }
    if (per.isZero() || per.isNegative()) {
      throw new IllegalArgumentException("per: is " + per + ", must be positive");
    }
  }
}
