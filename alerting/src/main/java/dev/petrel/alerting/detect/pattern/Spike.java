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
import dev.petrel.alerting.traffic.Minute;
import dev.petrel.alerting.traffic.Series;
import dev.petrel.alerting.traffic.Totals;
import dev.petrel.alerting.traffic.Traffic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.ScopeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Finds tenants whose use of tokens, or whose cost, has jumped.
 *
 * <p>More of the same is growth, not a spike: with the rate, either the use per call must have
 * jumped too, or the tenant's share of everybody's use. And it must have jumped within a minute or
 * two: what grows gradually is context creep or success.
 */
public final class Spike extends FindingDetector {

  private static final int HISTORY_MINUTES = 60;
  private static final double OUT_OF_PROPORTION = 2;

  /** The factor between the minutes before and after a jump. */
  private static final double STEP = 2.3;

  private static final int STEP_MINUTES = 3;

  /** What is measured. */
  private enum Use {
    TOKENS,
    COST;

    double of(Totals totals) {
      return this == TOKENS ? totals.tokens() : totals.costNanoUsd() / 1e9;
    }

    ToDoubleFunction<Minute> ofMinute() {
      return this == TOKENS ? Minute::tokens : minute -> minute.costNanoUsd() / 1e9;
    }

    double of(Hour hour) {
      return this == TOKENS ? hour.tokens() : hour.costNanoUsd() / 1e9;
    }

    String words(double amount) {
      return this == TOKENS ? Words.count(Math.round(amount)) + " tokens" : Words.usd(amount * 1e9);
    }
  }

  private final Use use;

  /** Looks with this rule's thresholds: for tokens or cost, as its pattern says. */
  public Spike(Rule rule) {
    super(rule);
    this.use = rule.pattern() == Pattern.COST_SPIKE ? Use.COST : Use.TOKENS;
  }

  @Override
  public long intervalMs() {
    return 5_000;
  }

  @Override
  protected Set<Pattern> explainedBy() {
    return use == Use.COST
        ? Set.of(Pattern.TOKEN_SPIKE, Pattern.RETRY_STORM, Pattern.NOISY_TENANT)
        : Set.of(Pattern.RETRY_STORM, Pattern.NOISY_TENANT);
  }

  @Override
  protected boolean isExplained(Evaluation evaluation, Finding finding) {
    String tenant = finding.labels().get("tenant");
    return evaluation.knownAbout(explainedBy(), finding.labels()).stream()
        .anyMatch(known -> Objects.equals(tenant, known.labels().getOrDefault("tenant", tenant)));
  }

  /** A jump: rates are per minute. */
  private record Jump(
      double rate, double normal, double perCall, double normalPerCall, double share) {}

  @Override
  protected List<Finding> find(Traffic traffic, Episodes known, long now) {
    List<Finding> found = new ArrayList<>();
    int minutes = rule().minutes(Parameter.WINDOW);
    Series all = traffic.all();
    for (Series series : traffic.ofKind(ScopeKind.TENANT)) {
      Totals recent = series.recentFull(now, minutes);
      boolean open = known.isOpen(series.name());
      if (!open
          && (recent.calls() < rule().number(Parameter.MIN_ATTEMPTS) || use.of(recent) == 0)) {
        continue;
      }
      Jump jump = jump(series, all, recent, known.since(series.name(), now), now);
      Level level = jump == null ? (open ? Level.HOLD : null) : levelOf(jump, series, open, now);
      if (level != null) {
        found.add(
            new Finding(
                series.name(),
                Words.labels(
                    "scope_kind", "tenant",
                    "environment", traffic.environment(),
                    "tenant", series.scope().tenant()),
                level,
                Severity.WARNING,
                () -> story(series, jump, now)));
      }
    }
    return found;
  }

  private @Nullable Level levelOf(Jump jump, Series series, boolean isOpen, long now) {
    double factor = jump.rate() / jump.normal();
    boolean above =
        factor >= rule().number(Parameter.ABOVE)
            && jump.rate() - jump.normal() >= rule().number(Parameter.MIN_CHANGE)
            && (jump.perCall() >= OUT_OF_PROPORTION * jump.normalPerCall()
                || jump.share() >= OUT_OF_PROPORTION)
            && eachMinuteIsHigh(series, jump, now)
            && (isOpen || isStep(series, now));
    if (above) {
      return Level.ABOVE;
    }
    return isOpen && factor >= rule().number(Parameter.RECOVER_BELOW) ? Level.HOLD : null;
  }

  /** One huge call is no spike. */
  private boolean eachMinuteIsHigh(Series series, Jump jump, long now) {
    long current = CallStats.windowStartOf(now);
    double[] each =
        series.eachMinute(
            current - rule().minutes(Parameter.WINDOW) * CallStats.WINDOW_MS,
            current,
            use.ofMinute());
    int high = 0;
    for (double minute : each) {
      high += minute >= rule().number(Parameter.RECOVER_BELOW) * jump.normal() ? 1 : 0;
    }
    return high >= rule().minutes(Parameter.WINDOW);
  }

  /** Whether it has jumped, and not climbed. */
  private boolean isStep(Series series, long now) {
    long current = CallStats.windowStartOf(now);
    int back = rule().minutes(Parameter.WINDOW) + rule().minutes(Parameter.FOR) + 2;
    double steepest = 0;
    for (int at = STEP_MINUTES; at <= back; at++) {
      long step = current - at * CallStats.WINDOW_MS;
      double before =
          use.of(series.totals(step - STEP_MINUTES * CallStats.WINDOW_MS, step)) / STEP_MINUTES;
      double then =
          use.of(series.totals(step, step + STEP_MINUTES * CallStats.WINDOW_MS)) / STEP_MINUTES;
      steepest = Math.max(steepest, before == 0 ? 0 : then / before);
    }
    return steepest >= STEP;
  }

  private @Nullable Jump jump(
      Series series, @Nullable Series all, Totals recent, long since, long now) {
    int minutes = rule().minutes(Parameter.WINDOW);
    long end = CallStats.windowStartOf(since) - (minutes + 1) * CallStats.WINDOW_MS;
    long start = Math.max(series.firstSeenAt(), end - HISTORY_MINUTES * CallStats.WINDOW_MS);
    long elapsed = (end - start) / CallStats.WINDOW_MS;
    if (end - series.firstSeenAt() < rule().duration(Parameter.MIN_HISTORY).toMillis()) {
      return null;
    }
    Totals before = series.totals(start, end);
    if (before.calls() == 0 || use.of(before) == 0) {
      return null;
    }
    double normal = Math.max(use.of(before) / elapsed, sameHour(series, since));
    double share = Double.NaN;
    if (all != null) {
      double allBefore = use.of(all.totals(start, end));
      double allNow = use.of(all.recentFull(now, minutes));
      share = (use.of(recent) / allNow) / (use.of(before) / allBefore);
    }
    return new Jump(
        use.of(recent) / minutes,
        normal,
        recent.calls() == 0 ? 0 : use.of(recent) / recent.calls(),
        use.of(before) / before.calls(),
        share);
  }

  /** The largest rate a minute of the same hour on the days before; 0 when none is known. */
  private double sameHour(Series series, long now) {
    double most = 0;
    for (int days = 1; days <= 3; days++) {
      long hour = Series.hourOf(now - Duration.ofDays(days).toMillis());
      for (Hour each : series.hours(hour, hour + CallStats.HOUR_MS)) {
        most = Math.max(most, use.of(each) * CallStats.WINDOW_MS / CallStats.HOUR_MS);
      }
    }
    return most;
  }

  private Finding.Story story(Series series, @Nullable Jump jump, long now) {
    if (jump == null) {
      throw new IllegalStateException("nothing to tell of what is not known");
    }
    Totals recent = series.recentFull(now, rule().minutes(Parameter.WINDOW));
    String tenant = String.valueOf(series.scope().tenant());
    return new Evidence()
        .fact(
            "Use", use.words(jump.rate()) + " a minute (normally " + use.words(jump.normal()) + ")")
        .fact(
            "Per call",
            use.words(jump.perCall()) + " (normally " + use.words(jump.normalPerCall()) + ")")
        .fact("Caused by", "tenant " + tenant)
        .fact(
            "Cost",
            recent.costNanoUsd() == 0
                ? null
                : Words.usd((double) recent.costNanoUsd() / recent.minutes()) + " a minute")
        .number("value", jump.rate())
        .number("normal", jump.normal())
        .number("per_call", jump.perCall())
        .number("normal_per_call", jump.normalPerCall())
        .number("share_change", jump.share())
        .number("calls", recent.calls())
        .names("culprits", List.of(tenant))
        .story(
            "The %s of tenant %s: %s a minute, %s as much as normal (%s). Per call it is %s as much. Look at what it sends: a loop, a larger context, a new feature."
                .formatted(
                    use == Use.TOKENS ? "token use" : "cost",
                    tenant,
                    use.words(jump.rate()),
                    Words.times(jump.rate() / jump.normal()),
                    use.words(jump.normal()),
                    Words.times(jump.perCall() / jump.normalPerCall())));
  }
}
