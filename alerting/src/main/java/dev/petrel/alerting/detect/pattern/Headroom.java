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
import dev.petrel.alerting.traffic.Series;
import dev.petrel.alerting.traffic.Traffic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.ScopeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Foresees that a rate limit is going to be reached, from how fast the room below it shrinks. */
public final class Headroom extends FindingDetector {

  private static final int POINTS = 30;
  private static final int MIN_POINTS = 11;
  private static final double SIGNIFICANT = 4;

  /** Looks with this rule's thresholds. */
  public Headroom(Rule rule) {
    super(rule);
  }

  @Override
  public long intervalMs() {
    return 15_000;
  }

  @Override
  protected Set<Pattern> explainedBy() {
    return Set.of(
        Pattern.RATE_LIMIT_PRESSURE,
        Pattern.NOISY_TENANT,
        Pattern.QUOTA_EXHAUSTED,
        Pattern.RETRY_STORM);
  }

  @Override
  protected List<Finding> find(Traffic traffic, Episodes known, long now) {
    List<Finding> found = new ArrayList<>();
    long current = CallStats.windowStartOf(now);
    for (Series series : traffic.ofKind(ScopeKind.MODEL)) {
      List<double[]> points = new ArrayList<>();
      series.eachMinute(
          current - POINTS * CallStats.WINDOW_MS,
          current,
          minute -> {
            if (!Double.isNaN(minute.headroom())
                && minute.attempts() >= rule().number(Parameter.MIN_ATTEMPTS)) {
              points.add(new double[] {minute.start(), minute.headroom()});
            }
            return 0;
          });
      if (points.size() < MIN_POINTS) {
        continue;
      }
      Numbers.Trend trend =
          Numbers.trend(
              points.stream().mapToDouble(point -> point[0]).toArray(),
              points.stream().mapToDouble(point -> point[1]).toArray());
      boolean shrinks =
          trend.slope() < 0
              && trend.significance() <= -SIGNIFICANT
              && trend.last() <= rule().number(Parameter.BELOW)
              && trend.last() / -trend.slope() <= rule().duration(Parameter.WITHIN).toMillis();
      if (shrinks
          || (known.isOpen(series.name())
              && trend.last() < rule().number(Parameter.RECOVER_ABOVE))) {
        found.add(finding(traffic, series, trend, shrinks));
      }
    }
    return found;
  }

  private static Finding finding(
      Traffic traffic, Series series, Numbers.Trend trend, boolean shrinks) {
    long eta = (long) Math.max(0, trend.last() / -trend.slope());
    return new Finding(
        series.name(),
        Words.labels(
            "scope_kind", "model",
            "environment", traffic.environment(),
            "provider", series.scope().provider(),
            "model", series.scope().model()),
        shrinks ? Level.ABOVE : Level.HOLD,
        Severity.WARNING,
        () ->
            new Evidence()
                .fact("Left of the limit", Words.percent(Math.max(0, trend.last())))
                .fact("Reached in", Words.span(eta))
                .number("value", trend.last())
                .number("eta_ms", eta)
                .story(
                    "The rate limit of %s at %s will be reached in about %s: %s of it is left, and falling. Slow background jobs down or ask for a higher limit."
                        .formatted(
                            series.scope().model(),
                            series.scope().provider(),
                            Words.span(eta),
                            Words.percent(Math.max(0, trend.last())))));
  }
}
