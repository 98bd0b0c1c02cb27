// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What to do next for one incident and one target. */
sealed interface Decision {

  /** All that is to be told has been told. */
  record Nothing() implements Decision {}

  /** Tell this. */
  record Send(Action action) implements Decision {}

  /** Note that this is not told, and why. */
  record Suppress(Action action, String why) implements Decision {}

  /**
   * What a target takes.
   *
   * @param updates whether it can be told of a change without disturbing anybody
   * @param sendResolved whether it is told of the end
   * @param refresh how often it is told the same again; null for never
   */
  record Manner(boolean updates, boolean sendResolved, @Nullable Duration refresh) {

    static Manner of(Target target) {
      return new Manner(
          target.notifier().updates(), target.sendResolved(), target.refreshInterval());
    }
  }

  /**
   * The next step, from what there is to tell and what was told: a pure function.
   *
   * <p>What is to be told is the incident as it stands, not each change of it. After a resolve
   * nothing follows. A resolve is only for who may have been told of the beginning.
   *
   * @param told what there is to tell
   * @param over whether the incident has ended
   * @param log what this target was told
   */
  static Decision of(
      Told told, boolean over, Map<Action, Notification> log, Manner manner, long now) {
    Notification trigger = log.get(Action.TRIGGER);
    Notification resolve = log.get(Action.RESOLVE);
    if (resolve != null) {
      return resolve.isPending() ? new Send(Action.RESOLVE) : new Nothing();
    }
    if (over) {
      return end(trigger, manner);
    }
    if (trigger == null || trigger.isPending()) {
      return new Send(Action.TRIGGER);
    }
    return switch (trigger.status()) {
      case FAILED -> new Nothing();
      case SUPPRESSED -> new Send(Action.TRIGGER); // what spoke against it is no more
      case SENT, PENDING -> update(told, trigger, log.get(Action.UPDATE), manner, now);
    };
  }

  private static Decision end(@Nullable Notification trigger, Manner manner) {
    if (trigger != null && trigger.status() == DeliveryStatus.SUPPRESSED) {
      return new Nothing();
    }
    if (trigger == null || trigger.attempts() == 0) {
      return new Suppress(Action.TRIGGER, Flush.NEVER_TOLD);
    }
    return manner.sendResolved()
        ? new Send(Action.RESOLVE)
        : new Suppress(Action.RESOLVE, "send_resolved is false");
  }

  private static Decision update(
      Told told, Notification trigger, @Nullable Notification update, Manner manner, long now) {
    if (update != null && update.isPending()) {
      return new Send(Action.UPDATE);
    }
    int known =
        update == null ? trigger.revision() : Math.max(trigger.revision(), update.revision());
    if (told.revision() > known) {
      // A reminder is meant to disturb: it is also for who takes no updates.
      return manner.updates() || told.reminder() > known
          ? new Send(Action.UPDATE)
          : new Suppress(Action.UPDATE, "the receiver takes no updates");
    }
    if (manner.refresh() == null) {
      return new Nothing();
    }
    long last = update == null ? trigger.at() : Math.max(trigger.at(), update.at());
    return now - last >= manner.refresh().toMillis() ? new Send(Action.UPDATE) : new Nothing();
  }
}
