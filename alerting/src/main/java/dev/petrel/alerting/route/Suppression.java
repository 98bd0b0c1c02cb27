// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.route;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.service.match.Matcher;
import dev.petrel.service.silence.Silence;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Why nothing new is to be told of an alert: a silence, or another alert that explains it. */
public final class Suppression {

  private final List<Silence> active;
  private final List<InhibitRule> rules;
  private final Map<String, Map<String, String>> sources;

  /**
   * @param silences those in force
   * @param rules which alerts explain which others
   * @param firing labels of all alerts that fire, by alert id
   */
  public Suppression(
      List<Silence> silences, List<InhibitRule> rules, Map<String, Map<String, String>> firing) {
    this.active = List.copyOf(silences);
    this.rules = List.copyOf(rules);
    this.sources = rules.isEmpty() ? Map.of() : Map.copyOf(firing);
  }

  /** Those of the silences that are in force at this moment. */
  public static List<Silence> active(Collection<Silence> silences, long now) {
    return silences.stream().filter(silence -> silence.isActive(now)).toList();
  }

  /** Why; null when nothing speaks against it. */
  public @Nullable String why(Alert alert) {
    Map<String, String> labels = AlertLabels.of(alert);
    for (Silence silence : active) {
      if (Matcher.all(silence.matchers(), labels)) {
        return "silence %s by %s: %s"
            .formatted(silence.id(), silence.createdBy(), silence.comment());
      }
    }
    for (InhibitRule rule : rules) {
      for (Map.Entry<String, Map<String, String>> source : sources.entrySet()) {
        if (rule.inhibits(source.getValue(), labels)) {
          return "inhibited by alert %s (%s)"
              .formatted(source.getKey(), source.getValue().get("rule"));
        }
      }
    }
    return null;
  }
}
