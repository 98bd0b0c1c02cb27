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
import dev.petrel.alerting.traffic.FailureKind;
import dev.petrel.alerting.traffic.Series;
import dev.petrel.alerting.traffic.Totals;
import dev.petrel.alerting.traffic.Traffic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Contributors;
import dev.petrel.stats.Measures;
import dev.petrel.stats.ScopeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds services whose retries amplify the load more than the failures explain.
 *
 * <p>High amplification alone is no storm: when a provider fails, clients that retry twice, as the
 * vendors' do, send up to three attempts a call. What makes a storm is more than that, or retries
 * that do not wait for as long as the provider asks.
 */
public final class RetryStorm extends FindingDetector {

  /** The most attempts a call of a client with two retries. */
  private static final double TWO_RETRIES = 3.05;

  private static final long MIN_ASKS = 20;
  private static final double SYNCHRONISED = 5;
  private static final int HISTORY_MINUTES = 60;
  private static final double FAILING = 0.3;
  private static final double NORMAL_LOAD = 1.2;

  /** Looks with this rule's thresholds. */
  public RetryStorm(Rule rule) {
    super(rule);
  }

  @Override
  public long intervalMs() {
    return 1000;
  }

  @Override
  protected Set<Pattern> explainedBy() {
    return Set.of(Pattern.QUOTA_EXHAUSTED, Pattern.AUTHENTICATION);
  }

  @Override
  protected boolean isExplained(Evaluation evaluation, Finding finding) {
    // With more attempts than two retries, it is a storm whatever is retried.
    return finding.severity() != Severity.CRITICAL
        && !evaluation.knownAbout(explainedBy(), finding.labels()).isEmpty();
  }

  @Override
  protected List<Finding> find(Traffic traffic, Episodes known, long now) {
    List<Series> services = traffic.ofKind(ScopeKind.SERVICE);
    List<Finding> found = new ArrayList<>();
    for (Series series : services.isEmpty() ? traffic.ofKind(ScopeKind.MODEL) : services) {
      Totals recent = series.recent(now, rule().minutes(Parameter.WINDOW));
      Level level = levelOf(recent, known.isOpen(series.name()));
      if (level != null) {
        found.add(
            new Finding(
                series.name(),
                Words.labels(
                    "scope_kind", series.scope().kind().wireName(),
                    "environment", traffic.environment(),
                    "provider", series.scope().provider(),
                    "model", series.scope().model(),
                    "service", series.scope().service()),
                level,
                recent.amplification() > TWO_RETRIES ? Severity.CRITICAL : Severity.ERROR,
                () -> story(series, recent, known.since(series.name(), now), now)));
      }
    }
    return found;
  }

  private @Nullable Level levelOf(Totals recent, boolean isOpen) {
    double amplification = recent.amplification();
    boolean enough =
        recent.attempts() >= rule().number(Parameter.MIN_ATTEMPTS)
            && recent.retries() >= rule().number(Parameter.MIN_RETRIES);
    if (enough
        && amplification >= rule().number(Parameter.ABOVE)
        && (excess(recent) >= rule().number(Parameter.EXCESS)
            || (recent.retriesAfterAsk() >= MIN_ASKS
                && recent.earlyShare() >= rule().number(Parameter.EARLY_SHARE)))) {
      return Level.ABOVE;
    }
    return isOpen && amplification >= rule().number(Parameter.RECOVER_BELOW) ? Level.HOLD : null;
  }

  /**
   * By what factor amplification exceeds 1 + f + f², what two retries of a share f of failures
   * make.
   */
  private static double excess(Totals totals) {
    double failing = totals.errorRatio();
    return totals.amplification() / (1 + failing + failing * failing);
  }

  private Finding.Story story(Series series, Totals recent, long since, long now) {
    Measures measures = series.recentMeasures(now, rule().minutes(Parameter.WINDOW));
    Contributors contributors = measures.contributors();
    double callsPerMinute =
        (double) series.recentFull(now, rule().minutes(Parameter.WINDOW)).calls()
            / rule().minutes(Parameter.WINDOW);
    double normalCalls = normalCallsPerMinute(series, since);
    boolean metastable =
        recent.errorRatio() >= FAILING && callsPerMinute <= NORMAL_LOAD * normalCalls;
    boolean stacked = recent.amplification() > TWO_RETRIES;
    String who =
        series.scope().service() == null
            ? "clients of " + series.scope().model()
            : "service " + series.scope().service();
    Evidence evidence =
        new Evidence()
            .fact(
                "Attempts per call",
                Words.times(recent.amplification()) + (stacked ? ", stacked retry layers" : ""))
            .fact("Caused by", who)
            .fact(
                "Retries that helped",
                recent.retries() == 0 ? null : Words.percent(recent.retryGoodput()))
            .fact(
                "Retries too early",
                recent.retriesAfterAsk() < MIN_ASKS
                    ? null
                    : Words.percent(recent.earlyShare()) + " before Retry-After was over")
            .fact("Failed attempts", Words.percent(recent.errorRatio()))
            .fact(
                "State",
                metastable ? "sustains itself: first attempts are no more than normal" : null)
            .number("amplification", recent.amplification())
            .number("excess", excess(recent))
            .number("attempts", recent.attempts())
            .number("calls", recent.calls())
            .number("retries", recent.retries())
            .number("goodput", recent.retryGoodput())
            .number("early_share", recent.earlyShare())
            .number("synchrony", measures.synchrony())
            .number("calls_per_minute", callsPerMinute)
            .number("normal_calls_per_minute", normalCalls)
            .text("metastable", Boolean.toString(metastable))
            .text("stacked", Boolean.toString(stacked))
            .number("rate_limited", recent.bad(FailureKind.RATE_LIMIT));
    if (series.scope().service() != null) {
      evidence.names("culprits", List.of(series.scope().service()));
    }
    if (contributors != null) {
      evidence
          .fact("Hurt", Words.names(Words.namesOf(contributors.tenants().highest(10))))
          .fact("Request ids", Words.names(contributors.requestIds()))
          .names("victims", Words.namesOf(contributors.tenants().highest(10)))
          .names("request_ids", contributors.requestIds());
    }
    return evidence.story(
        "Retry storm: %s sends %s attempts per call, %s of the attempts fail%s%s%s. Cap its retries at one layer, honour Retry-After, add jitter."
            .formatted(
                who,
                Words.times(recent.amplification()).replace("×", ""),
                Words.percent(recent.errorRatio()),
                recent.retries() > 0
                    ? ", " + Words.percent(recent.retryGoodput()) + " of the retries help"
                    : "",
                measures.synchrony() >= SYNCHRONISED ? ", they come in step" : "",
                metastable ? "; it sustains itself, the load is normal without retries" : ""));
  }

  private double normalCallsPerMinute(Series series, long since) {
    long current = CallStats.windowStartOf(since);
    long end = current - (rule().minutes(Parameter.WINDOW) + 2) * CallStats.WINDOW_MS;
    long start = Math.max(series.firstSeenAt(), end - HISTORY_MINUTES * CallStats.WINDOW_MS);
    long minutes = (end - start) / CallStats.WINDOW_MS;
    return minutes <= 0 ? Double.NaN : (double) series.totals(start, end).calls() / minutes;
  }
}
