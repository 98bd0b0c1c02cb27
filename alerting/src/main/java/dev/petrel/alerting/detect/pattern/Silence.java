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

/**
 * Finds services whose calls have stopped although they always came.
 *
 * <p>Only a service that called in nearly every minute can fall silent, and only for so long that
 * chance does not explain it. When everything stops, nothing is said: then it is the way to Petrel.
 */
public final class Silence extends FindingDetector {

  private static final double ACTIVE = 0.95;
  private static final int RECENT_MINUTES = 15;
  private static final int HISTORY_MINUTES = 60;

  /** Looks with this rule's thresholds. */
  public Silence(Rule rule) {
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
    Series all = traffic.all();
    long current = CallStats.windowStartOf(now);
    List<Finding> found = new ArrayList<>();
    boolean othersCall = all != null && all.lastMinute() >= current - CallStats.WINDOW_MS;
    for (Series series : traffic.ofKind(ScopeKind.SERVICE)) {
      long end = series.lastMinute() + CallStats.WINDOW_MS;
      long silent = now - end;
      boolean open = known.isOpen(series.name());
      if (open && !othersCall) {
        found.add(finding(traffic, series, silent, Double.NaN)); // nothing can be said now
        continue;
      }
      if (!othersCall
          || silent < rule().duration(Parameter.WINDOW).toMillis()
          || end - series.firstSeenAt() < rule().duration(Parameter.MIN_HISTORY).toMillis()) {
        continue;
      }
      long start = Math.max(series.firstSeenAt(), end - HISTORY_MINUTES * CallStats.WINDOW_MS);
      long recentStart = Math.max(start, end - RECENT_MINUTES * CallStats.WINDOW_MS);
      Totals recent = series.totals(recentStart, end);
      double perMinute = (double) recent.calls() * CallStats.WINDOW_MS / (end - recentStart);
      double missing = perMinute * silent / CallStats.WINDOW_MS;
      boolean always =
          series.activeShare(start, end) >= ACTIVE
              && missing >= rule().number(Parameter.MIN_ATTEMPTS);
      if (open || always) {
        // After an hour the minutes before are forgotten, and with them what was normal.
        found.add(finding(traffic, series, silent, always ? perMinute : Double.NaN));
      }
    }
    return found;
  }

  private Finding finding(Traffic traffic, Series series, long silent, double perMinute) {
    String service = String.valueOf(series.scope().service());
    return new Finding(
        series.name(),
        Words.labels(
            "scope_kind", "service",
            "environment", traffic.environment(),
            "service", series.scope().service()),
        Double.isNaN(perMinute) ? Level.HOLD : Level.ABOVE,
        Severity.ERROR,
        () ->
            new Evidence()
                .fact("Silent for", Words.span(silent))
                .fact("Normally", Words.count(Math.round(perMinute)) + " calls a minute")
                .number("silent_ms", silent)
                .number("normal", perMinute)
                .number("value", 0L)
                .names("culprits", List.of(service))
                .story(
                    "No calls from service %s for %s, normally %s a minute; others still call. Is it down, or does it no longer publish?"
                        .formatted(
                            service, Words.span(silent), Words.count(Math.round(perMinute)))));
  }
}
