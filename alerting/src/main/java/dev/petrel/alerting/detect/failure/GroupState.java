// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import java.util.List;
import java.util.Map;

/**
 * What a rule remembers of a group from one evaluation to the next: the value of the state store.
 *
 * @param failingSince since when each scope's condition holds without a break, in ms since the
 *     epoch: its pending state
 * @param episodes the open episodes, oldest first
 */
public record GroupState(Map<String, Long> failingSince, List<Episode> episodes) {

  static final GroupState EMPTY = new GroupState(Map.of(), List.of());

  public GroupState {
    failingSince = Map.copyOf(failingSince);
    episodes = List.copyOf(episodes);
  }

  boolean isEmpty() {
    return failingSince.isEmpty() && episodes.isEmpty();
  }

  /**
   * The state after a restart. Recovery starts anew: the first windows after it may be empty only
   * because their records are still to be read.
   */
  GroupState restored() {
    return new GroupState(
        failingSince, episodes.stream().map(episode -> episode.recoveringSince(null)).toList());
  }
}
