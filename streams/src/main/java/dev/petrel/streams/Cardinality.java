// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.ScopeKind;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.streams.processor.TaskId;

/**
 * How many scopes have aggregates of their own, and how many attempts were counted in {@code
 * __other__} because their scope has none, by kind. Of this instance. Thread-safe.
 */
final class Cardinality {

  private final Map<TaskId, Map<ScopeKind, Integer>> tracked = new ConcurrentHashMap<>();
  private final Map<ScopeKind, LongAdder> inOther = new EnumMap<>(ScopeKind.class);

  Cardinality() {
    for (ScopeKind kind : ScopeKind.values()) {
      inOther.put(kind, new LongAdder());
    }
  }

  /** Registers the metrics. */
  void bindTo(MeterRegistry meters) {
    inOther.forEach(
        (kind, attempts) -> {
          if (kind == ScopeKind.ALL) {
            return;
          }
          FunctionCounter.builder("petrel.scopes.overflow", attempts, LongAdder::sum)
              .tag("kind", kind.wireName())
              .description("Attempts counted in __other__, as their scope is beyond the cap")
              .register(meters);
          Gauge.builder("petrel.scopes.tracked", tracked, tasks -> sum(tasks, kind))
              .tag("kind", kind.wireName())
              .description("Scopes with aggregates of their own")
              .register(meters);
        });
  }

  void inOther(ScopeKind kind, long attempts) {
    LongAdder sum = inOther.get(kind);
    if (sum != null) {
      sum.add(attempts);
    }
  }

  void tracked(TaskId task, ScopeCaps caps) {
    Map<ScopeKind, Integer> counts = new EnumMap<>(ScopeKind.class);
    for (ScopeKind kind : ScopeKind.values()) {
      counts.put(kind, caps.tracked(kind));
    }
    tracked.put(task, counts);
  }

  void closed(TaskId task) {
    tracked.remove(task);
  }

  private static long sum(Map<TaskId, Map<ScopeKind, Integer>> tasks, ScopeKind kind) {
    return tasks.values().stream().mapToLong(counts -> counts.getOrDefault(kind, 0)).sum();
  }
}
