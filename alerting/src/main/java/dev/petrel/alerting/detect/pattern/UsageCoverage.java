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
import dev.petrel.alerting.traffic.Totals;
import dev.petrel.alerting.traffic.Traffic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.ScopeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds services whose answers no longer come with token usage, so that cost goes blind. */
public final class UsageCoverage extends FindingDetector {

  private static final int HISTORY_MINUTES = 60;

  /** Looks with this rule's thresholds. */
  public UsageCoverage(Rule rule) {
    super(rule);
  }

  @Override
  public long intervalMs() {
    return 5_000;
  }

  @Override
  protected Set<Pattern> explainedBy() {
    return Set.of();
  }

  @Override
  protected List<Finding> find(Traffic traffic, Episodes known, long now) {
    List<Finding> found = new ArrayList<>();
    for (Series series : traffic.ofKind(ScopeKind.SERVICE)) {
      Totals recent = series.recent(now, rule().minutes(Parameter.WINDOW));
      if (recent.answers() < rule().number(Parameter.MIN_ATTEMPTS)) {
        if (recent.answers() > 0 && known.isOpen(series.name())) {
          found.add(finding(traffic, series, recent, Double.NaN, false));
        }
        continue;
      }
      long end =
          CallStats.windowStartOf(known.since(series.name(), now))
              - (rule().minutes(Parameter.WINDOW) + 1) * CallStats.WINDOW_MS;
      Totals before = series.totals(end - HISTORY_MINUTES * CallStats.WINDOW_MS, end);
      boolean longEnough =
          end - series.firstSeenAt() >= rule().duration(Parameter.MIN_HISTORY).toMillis();
      boolean below =
          longEnough
              && recent.usageCoverage() <= rule().number(Parameter.BELOW)
              && before.usageCoverage() >= rule().number(Parameter.RECOVER_ABOVE);
      boolean open = known.isOpen(series.name());
      if (below || (open && recent.usageCoverage() < rule().number(Parameter.RECOVER_ABOVE))) {
        found.add(finding(traffic, series, recent, before.usageCoverage(), below));
      }
    }
    return found;
  }

  private static Finding finding(
      Traffic traffic, Series series, Totals recent, double normal, boolean below) {
    return new Finding(
        series.name(),
        Words.labels(
            "scope_kind", "service",
            "environment", traffic.environment(),
            "service", series.scope().service()),
        below ? Level.ABOVE : Level.HOLD,
        Severity.WARNING,
        () ->
            new Evidence()
                .fact("Answers with usage", Words.percent(recent.usageCoverage()))
                .fact("Normally", Words.percent(normal))
                .number("value", recent.usageCoverage())
                .number("normal", normal)
                .number("answers", recent.answers())
                .story(
                    "Service %s reports token usage for %s of its answers, normally for %s: its tokens and cost are no longer counted in full. Streams need stream_options.include_usage."
                        .formatted(
                            series.scope().service(),
                            Words.percent(recent.usageCoverage()),
                            Words.percent(normal))));
  }
}
