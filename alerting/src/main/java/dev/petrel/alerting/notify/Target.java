// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One of the places that a receiver tells, and how it is to be treated.
 *
 * @param name the same as long as it is the same place: in the log, metrics and documents
 * @param notifier tells it
 * @param pace its own limit
 * @param refreshInterval how often an incident that goes on is told again, for places that forget
 *     what they do not hear of; null for never
 * @param sendResolved whether it is told of the end
 * @param destination what tells it apart from a target that had the same name before the rule file
 *     was edited; may be secret
 */
public record Target(
    String name,
    Notifier notifier,
    Pace pace,
    @Nullable Duration refreshInterval,
    boolean sendResolved,
    String destination) {

  public Target {
    requireNonNull(name, "name");
    requireNonNull(notifier, "notifier");
    requireNonNull(pace, "pace");
    requireNonNull(destination, "destination");
  }

  /** Under the notifier's own name, at its own pace, told of the end. */
  static Target of(Notifier notifier) {
    return of(notifier, Pace.of(notifier));
  }

  /** Under the notifier's own name, told of the end. */
  static Target of(Notifier notifier, Pace pace) {
    return new Target(
        notifier.receiver(),
        notifier,
        pace,
        notifier.refreshInterval().orElse(null),
        true,
        notifier.receiver());
  }

  boolean isSamePlaceAs(Target other) {
    return name.equals(other.name) && destination.equals(other.destination);
  }

  /** Without the destination, which may be secret. */
  @Override
  public String toString() {
    return "Target{" + name + "}";
  }
}
