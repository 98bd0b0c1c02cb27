// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.topology;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.detect.Detection;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.traffic.ScopeWindow;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the detection of each environment once a second of wall clock.
 *
 * <p>Everything that it remembers is in a logged store, written in one transaction with the alerts,
 * and mirrored on the heap.
 */
final class Evaluator extends ContextualProcessor<String, ScopeWindow, String, Alert> {

  static final String STORE = "detection";
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final Duration EVICTION_INTERVAL = Duration.ofMinutes(1);
  private static final Logger LOGGER = LoggerFactory.getLogger(Evaluator.class);

  /** Between environment and key in the store: no environment has one. */
  private static final char SEPARATOR = '\u0000';

  private final Supplier<List<Rule>> rulesInForce;
  private final String runbookBaseUrl;
  private final MeterRegistry meters;
  private final Map<String, Detection> detections = new HashMap<>();
  private List<Rule> rules;
  private @Nullable KeyValueStore<String, byte[]> store;

  Evaluator(Supplier<List<Rule>> rules, String runbookBaseUrl, MeterRegistry meters) {
    this.rulesInForce = rules;
    this.rules = rules.get();
    this.runbookBaseUrl = runbookBaseUrl;
    this.meters = meters;
  }

  @Override
  public void init(ProcessorContext<String, Alert> context) {
    super.init(context);
    KeyValueStore<String, byte[]> opened = context.getStateStore(STORE);
    store = opened;
    restoreAll(opened);
    context.schedule(INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::evaluate);
    context.schedule(EVICTION_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::evict);
  }

  private void restoreAll(KeyValueStore<String, byte[]> opened) {
    detections.clear();
    try (KeyValueIterator<String, byte[]> all = opened.all()) {
      while (all.hasNext()) {
        restore(all.next());
      }
    }
  }

  /** New rules go on with what is remembered. */
  private void takeNewRules() {
    List<Rule> newest = rulesInForce.get();
    if (!newest.equals(rules)) {
      rules = newest;
      restoreAll(Objects.requireNonNull(store, "store"));
    }
  }

  private void restore(KeyValue<String, byte[]> entry) {
    int at = entry.key.indexOf(SEPARATOR);
    try {
      detection(entry.key.substring(0, at)).restore(entry.key.substring(at + 1), entry.value);
    } catch (IllegalArgumentException e) {
      LOGGER
          .atWarn()
          .addKeyValue("key", entry.key)
          .setCause(e)
          .log("Forgetting a state that this release cannot read");
    }
  }

  private Detection detection(String environment) {
    return detections.computeIfAbsent(
        environment,
        name ->
            new Detection(
                name.isEmpty() ? null : name,
                rules,
                runbookBaseUrl,
                (key, value) -> keep(name + SEPARATOR + key, value)));
  }

  private void keep(String key, byte @Nullable [] value) {
    KeyValueStore<String, byte[]> opened = Objects.requireNonNull(store, "store");
    if (value == null) {
      opened.delete(key);
    } else {
      opened.put(key, value);
    }
  }

  @Override
  public void process(Record<String, ScopeWindow> record) {
    detection(record.key()).accept(record.value(), context().currentSystemTimeMs());
  }

  private void evaluate(long now) {
    takeNewRules();
    detections
        .values()
        .forEach(
            detection ->
                detection.evaluate(
                    now,
                    alert -> {
                      count(alert);
                      context().forward(new Record<>(alert.alertId(), alert, now));
                    }));
  }

  private void count(Alert alert) {
    if (alert.status() == Status.RESOLVED) {
      count(alert, "resolved");
    } else if (alert.firedAt() == alert.updatedAt()) {
      count(alert, "fired");
    }
  }

  private void count(Alert alert, String status) {
    meters.counter("petrel.alerting.alerts", "rule", alert.rule(), "status", status).increment();
  }

  private void evict(long now) {
    detections.values().forEach(detection -> detection.evict(now));
  }
}
