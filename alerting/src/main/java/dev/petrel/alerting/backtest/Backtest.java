// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.backtest;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.detect.Detection;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.event.LlmCallEvent;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Runs rules over recorded calls with the clock of the recording: the same detection as live, one
 * look a second. Not thread-safe.
 */
public final class Backtest {

  private static final long SECOND = 1000;
  private static final long MINUTE = 60_000;

  private final List<Rule> rules;
  private final String runbookBaseUrl;
  private final Consumer<Alert> alerts;
  private final Aggregation aggregation = new Aggregation();
  private final Map<String, Detection> detections = new TreeMap<>();
  private long now = Long.MIN_VALUE;

  /**
   * @param runbookBaseUrl where the runbooks are
   * @param alerts takes each version of an episode
   */
  public Backtest(List<Rule> rules, String runbookBaseUrl, Consumer<Alert> alerts) {
    this.rules = List.copyOf(rules);
    this.runbookBaseUrl = requireNonNull(runbookBaseUrl, "runbookBaseUrl");
    this.alerts = requireNonNull(alerts, "alerts");
  }

  /**
   * Takes the next call.
   *
   * @param arrivedAt when it was published, in ms since the epoch; not before the last one's
   */
  public void add(LlmCallEvent event, long arrivedAt) {
    advanceTo(arrivedAt);
    aggregation.add(event);
  }

  /** Looks at every full second up to a time. */
  public void advanceTo(long time) {
    if (now == Long.MIN_VALUE) {
      now = Math.floorDiv(time, SECOND) * SECOND;
    }
    while (now + SECOND <= time) {
      now += SECOND;
      aggregation.drain(now, (environment, window) -> detection(environment).accept(window, now));
      for (Detection detection : detections.values()) {
        detection.evaluate(now, alerts);
        if (now % MINUTE == 0) {
          detection.evict(now);
        }
      }
    }
  }

  private Detection detection(String environment) {
    return detections.computeIfAbsent(
        environment,
        name ->
            new Detection(name.isEmpty() ? null : name, rules, runbookBaseUrl, (key, value) -> {}));
  }
}
