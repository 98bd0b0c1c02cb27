// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Status;
import org.jspecify.annotations.Nullable;

/** What to do next for one episode and one receiver. */
sealed interface Decision {

  /** All that is to be told has been told. */
  record Nothing() implements Decision {}

  /** Tell this. */
  record Send(Action action) implements Decision {}

  /** Note that this is not told, and why. */
  record Suppress(Action action, String why) implements Decision {}

  /**
   * The next step, from what is so and what was told: a pure function.
   *
   * <p>What is to be told is the episode as it stands, not each change of it. After a resolve
   * nothing follows. A resolve is only for who may have been told of the beginning.
   *
   * @param alert the episode as it stands
   * @param told what was told about it
   * @param receiver whom
   * @param updates whether the receiver takes updates
   */
  static Decision of(Alert alert, Delivery told, String receiver, boolean updates) {
    Notification trigger = told.find(receiver, Action.TRIGGER);
    Notification resolve = told.find(receiver, Action.RESOLVE);
    if (resolve != null) {
      return resolve.isPending() ? new Send(Action.RESOLVE) : new Nothing();
    }
    if (trigger != null && trigger.status() == DeliveryStatus.SUPPRESSED) {
      return new Nothing();
    }
    if (alert.status() == Status.RESOLVED) {
      return trigger == null || trigger.attempts() == 0
          ? new Suppress(Action.TRIGGER, "it was over before it could be told")
          : new Send(Action.RESOLVE);
    }
    if (trigger == null || trigger.isPending()) {
      return new Send(Action.TRIGGER);
    }
    if (trigger.status() == DeliveryStatus.FAILED) {
      return new Nothing();
    }
    return update(alert, trigger, told.find(receiver, Action.UPDATE), updates);
  }

  private static Decision update(
      Alert alert, Notification trigger, @Nullable Notification update, boolean updates) {
    int known = trigger.revision();
    if (update != null && !update.isPending()) {
      known = Math.max(known, update.revision());
    }
    if (alert.revision() <= known) {
      return new Nothing();
    }
    return updates
        ? new Send(Action.UPDATE)
        : new Suppress(Action.UPDATE, "the receiver takes no updates");
  }
}
