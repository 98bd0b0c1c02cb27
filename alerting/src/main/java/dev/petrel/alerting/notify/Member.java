// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Status;

/**
 * An alert as a part of an incident.
 *
 * @param alert as it stands
 * @param told its revision that the incident tells; 0 while it tells nothing of the alert
 * @param toldOver whether the incident tells that it is over
 */
public record Member(Alert alert, int told, boolean toldOver) {

  public Member {
    requireNonNull(alert, "alert");
  }

  boolean isFiring() {
    return alert.status() == Status.FIRING;
  }

  boolean isTold() {
    return told > 0;
  }

  /** Whether what the incident tells of it is not what is so. */
  boolean hasNews() {
    return isTold() && (told < alert.revision() || toldOver == isFiring());
  }

  Member about(Alert newer) {
    return new Member(newer, told, toldOver);
  }

  Member nowTold() {
    return new Member(alert, Math.max(1, alert.revision()), !isFiring());
  }
}
