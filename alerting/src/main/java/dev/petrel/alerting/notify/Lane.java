// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One incident and one target: at most one attempt is under way in it, and lanes do not wait for
 * each other. Not thread-safe.
 */
final class Lane {

  private final Map<Action, Notification> log = new EnumMap<>(Action.class);
  private String name;
  private String receiver;
  private Map<String, String> remembered = Map.of();
  private @Nullable Target target;
  private boolean retired;
  private boolean inFlight;
  private @Nullable Action retried;
  private long notBefore;

  /**
   * @param name of the target
   * @param receiver whose target it is
   * @param target null when it is not configured any more
   */
  Lane(String name, String receiver, @Nullable Target target) {
    this.name = name;
    this.receiver = receiver;
    this.target = target;
  }

  String name() {
    return name;
  }

  String receiver() {
    return receiver;
  }

  @Nullable Target target() {
    return target;
  }

  /** What a lane of the log is about. */
  void bind(String newReceiver, Target newTarget) {
    receiver = newReceiver;
    target = newTarget;
  }

  /** The same place with other properties. */
  void target(Target newer) {
    target = newer;
  }

  /** Whether the target is in no rule file any more, and only waits to be told of the end. */
  boolean isRetired() {
    return retired;
  }

  void retire() {
    retired = true;
  }

  /** Makes room for another target of the same name. */
  void rename(String newName) {
    name = newName;
    log.replaceAll((action, notification) -> notification.to(newName));
  }

  Map<Action, Notification> log() {
    return log;
  }

  void log(Notification notification) {
    log.put(notification.action(), notification);
  }

  Map<String, String> remembered() {
    return remembered;
  }

  void remember(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(remembered);
    all.putAll(more);
    remembered = Map.copyOf(all);
  }

  boolean isInFlight() {
    return inFlight;
  }

  void inFlight(boolean underWay) {
    inFlight = underWay;
  }

  void retry(Action action, long time) {
    retried = action;
    notBefore = time;
  }

  void noRetry() {
    retried = null;
  }

  /** The time before which an action must not be tried again, in ms since the epoch. */
  long notBefore(Action action) {
    return retried == action ? notBefore : 0;
  }

  /** Whether the target may know of the incident. */
  boolean isReached() {
    Notification trigger = log.get(Action.TRIGGER);
    return trigger != null && trigger.attempts() > 0;
  }
}
