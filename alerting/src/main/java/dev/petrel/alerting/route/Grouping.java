// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.route;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which alerts of a route are told together: those that agree in these labels, and in their
 * environment, which one notifier sees as a whole.
 *
 * @param labels the labels' names; one that an alert lacks counts as empty
 * @param each whether every alert is told by itself, written {@code ['...']}
 */
public record Grouping(List<String> labels, boolean each) {

  /** Each alert by itself. */
  public static final Grouping EACH = new Grouping(List.of("alert_id"), true);

  public Grouping {
    labels = List.copyOf(labels);
  }

  /** By these labels; {@code ...} and {@code alert_id} both mean each alert by itself. */
  public static Grouping by(List<String> names) {
    return names.contains("...") || names.contains("alert_id") ? EACH : new Grouping(names, false);
  }

  /** What the alerts of a group have in common. */
  public Map<String, String> of(Map<String, String> alertLabels) {
    Map<String, String> group = new TreeMap<>();
    for (String label : labels) {
      group.put(label, alertLabels.getOrDefault(label, ""));
    }
    if (!each) {
      group.put(AlertLabels.ENVIRONMENT, alertLabels.getOrDefault(AlertLabels.ENVIRONMENT, ""));
    }
    return group;
  }
}
