// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.route;

import dev.petrel.service.match.Matcher;
import java.util.List;
import java.util.Map;

/**
 * Keeps new notifications about some alerts back while another alert explains them.
 *
 * <p>Both alerts must be of one environment, and have all {@code equal} labels, with equal values:
 * a label that both lack is not equal, unlike in Alertmanager, where a mistyped one inhibits
 * everything. An alert that both sides match is not inhibited by another such one, nor by itself.
 *
 * @param sourceMatchers the alerts that explain
 * @param targetMatchers the alerts that are explained
 * @param equal labels in which they agree
 */
public record InhibitRule(
    List<Matcher> sourceMatchers, List<Matcher> targetMatchers, List<String> equal) {

  public InhibitRule {
    sourceMatchers = List.copyOf(sourceMatchers);
    targetMatchers = List.copyOf(targetMatchers);
    equal = List.copyOf(equal);
  }

  /** Whether the one alert, while it fires, inhibits the other. */
  public boolean inhibits(Map<String, String> source, Map<String, String> target) {
    if (!Matcher.all(targetMatchers, target) || !Matcher.all(sourceMatchers, source)) {
      return false;
    }
    boolean both = Matcher.all(sourceMatchers, target) && Matcher.all(targetMatchers, source);
    return !both && agree(source, target);
  }

  private boolean agree(Map<String, String> source, Map<String, String> target) {
    String environment = AlertLabels.ENVIRONMENT;
    if (!source.getOrDefault(environment, "").equals(target.getOrDefault(environment, ""))) {
      return false;
    }
    for (String label : equal) {
      String value = source.getOrDefault(label, "");
      if (value.isEmpty() || !value.equals(target.get(label))) {
        return false;
      }
    }
    return true;
  }
}
