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
import dev.petrel.stats.ScopeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds tenants that have used up the money that a day (of UTC) may cost. */
public final class Budget extends FindingDetector {

  /** Looks with this rule's thresholds. */
  public Budget(Rule rule) {
    super(rule);
  }

  @Override
  public long intervalMs() {
    return 15_000;
  }

  @Override
  protected Set<Pattern> explainedBy() {
    return Set.of();
  }

  @Override
  protected List<Finding> find(Traffic traffic, Episodes known, long now) {
    List<Finding> found = new ArrayList<>();
    double budget = rule().number(Parameter.USD);
    long day = CallStats.windowStartOf(now, CallStats.DAY_MS);
    for (Series series : traffic.ofKind(ScopeKind.TENANT)) {
      double spent =
          series.hours(day, day + CallStats.DAY_MS).stream().mapToLong(Hour::costNanoUsd).sum()
              / 1e9;
      if (spent >= rule().number(Parameter.ABOVE) * budget) {
        found.add(finding(traffic, series, spent, budget, now - day));
      }
    }
    return found;
  }

  private static Finding finding(
      Traffic traffic, Series series, double spent, double budget, long sinceMidnight) {
    String tenant = String.valueOf(series.scope().tenant());
    double projected = spent * Duration.ofDays(1).toMillis() / Math.max(1, sinceMidnight);
    return new Finding(
        series.name(),
        Words.labels(
            "scope_kind", "tenant", "environment", traffic.environment(), "tenant", tenant),
        Level.ABOVE,
        Severity.WARNING,
        () ->
            new Evidence()
                .fact("Spent today", Words.usd(spent * 1e9) + " of " + Words.usd(budget * 1e9))
                .fact("At this pace", Words.usd(projected * 1e9) + " by midnight UTC")
                .number("value", spent)
                .number("threshold", budget)
                .number("projected", projected)
                .names("culprits", List.of(tenant))
                .story(
                    "Tenant %s has spent %s of today's %s; at this pace it will be %s by midnight UTC."
                        .formatted(
                            tenant,
                            Words.usd(spent * 1e9),
                            Words.usd(budget * 1e9),
                            Words.usd(projected * 1e9))));
  }
}
