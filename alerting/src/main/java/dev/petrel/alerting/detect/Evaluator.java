// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Status;
import dev.petrel.stats.Scope;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the recent minutes of each group and evaluates the rule over them once a second of wall
 * clock.
 *
 * <p>Everything is in logged stores, written in one transaction with the alerts, and mirrored on
 * the heap for the evaluation. The stores are bounded: minutes are dropped after {@link
 * StatsReader#MAX_AGE}, a group's state when nothing in it fails.
 */
final class Evaluator extends ContextualProcessor<String, ScopeMinute, String, Alert> {

  static final String MINUTES_STORE = "minutes";
  static final String STATES_STORE = "states";
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final Duration EVICTION_INTERVAL = Duration.ofMinutes(1);

  private final ErrorRateRule rule;
  private final Counter fired;
  private final Counter resolved;
  private final Map<String, Group> groups = new HashMap<>();
  private final Map<String, GroupState> states = new HashMap<>();
  private @Nullable KeyValueStore<String, Minute> minuteStore;
  private @Nullable KeyValueStore<String, GroupState> stateStore;

  Evaluator(ErrorRateRule rule, MeterRegistry meters) {
    this.rule = rule;
    this.fired = counter(meters, "fired");
    this.resolved = counter(meters, "resolved");
  }

  private static Counter counter(MeterRegistry meters, String status) {
    return Counter.builder("petrel.alerting.alerts")
        .description("Alert episodes that began and ended")
        .tag("rule", ErrorRateRule.NAME)
        .tag("status", status)
        .register(meters);
  }

  @Override
  public void init(ProcessorContext<String, Alert> context) {
    super.init(context);
    groups.clear();
    states.clear();
    minuteStore = context.getStateStore(MINUTES_STORE);
    stateStore = context.getStateStore(STATES_STORE);
    restore();
    context.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::evaluate);
    context.schedule(EVICTION_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::evict);
  }

  private KeyValueStore<String, Minute> minuteStore() {
    return java.util.Objects.requireNonNull(minuteStore, "minuteStore");
  }

  private KeyValueStore<String, GroupState> stateStore() {
    return java.util.Objects.requireNonNull(stateStore, "stateStore");
  }

  private void restore() {
    try (KeyValueIterator<String, Minute> all = minuteStore().all()) {
      while (all.hasNext()) {
        KeyValue<String, Minute> entry = all.next();
        int at = entry.key.lastIndexOf('@');
        series(entry.key.substring(0, at))
            .restore(Long.parseLong(entry.key.substring(at + 1)), entry.value);
      }
    }
    try (KeyValueIterator<String, GroupState> all = stateStore().all()) {
      while (all.hasNext()) {
        KeyValue<String, GroupState> entry = all.next();
        groups.computeIfAbsent(entry.key, Group::new);
        states.put(entry.key, entry.value.restored());
      }
    }
  }

  private Series series(String scopeKey) {
    Scope scope = Scope.ofKey(scopeKey);
    return groups.computeIfAbsent(ScopeMinute.groupOf(scope), Group::new).series(scope);
  }

  @Override
  public void process(Record<String, ScopeMinute> record) {
    ScopeMinute update = record.value();
    Minute stored = series(update.scope()).accept(update, context().currentSystemTimeMs());
    if (stored != null) {
      minuteStore().put(update.storeKey(), stored);
    }
  }

  private void evaluate(long now) {
    for (Map.Entry<String, Group> entry : groups.entrySet()) {
      String key = entry.getKey();
      GroupState before = states.getOrDefault(key, GroupState.EMPTY);
      Evaluation result = rule.evaluate(entry.getValue(), before, now);
      for (Alert alert : result.alerts()) {
        count(alert);
        context().forward(new Record<>(alert.alertId(), alert, now));
      }
      if (result.state().isEmpty()) {
        if (states.remove(key) != null) {
          stateStore().delete(key);
        }
      } else if (!result.state().equals(before)) {
        states.put(key, result.state());
        stateStore().put(key, result.state());
      }
    }
  }

  private void count(Alert alert) {
    if (alert.status() == Status.RESOLVED) {
      resolved.increment();
    } else if (alert.firedAt() == alert.updatedAt()) {
      fired.increment();
    }
  }

  private void evict(long now) {
    long end = now - StatsReader.MAX_AGE.toMillis();
    for (Iterator<Map.Entry<String, Group>> i = groups.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<String, Group> entry = i.next();
      entry
          .getValue()
          .evict(end, (scope, start) -> minuteStore().delete(ScopeMinute.storeKey(scope, start)));
      if (entry.getValue().isEmpty() && !states.containsKey(entry.getKey())) {
        i.remove();
      }
    }
  }
}
