// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.pattern;

import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.detect.Episodes;
import dev.petrel.alerting.detect.Evaluation;
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
import dev.petrel.alerting.traffic.Totals;
import dev.petrel.alerting.traffic.Traffic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.ScopeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds error budgets that burn too fast: multi-window, multi-burn-rate alerts as in the Site
 * Reliability Workbook, chapter 5, table 5-8, over a period of 30 days.
 *
 * <p>A time that nothing is known of counts as one without failures, so that a short trouble right
 * after the start is not taken for a long one. What another episode explains, now or within the
 * short window, is not told again.
 */
public final class ErrorBudget extends FindingDetector {

  /**
   * A pair of windows.
   *
   * @param longMs over which the budget is spent
   * @param shortMs in which it must still be burning
   * @param factor how many times faster than the objective allows
   */
  record Burn(long longMs, long shortMs, double factor, Severity severity) {}

  static final List<Burn> BURNS =
      List.of(
          burn(Duration.ofHours(1), Duration.ofMinutes(5), 14.4, Severity.ERROR),
          burn(Duration.ofHours(6), Duration.ofMinutes(30), 6, Severity.ERROR),
          burn(Duration.ofHours(72), Duration.ofHours(6), 1, Severity.WARNING));

  private static final long MIN_BAD_SHORT = 2;

  private static Burn burn(Duration longer, Duration shorter, double factor, Severity severity) {
    return new Burn(longer.toMillis(), shorter.toMillis(), factor, severity);
  }

  /** Looks with this rule's thresholds. */
  public ErrorBudget(Rule rule) {
    super(rule);
    double budget = 1 - rule.number(Parameter.OBJECTIVE);
    if (!(budget > 0) || BURNS.get(0).factor() * budget >= 1) {
      throw new IllegalArgumentException(
          "rule %s: objective: was %s; must be below 1, and above %.3f, or 14.4 times the budget is more than all calls"
              .formatted(
                  rule.id(), rule.number(Parameter.OBJECTIVE), 1 - 1 / BURNS.get(0).factor()));
    }
  }

  @Override
  public long intervalMs() {
    return 15_000;
  }

  @Override
  protected Set<Pattern> explainedBy() {
    return Pattern.FAILURES;
  }

  @Override
  protected boolean isExplained(Evaluation evaluation, Finding finding) {
    Object shortMs = finding.story().get().evidence().get("short_window_ms");
    long within = shortMs instanceof Number number ? number.longValue() : 0;
    // Sums over hours reach back up to an hour more. A tenant's budget is burnt by a provider too.
    long margin = within > CallStats.HOUR_MS ? CallStats.HOUR_MS : 2 * CallStats.WINDOW_MS;
    return !evaluation.knownAbout(explainedBy(), finding.labels()).isEmpty()
        || !evaluation.endedAbout(explainedBy(), finding.labels(), within + margin).isEmpty();
  }

  /** How fast a scope's budget burns in a pair of windows. */
  private record Burning(Burn burn, double longBurn, double shortBurn, long bad, long attempts) {}

  @Override
  protected List<Finding> find(Traffic traffic, Episodes known, long now) {
    List<Finding> found = new ArrayList<>();
    Stream.of(ScopeKind.PROVIDER, ScopeKind.TENANT)
        .flatMap(kind -> traffic.ofKind(kind).stream())
        .forEach(
            series -> {
              Burning burning = worst(series, now);
              if (burning != null) {
                found.add(finding(traffic, series, burning));
              }
            });
    return found;
  }

  private @Nullable Burning worst(Series series, long now) {
    for (Burn burn : BURNS) {
      long[] shorter = sum(series, now, burn.shortMs());
      if (shorter[1] < MIN_BAD_SHORT) {
        continue;
      }
      long[] longer = sum(series, now, burn.longMs());
      double longBurn = rate(longer, Math.min(1, known(series, now, burn.longMs())));
      double shortBurn = rate(shorter, 1);
      if (longer[1] >= rule().number(Parameter.MIN_BAD)
          && longBurn >= burn.factor()
          && shortBurn >= burn.factor()) {
        return new Burning(burn, longBurn, shortBurn, longer[1], longer[0]);
      }
    }
    return null;
  }

  private double rate(long[] sum, double knownShare) {
    return sum[0] == 0
        ? 0
        : (double) sum[1] / sum[0] * knownShare / (1 - rule().number(Parameter.OBJECTIVE));
  }

  /** Which part of a window is known. */
  private static double known(Series series, long now, long windowMs) {
    return (double) (now - Math.max(series.firstSeenAt(), now - windowMs)) / windowMs;
  }

  /** Attempts and bad ones: by minutes up to an hour, by hours beyond. */
  private static long[] sum(Series series, long now, long windowMs) {
    if (windowMs <= CallStats.HOUR_MS) {
      Totals totals = series.totals(CallStats.windowStartOf(now - windowMs), now);
      return new long[] {totals.attempts(), totals.budgetBad()};
    }
    long[] sum = new long[2];
    for (Hour hour : series.hours(Series.hourOf(now - windowMs), now)) {
      sum[0] += hour.attempts();
      sum[1] += hour.bad();
    }
    return sum;
  }

  private Finding finding(Traffic traffic, Series series, Burning burning) {
    double budget = 1 - rule().number(Parameter.OBJECTIVE);
    String who =
        series.scope().tenant() == null
            ? String.valueOf(series.scope().provider())
            : "tenant " + series.scope().tenant();
    double spent = burning.longBurn() * burning.burn().longMs() / Duration.ofDays(30).toMillis();
    return new Finding(
        series.name(),
        Words.labels(
            "scope_kind", series.scope().kind().wireName(),
            "environment", traffic.environment(),
            "provider", series.scope().provider(),
            "tenant", series.scope().tenant()),
        Level.ABOVE,
        burning.burn().severity(),
        () ->
            new Evidence()
                .fact(
                    "Burn rate",
                    Words.times(burning.longBurn())
                        + " over "
                        + Words.span(burning.burn().longMs()))
                .fact("Budget spent", Words.percent(spent) + " of 30 days' in that time")
                .fact(
                    "Failed", Words.count(burning.bad()) + " of " + Words.count(burning.attempts()))
                .number("value", burning.longBurn())
                .number("threshold", burning.burn().factor())
                .number("short_burn", burning.shortBurn())
                .number("long_window_ms", burning.burn().longMs())
                .number("short_window_ms", burning.burn().shortMs())
                .number("bad", burning.bad())
                .number("attempts", burning.attempts())
                .number("budget", budget)
                .story(
                    "The error budget of %s (%s of calls may fail) burns %s as fast as it may: %s of %s attempts failed in %s."
                        .formatted(
                            who,
                            Words.percent(budget),
                            Words.times(burning.longBurn()),
                            Words.count(burning.bad()),
                            Words.count(burning.attempts()),
                            Words.span(burning.burn().longMs()))));
  }
}
