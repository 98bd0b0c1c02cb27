// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.traffic.Traffic;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One look at the traffic of an environment: what is known, and where results go. */
public interface Evaluation {

  /** The traffic. */
  Traffic traffic();

  /** The time, in ms since the epoch. */
  long now();

  /** Publishes a version of an episode. */
  void publish(Alert alert);

  /** Keeps a detector's state; null deletes it. */
  void put(String key, byte @Nullable [] state);

  /** Trouble of these patterns that is about some of the same calls, going on or about to begin. */
  List<Known> knownAbout(Set<Pattern> patterns, Map<String, String> labels);

  /** The same, of episodes that ended at most so long ago. */
  List<Known> endedAbout(Set<Pattern> patterns, Map<String, String> labels, long withinMs);

  /** Where the rule's runbook is. */
  String runbookUrl(Rule rule);
}
