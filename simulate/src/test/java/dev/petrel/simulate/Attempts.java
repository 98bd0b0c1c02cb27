// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** Events of a simulation, to ask questions about. */
record Attempts(long start, List<LlmCallEvent> events) {

  static Attempts of(Plan plan) {
    return until(Duration.ofDays(1000), plan);
  }

  /** Of those that end before an offset. */
  static Attempts until(Duration offset, Plan plan) {
    List<LlmCallEvent> events = new ArrayList<>();
    Simulation simulation = new Simulation(plan);
    while (simulation.hasNext()) {
      Simulation.Ended next = simulation.next();
      if (next.endedAt() >= plan.start() + offset.toMillis()) {
        break;
      }
      events.add(next.event());
    }
    return new Attempts(plan.start(), events);
  }

  Attempts where(Predicate<LlmCallEvent> which) {
    return new Attempts(start, events.stream().filter(which).toList());
  }

  <T> Attempts with(EventField<T> field, T value) {
    return where(event -> value.equals(event.get(field)));
  }

  <T> Attempts without(EventField<T> field, T value) {
    return where(event -> !value.equals(event.get(field)));
  }

  Attempts failedFor(ErrorType type) {
    return with(EventField.ERROR_TYPE, type);
  }

  Attempts retries() {
    return where(event -> event.get(EventField.ATTEMPT, 0) > 0);
  }

  Attempts firsts() {
    return with(EventField.ATTEMPT, 0L);
  }

  /** Those that start between two offsets. */
  Attempts between(Duration from, Duration to) {
    return where(
        event ->
            event.timestamp() >= start + from.toMillis()
                && event.timestamp() < start + to.toMillis());
  }

  Attempts during(Expectation truth) {
    return between(truth.from(), truth.to());
  }

  Attempts before(Expectation truth) {
    return between(Duration.ZERO, truth.from());
  }

  /** Those that start more than so long after the trouble. */
  Attempts after(Expectation truth, Duration pause) {
    return between(truth.to().plus(pause), Duration.ofDays(1000));
  }

  int count() {
    return events.size();
  }

  double share(Predicate<LlmCallEvent> which) {
    return (double) where(which).count() / count();
  }

  double errorRate() {
    return share(event -> event.outcome() == Outcome.ERROR);
  }

  double shareOf(ErrorType type) {
    return share(event -> event.get(EventField.ERROR_TYPE) == type);
  }

  double attemptsPerCall() {
    return (double) count() / firsts().count();
  }

  /** Of the retries after a failure that asked to wait, how many came sooner. */
  double earlyShare() {
    Map<String, LlmCallEvent> before = new HashMap<>();
    int asked = 0;
    int early = 0;
    for (LlmCallEvent event : events) {
      LlmCallEvent previous = before.put(String.valueOf(event.get(EventField.CALL_ID)), event);
      Long wait = previous == null ? null : previous.get(EventField.RETRY_AFTER_MS);
      if (wait != null) {
        asked++;
        early += event.get(EventField.RETRY_DELAY_MS, 0) < wait ? 1 : 0;
      }
    }
    return (double) early / asked;
  }

  double mean(ToDoubleFunction<LlmCallEvent> value) {
    return events.stream().mapToDouble(value).average().orElseThrow();
  }

  /** The value below which this part of the sorted values lies. */
  double quantile(double part, ToDoubleFunction<LlmCallEvent> value) {
    double[] sorted = events.stream().mapToDouble(value).sorted().toArray();
    return sorted[(int) (part * (sorted.length - 1))];
  }

  /** How many there are of each value. */
  <T extends Comparable<T>> Map<T, Integer> counts(EventField<T> field) {
    Map<T, Integer> counts = new TreeMap<>();
    for (LlmCallEvent event : events) {
      T value = event.get(field);
      if (value != null) {
        counts.merge(value, 1, Integer::sum);
      }
    }
    return counts;
  }

  /** Variance by mean of the starts in bins of 250 ms, within the offsets. */
  double synchrony(Duration from, Duration to) {
    int[] bins = new int[(int) (to.minus(from).toMillis() / 250)];
    for (LlmCallEvent event : between(from, to).events()) {
      int bin = (int) ((event.timestamp() - start - from.toMillis()) / 250);
      bins[Math.min(bin, bins.length - 1)]++;
    }
    double mean = 0;
    for (int bin : bins) {
      mean += (double) bin / bins.length;
    }
    double variance = 0;
    for (int bin : bins) {
      variance += (bin - mean) * (bin - mean) / bins.length;
    }
    return variance / mean;
  }
}
