// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.time.Duration;

/**
 * What the notifier does not go beyond, whatever alerts come.
 *
 * @param deadline for all attempts of one notification
 * @param stormCap new incidents that one receiver is told of within a minute; what comes on top is
 *     told as one
 * @param flapLimit times that the same alert is told to one receiver within an hour; what fires
 *     again is told as flapping, and as one
 */
public record Limits(Duration deadline, int stormCap, int flapLimit) {

  public Limits {
    if (stormCap < 1 || flapLimit < 1) {
      throw new IllegalArgumentException("storm_cap and flap_limit must be at least 1");
    }
  }
}
