// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

/**
 * What there is to tell of an incident, as its timers let it out.
 *
 * @param revision 0 when there is nothing yet; grows with each change and reminder
 * @param reminder the revision that was the last reminder; 0 for none
 * @param reason why there is something to tell, for people
 * @param firstAt when there was something for the first time, in ms since the epoch
 * @param at when there was something for the last time, in ms since the epoch
 */
public record Told(int revision, int reminder, String reason, long firstAt, long at) {

  static final Told NOTHING = new Told(0, 0, "", 0, 0);

  public Told {
    requireNonNull(reason, "reason");
  }

  Told next(String newReason, boolean isReminder, long now) {
    int next = revision + 1;
    return new Told(
        next, isReminder ? next : reminder, newReason, revision == 0 ? now : firstAt, now);
  }
}
