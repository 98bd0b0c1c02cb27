// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Trouble that has a cause already, so that nobody need be told of its consequences.
 *
 * @param pattern what it is
 * @param about what it is about: the labels that failures which it explains can have
 * @param labels the labels of its alert
 * @param alertId the episode's id; null for one that is about to begin
 * @param endedAt when it ended, in ms since the epoch; null while it goes on
 */
public record Known(
    Pattern pattern,
    Map<String, String> about,
    Map<String, String> labels,
    @Nullable String alertId,
    @Nullable Long endedAt) {

  public Known {
    about = Map.copyOf(about);
    labels = Map.copyOf(labels);
  }

  /** Trouble that is about to begin or goes on, about what it is labelled with. */
  static Known of(Pattern pattern, Map<String, String> labels, @Nullable String alertId) {
    return new Known(pattern, labels, labels, alertId, null);
  }

  /** Whether it is about the same in at least one respect besides the environment. */
  public boolean shares(Map<String, String> labels) {
    return about.entrySet().stream()
        .filter(each -> !each.getKey().equals("scope_kind"))
        .filter(each -> !each.getKey().equals("environment"))
        .anyMatch(each -> each.getValue().equals(labels.get(each.getKey())));
  }

  /** Whether it can be about some of the same calls: no label that both have differs. */
  public boolean overlaps(Map<String, String> others) {
    for (Map.Entry<String, String> each : about.entrySet()) {
      String other = others.get(each.getKey());
      if (other != null
          && !Objects.equals(other, each.getValue())
          && !each.getKey().equals("scope_kind")) {
        return false;
      }
    }
    return true;
  }
}
