// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.alert.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pattern to look for, with its thresholds. Immutable and thread-safe.
 *
 * @param id its name: part of every alert's identity, so it must stay the same
 * @param pattern what to look for
 * @param parameters what differs from the pattern's defaults; durations in ms
 * @param where which labels it is for
 * @param severity the severity of its alerts; null for what the pattern finds fit
 * @param labels more labels for its alerts
 * @param annotations annotations for its alerts
 */
public record Rule(
    String id,
    Pattern pattern,
    Map<Parameter, Double> parameters,
    Predicate<Map<String, String>> where,
    @Nullable Severity severity,
    Map<String, String> labels,
    Map<String, String> annotations) {

  public Rule {
    requireNonNull(id, "id");
    requireNonNull(pattern, "pattern");
    parameters = Map.copyOf(parameters);
    requireNonNull(where, "where");
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** The pattern's defaults, under its own name. */
  public static Rule of(Pattern pattern) {
    return of(pattern, Map.of());
  }

  /** The pattern under its own name, with other thresholds. */
  public static Rule of(Pattern pattern, Map<Parameter, Double> parameters) {
    return new Rule(pattern.wireName(), pattern, parameters, all -> true, null, Map.of(), Map.of());
  }

  /** All patterns with their defaults, but for budgets, which have none. */
  public static List<Rule> defaults() {
    List<Rule> rules = new ArrayList<>();
    for (Pattern pattern : Pattern.values()) {
      if (pattern != Pattern.BUDGET) {
        rules.add(of(pattern));
      }
    }
    return rules;
  }

  /** A threshold. */
  public double number(Parameter parameter) {
    Double own = parameters.get(parameter);
    Double value = own == null ? pattern.defaults().get(parameter) : own;
    if (value == null) {
      throw new IllegalArgumentException(pattern.wireName() + " has no " + parameter.wireName());
    }
    return value;
  }

  /** A duration. */
  public Duration duration(Parameter parameter) {
    return Duration.ofMillis((long) number(parameter));
  }

  /** A duration in whole minutes. */
  public int minutes(Parameter parameter) {
    return (int) duration(parameter).toMinutes();
  }

  /** All parameters with their values. */
  public Map<Parameter, Double> effective() {
    Map<Parameter, Double> all = new EnumMap<>(pattern.defaults());
    all.putAll(parameters);
    return all;
  }

  /** This severity, or the rule's own if it has one. */
  public Severity severityOr(Severity fitting) {
    return severity == null ? fitting : severity;
  }
}
