// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One thing that one target is told about an incident, and what became of it.
 *
 * @param receiver the target's name
 * @param action what
 * @param status what became of it
 * @param since when it became due, in ms since the epoch
 * @param at when this version was written, in ms since the epoch
 * @param attempts attempts begun, counting one under way
 * @param why what went wrong or why it was not sent; null when there is nothing to say
 * @param revision the incident's revision that it tells
 */
public record Notification(
    String receiver,
    Action action,
    DeliveryStatus status,
    long since,
    long at,
    int attempts,
    @Nullable String why,
    int revision) {

  public Notification {
    requireNonNull(receiver, "receiver");
    requireNonNull(action, "action");
    requireNonNull(status, "status");
  }

  /** A notification that has just become due. */
  static Notification due(String receiver, Action action, int revision, long now) {
    return new Notification(receiver, action, DeliveryStatus.PENDING, now, now, 0, null, revision);
  }

  /** The same with one attempt more, which begins now. */
  Notification attempted(int newRevision, long now) {
    return new Notification(
        receiver, action, DeliveryStatus.PENDING, since, now, attempts + 1, why, newRevision);
  }

  /** The same with another status. */
  Notification became(DeliveryStatus newStatus, @Nullable String newWhy, long now) {
    return new Notification(receiver, action, newStatus, since, now, attempts, newWhy, revision);
  }

  /** The same for another name of the receiver. */
  Notification to(String name) {
    return new Notification(name, action, status, since, at, attempts, why, revision);
  }

  boolean isPending() {
    return status == DeliveryStatus.PENDING;
  }
}
