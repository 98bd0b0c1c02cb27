// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.petrel.alerting.route.AlertLabels;
import dev.petrel.alerting.route.Route;
import dev.petrel.alerting.route.Timers;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the alerts of an incident have in common.
 *
 * @param kind why they are one incident
 * @param receiver who is told
 * @param route the path of the route that they took; empty for other kinds
 * @param labels the labels in which they agree
 */
public record Group(Kind kind, String receiver, String route, Map<String, String> labels) {

  /** Why alerts are one incident. */
  public enum Kind {
    /** Their route groups them. */
    @JsonProperty("route")
    ROUTE,
    /** They are the same thing, which fires again and again. */
    @JsonProperty("flapping")
    FLAPPING,
    /** There are too many to tell each. */
    @JsonProperty("storm")
    STORM
  }

  // Both stay open for a while, so that what they hold back does not begin anew at once.
  private static final Timers FLAPPING =
      new Timers(Duration.ZERO, Duration.ofMinutes(15), null, Duration.ofHours(1));
  private static final Timers STORM =
      new Timers(Duration.ZERO, Duration.ofMinutes(1), null, Duration.ofMinutes(1));

  public Group {
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
  }

  static Group of(Route route, Map<String, String> alertLabels) {
    return new Group(Kind.ROUTE, route.receiver(), route.path(), route.grouping().of(alertLabels));
  }

  static Group flapping(String receiver, Map<String, String> alertLabels) {
    Map<String, String> same = new TreeMap<>(alertLabels);
    same.keySet().removeAll(AlertLabels.FURTHER);
    same.put("rule", alertLabels.getOrDefault("rule", ""));
    return new Group(Kind.FLAPPING, receiver, "", same);
  }

  static Group storm(String receiver) {
    return new Group(Kind.STORM, receiver, "", Map.of());
  }

  /** When an incident of a kind that no route makes is told. */
  Timers timers() {
    return switch (kind) {
      case ROUTE -> Timers.IMMEDIATE;
      case FLAPPING -> FLAPPING;
      case STORM -> STORM;
    };
  }

  /** The id of an episode that is an incident by itself, else null. */
  boolean isOneAlert() {
    return labels.size() == 1 && labels.containsKey("alert_id");
  }
}
