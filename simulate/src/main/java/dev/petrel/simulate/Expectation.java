// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The truth of a simulation: what is wrong in it, or that nothing is. What detection says is
 * measured by it.
 *
 * @param pattern name of the pattern that must be found, once; null when none may be
 * @param labels what an alert's labels must say
 * @param culprits names of what causes it, the chief one first
 * @param victims names of those that it hurts and that do not cause it
 * @param from offset from the start at which the trouble begins
 * @param to offset at which its cause is gone
 */
public record Expectation(
    @Nullable String pattern,
    Map<String, String> labels,
    List<String> culprits,
    List<String> victims,
    Duration from,
    Duration to) {

  /** Nothing is wrong. */
  static final Expectation NONE =
      new Expectation(null, Map.of(), List.of(), List.of(), Duration.ZERO, Duration.ZERO);

  /** Copies what it is given. */
  public Expectation {
    labels = Map.copyOf(labels);
    culprits = List.copyOf(culprits);
    victims = List.copyOf(victims);
  }

  static Expectation of(String pattern, Map<String, String> labels, Span trouble) {
    return new Expectation(
        pattern, labels, List.of(), List.of(), trouble.fromOffset(), trouble.toOffset());
  }

  Expectation causedBy(List<String> culprits) {
    return new Expectation(pattern, labels, culprits, victims, from, to);
  }

  Expectation hurting(List<String> victims) {
    return new Expectation(pattern, labels, culprits, victims, from, to);
  }

  /** Whether an alert must be raised at all. */
  public boolean isTrouble() {
    return pattern != null;
  }

  /** Pattern and labels in one line, such as {@code silence (service search)}; or "none". */
  public String summary() {
    if (pattern == null) {
      return "none";
    }
    return pattern
        + new TreeMap<>(labels)
            .entrySet().stream()
                .map(label -> label.getKey() + " " + label.getValue())
                .collect(Collectors.joining(", ", " (", ")"));
  }
}
