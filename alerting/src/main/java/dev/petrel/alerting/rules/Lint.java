// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.notify.NotificationPolicy;
import dev.petrel.alerting.notify.Receiver;
import dev.petrel.alerting.route.Route;
import dev.petrel.service.match.Matcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds what is allowed in a rule file, but cannot be meant. Thread-safe. */
public final class Lint {

  /** Labels that every alert has, besides those of its pattern and rule. */
  private static final Set<String> ALWAYS = Set.of("rule", "pattern", "severity", "alert_id");

  private Lint() {}

  /** What seems to be wrong, each in a sentence; empty when nothing does. */
  public static List<String> warnings(AlertRules rules) {
    List<String> warnings = new ArrayList<>();
    NotificationPolicy policy = rules.policy();
    if (policy != null) {
      Route root = policy.routing().root();
      unknownLabels(root, labels(rules.rules()), warnings);
      unreachable(root, warnings);
      unused(policy, warnings);
    }
    return warnings;
  }

  private static Set<String> labels(List<Rule> rules) {
    Set<String> labels = new TreeSet<>(ALWAYS);
    labels.addAll(Condition.LABELS);
    rules.forEach(rule -> labels.addAll(rule.labels().keySet()));
    return labels;
  }

  private static void unknownLabels(Route root, Set<String> labels, List<String> warnings) {
    root.all()
        .forEach(
            route -> {
              for (Matcher matcher : route.matchers()) {
                if (!labels.contains(matcher.label())) {
                  warnings.add(
                      "route %s: no alert has the label '%s'%s"
                          .formatted(
                              route.path(),
                              matcher.label(),
                              Suggestion.of(matcher.label(), labels)));
                }
              }
            });
  }

  private static void unreachable(Route parent, List<String> warnings) {
    List<Route> before = new ArrayList<>();
    for (Route route : parent.routes()) {
      for (Route earlier : before) {
        if (!earlier.continues() && route.matchers().containsAll(earlier.matchers())) {
          warnings.add(
              "route %s is never reached: %s before it takes everything that it would"
                  .formatted(route.path(), earlier.path()));
          break;
        }
      }
      before.add(route);
      unreachable(route, warnings);
    }
  }

  private static void unused(NotificationPolicy policy, List<String> warnings) {
    Set<String> used = new HashSet<>();
    policy.routing().root().all().map(Route::receiver).forEach(used::add);
    for (Receiver receiver : policy.receivers().values()) {
      if (receiver.fallback() != null) {
        used.add(receiver.fallback());
      }
    }
    for (Receiver receiver : policy.receivers().values()) {
      if (!used.contains(receiver.name())) {
        warnings.add("receiver '%s' is told nothing: no route names it".formatted(receiver.name()));
      }
      if (receiver.targets().isEmpty()) {
        warnings.add("receiver '%s' has nowhere to send to".formatted(receiver.name()));
      }
    }
  }
}
