// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Trouble that has a cause already, so that nobody need be told of its consequences.
 *
 * @param pattern what it is
 * @param about the labels that say what it is about
 * @param alertId the episode's id; null for one that is about to begin
 * @param endedAt when it ended, in ms since the epoch; null while it goes on
 */
public record Known(
    Pattern pattern, Map<String, String> about, @Nullable String alertId, @Nullable Long endedAt) {

  public Known {
    about = Map.copyOf(about);
  }

  /** Whether it can be about some of the same calls: no label that both have differs. */
  public boolean overlaps(Map<String, String> labels) {
    for (Map.Entry<String, String> each : about.entrySet()) {
      String other = labels.get(each.getKey());
      if (other != null
          && !Objects.equals(other, each.getValue())
          && !each.getKey().equals("scope_kind")) {
        return false;
      }
    }
    return true;
  }
}
