// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.pattern;

import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.detect.Episodes;
import dev.petrel.alerting.detect.Evidence;
import dev.petrel.alerting.detect.Finding;
import dev.petrel.alerting.detect.Finding.Level;
import dev.petrel.alerting.detect.FindingDetector;
import dev.petrel.alerting.detect.Parameter;
import dev.petrel.alerting.detect.Pattern;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.detect.Words;
import dev.petrel.alerting.traffic.Hour;
import dev.petrel.alerting.traffic.Series;
import dev.petrel.alerting.traffic.Traffic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.stats.ScopeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds models whose answers take much longer than is normal for them. */
public final class Latency extends FindingDetector {

  private static final int HISTORY_MINUTES = 60;
  private static final long MIN_MINUTE = 10;

  /** Looks with this rule's thresholds. */
  public Latency(Rule rule) {
    super(rule);
  }

  @Override
  public long intervalMs() {
    return 5_000;
  }

  @Override
  protected Set<Pattern> explainedBy() {
    return Pattern.FAILURES;
  }

  @Override
  protected List<Finding> find(Traffic traffic, Episodes known, long now) {
    List<Finding> found = new ArrayList<>();
    for (Series series : traffic.ofKind(ScopeKind.MODEL)) {
      double normal = normal(series, known.since(series.name(), now));
      if (Double.isNaN(normal)) {
        continue;
      }
      Measures recent = series.recentMeasures(now, rule().minutes(Parameter.WINDOW));
      double p95 = recent.latencyMs().quantile(0.95);
      boolean open = known.isOpen(series.name());
      boolean above =
          recent.latencyMs().count() >= rule().number(Parameter.MIN_ATTEMPTS)
              && p95 >= rule().number(Parameter.ABOVE) * normal
              && p95 - normal >= rule().number(Parameter.MIN_CHANGE);
      if (above || (open && p95 >= rule().number(Parameter.RECOVER_BELOW) * normal)) {
        found.add(
            new Finding(
                series.name(),
                Words.labels(
                    "scope_kind", "model",
                    "environment", traffic.environment(),
                    "provider", series.scope().provider(),
                    "model", series.scope().model()),
                above ? Level.ABOVE : Level.HOLD,
                Severity.WARNING,
                () -> story(series, recent, p95, normal)));
      }
    }
    return found;
  }

  /** The median of the 95th percentiles of the minutes before the window, or of a day's hours. */
  private double normal(Series series, long since) {
    long end =
        CallStats.windowStartOf(since)
            - (rule().minutes(Parameter.WINDOW) + 1) * CallStats.WINDOW_MS;
    if (end - series.firstSeenAt() < rule().duration(Parameter.MIN_HISTORY).toMillis()) {
      return Double.NaN;
    }
    double[] hours =
        series.hours(since - Duration.ofDays(1).toMillis(), Series.hourOf(end)).stream()
            .mapToDouble(Hour::latencyP95)
            .toArray();
    double[] minutes =
        series.eachMinute(
            end - HISTORY_MINUTES * CallStats.WINDOW_MS,
            end,
            minute -> minute.attempts() >= MIN_MINUTE ? minute.latencyP95() : Double.NaN);
    double recently = Numbers.median(minutes);
    double lately = hours.length < 6 ? Double.NaN : Numbers.median(hours);
    // What is normal at night is not at noon: the more patient of the two.
    return Double.isNaN(lately) || Double.isNaN(recently) ? recently : Math.max(recently, lately);
  }

  private Finding.Story story(Series series, Measures recent, double p95, double normal) {
    return new Evidence()
        .fact("Latency", "p95 " + Words.seconds(p95) + " (normally " + Words.seconds(normal) + ")")
        .fact("Median", Words.seconds(recent.latencyMs().quantile(0.5)))
        .number("value", p95)
        .number("normal", normal)
        .number("attempts", recent.attempts())
        .number("p50_ms", recent.latencyMs().quantile(0.5))
        .number("ttfc_p95_ms", recent.timeToFirstChunkMs().quantile(0.95))
        .number("input_tokens_p95", recent.inputTokensPerCall().quantile(0.95))
        .story(
            "Answers of %s take %s (95th percentile), %s as long as normal (%s), over %d minutes. Check the provider's status page; move urgent traffic to another model."
                .formatted(
                    series.scope().model(),
                    Words.seconds(p95),
                    Words.times(p95 / normal),
                    Words.seconds(normal),
                    rule().minutes(Parameter.WINDOW)));
  }
}
