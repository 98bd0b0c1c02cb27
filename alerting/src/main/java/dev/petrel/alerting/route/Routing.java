// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.route;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whom to tell of which alerts, and when not to.
 *
 * @param root the routing tree
 * @param inhibitRules which alerts explain which others
 * @param timeIntervals by name; each is a union
 */
public record Routing(
    Route root, List<InhibitRule> inhibitRules, Map<String, List<TimeInterval>> timeIntervals) {

  public Routing {
    requireNonNull(root, "root");
    inhibitRules = List.copyOf(inhibitRules);
    timeIntervals = Map.copyOf(timeIntervals);
  }

  /** All alerts to one receiver, each by itself and at once. */
  public static Routing to(String receiver) {
    return new Routing(Route.root(receiver, Grouping.EACH, Timers.IMMEDIATE), List.of(), Map.of());
  }

  /** Why a route tells nothing new at this moment; null when it does. */
  public @Nullable String muted(Route route, Instant moment) {
    for (String name : route.muteTimeIntervals()) {
      if (isWithin(name, moment)) {
        return "mute time interval '" + name + "'";
      }
    }
    List<String> active = route.activeTimeIntervals();
    if (active.isEmpty() || active.stream().anyMatch(name -> isWithin(name, moment))) {
      return null;
    }
    return "outside of active time interval '" + String.join("', '", active) + "'";
  }

  private boolean isWithin(String name, Instant moment) {
    return timeIntervals.getOrDefault(name, List.of()).stream()
        .anyMatch(interval -> interval.contains(moment));
  }
}
