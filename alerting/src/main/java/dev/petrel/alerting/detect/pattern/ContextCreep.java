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
import dev.petrel.alerting.traffic.FailureKind;
import dev.petrel.alerting.traffic.Group;
import dev.petrel.alerting.traffic.Hour;
import dev.petrel.alerting.traffic.Series;
import dev.petrel.alerting.traffic.Traffic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.stats.ScopeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds prompts that grow towards the model's context window, and says when they will reach it.
 *
 * <p>It looks at the 95th percentile of the used part of the window, by hour over two weeks, and by
 * minute where less is known. A trend must be one that chance does not make, and be large.
 */
public final class ContextCreep extends FindingDetector {

  private static final int MIN_POINTS = 8;
  private static final int MAX_POINTS = 60;
  private static final int MIN_HOURS = 24;

  /** Mann's and Kendall's z from which a trend is one. */
  private static final double SIGNIFICANT = 4;

  private static final double FULL = 1.0;
  private static final int FAILING_MINUTES = 5;
  private static final long MIN_FAILING = 5;

  /** Looks with this rule's thresholds. */
  public ContextCreep(Rule rule) {
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

  /**
   * Where prompts are going.
   *
   * @param now the used part of the window now, by the trend
   * @param rise how much it has risen
   * @param spanMs in which time
   * @param etaMs when it will be full, from now; 0 when it is
   */
  private record Creep(double now, double rise, long spanMs, long etaMs) {}

  @Override
  protected List<Finding> find(Traffic traffic, Episodes known, long now) {
    List<Finding> found = new ArrayList<>();
    for (Series series : traffic.ofKind(ScopeKind.MODEL)) {
      Creep creep = creep(series, now);
      boolean creeps =
          creep != null
              && creep.now() >= rule().number(Parameter.ABOVE)
              && creep.etaMs() <= rule().duration(Parameter.WITHIN).toMillis();
      long failing = series.recent(now, FAILING_MINUTES).bad(FailureKind.CONTEXT);
      boolean open = known.isOpen(series.name());
      if (creeps || (open && (failing > 0 || stillHigh(series, now)))) {
        found.add(finding(traffic, series, creeps ? creep : null, failing, now));
      }
    }
    return found;
  }

  /** Prompts that have grown and stay so are still near the window, without a trend. */
  private boolean stillHigh(Series series, long now) {
    Measures recent = series.recentMeasures(now, 10);
    return recent.contextUse().count() > 0
        && recent.contextUse().quantile(0.95) >= rule().number(Parameter.ABOVE);
  }

  private @Nullable Creep creep(Series series, long now) {
    List<Hour> hours = new ArrayList<>();
    for (Hour hour : series.hours(now - Duration.ofDays(14).toMillis(), Series.hourOf(now))) {
      if (hour.contextCount() >= rule().number(Parameter.MIN_ATTEMPTS)) {
        hours.add(hour);
      }
    }
    return hours.size() < MIN_HOURS ? byMinute(series, now) : byHour(hours);
  }

  private @Nullable Creep byHour(List<Hour> known) {
    // Days have their own rhythm: it goes into no trend when each point is the same hours.
    int step = Math.max(1, known.size() / MAX_POINTS);
    List<double[]> points = new ArrayList<>();
    for (int i = known.size() % step; i + step <= known.size(); i += step) {
      double[] values = new double[step];
      for (int j = 0; j < step; j++) {
        values[j] = known.get(i + j).contextP95();
      }
      points.add(new double[] {known.get(i + step - 1).start(), Numbers.median(values)});
    }
    return creep(points);
  }

  private @Nullable Creep byMinute(Series series, long now) {
    List<double[]> points = new ArrayList<>();
    long current = CallStats.windowStartOf(now);
    series.eachMinute(
        current - MAX_POINTS * CallStats.WINDOW_MS,
        current,
        minute -> {
          if (minute.contextCount() >= rule().number(Parameter.MIN_ATTEMPTS)) {
            points.add(new double[] {minute.start(), minute.contextP95()});
          }
          return 0;
        });
    return creep(points);
  }

  private @Nullable Creep creep(List<double[]> points) {
    if (points.size() < MIN_POINTS) {
      return null;
    }
    double[] x = points.stream().mapToDouble(point -> point[0]).toArray();
    double[] y = points.stream().mapToDouble(point -> point[1]).toArray();
    Numbers.Trend trend = Numbers.trend(x, y);
    // With few points even a perfect trend has a small z.
    double needed = Math.min(SIGNIFICANT, 0.9 * Math.sqrt(points.size()) * 1.2);
    if (trend.slope() <= 0
        || trend.significance() < needed
        || trend.rise() < rule().number(Parameter.MIN_CHANGE)) {
      return null;
    }
    double eta = Math.max(0, (FULL - trend.last()) / trend.slope());
    return new Creep(
        trend.last(), trend.rise(), (long) (x[x.length - 1] - x[0]), (long) Math.min(eta, 1e15));
  }

  private Finding finding(
      Traffic traffic, Series series, @Nullable Creep creep, long failing, long now) {
    boolean soon = creep != null && creep.etaMs() < Duration.ofDays(2).toMillis();
    return new Finding(
        series.name(),
        Words.labels(
            "scope_kind", "model",
            "environment", traffic.environment(),
            "provider", series.scope().provider(),
            "model", series.scope().model()),
        creep == null && failing < MIN_FAILING ? Level.HOLD : Level.ABOVE,
        soon || failing >= MIN_FAILING ? Severity.ERROR : Severity.WARNING,
        () ->
            creep == null
                ? full(traffic, series, failing, now)
                : story(traffic, series, creep, failing, now));
  }

  private Finding.Story story(Traffic traffic, Series series, Creep creep, long failing, long now) {
    List<String> tenants = largest(traffic, series, now);
    String when =
        creep.etaMs() == 0
            ? "it is full"
            : "it will be full around " + Words.moment(now + creep.etaMs());
    return new Evidence()
        .fact(
            "Context window used",
            Words.percent(creep.now())
                + " (95th percentile), up by "
                + Words.percent(creep.rise())
                + " in "
                + Words.span(creep.spanMs()))
        .fact("Full", creep.etaMs() == 0 ? "now" : "in " + Words.span(creep.etaMs()))
        .fact("Longest prompts", Words.names(tenants))
        .fact("Failing already", failing == 0 ? null : Words.count(failing) + " in 5 minutes")
        .number("value", creep.now())
        .number("rise", creep.rise())
        .number("span_ms", creep.spanMs())
        .number("eta_ms", creep.etaMs())
        .number("full_at", now + creep.etaMs())
        .number("bad", failing)
        .names("culprits", tenants)
        .story(
            "Prompts to %s use %s of its context window, %s more than %s ago: %s. Shorten histories, summarise, or move to a model with a larger window."
                .formatted(
                    series.scope().model(),
                    Words.percent(creep.now()),
                    Words.percent(creep.rise()),
                    Words.span(creep.spanMs()),
                    when));
  }

  /** What was foreseen has come. */
  private static Finding.Story full(Traffic traffic, Series series, long failing, long now) {
    List<String> tenants = largest(traffic, series, now);
    return new Evidence()
        .fact("Failing", Words.count(failing) + " attempts in " + FAILING_MINUTES + " minutes")
        .fact("Longest prompts", Words.names(tenants))
        .number("bad", failing)
        .names("culprits", tenants)
        .story(
            "Prompts to %s exceed its context window: %s attempts failed in the last %d minutes. Shorten histories, summarise, or move to a model with a larger window."
                .formatted(series.scope().model(), Words.count(failing), FAILING_MINUTES));
  }

  private static List<String> largest(Traffic traffic, Series series, long now) {
    Group group = traffic.group(series.scope().provider());
    if (group == null) {
      return List.of();
    }
    record Use(String tenant, double part) {}
    List<Use> uses = new ArrayList<>();
    group
        .cells()
        .getOrDefault(String.valueOf(series.scope().model()), Map.of())
        .forEach(
            (tenant, each) -> {
              Measures recent = each.recentMeasures(now, 10);
              if (recent.contextUse().count() > 0) {
                uses.add(new Use(tenant, recent.contextUse().quantile(0.95)));
              }
            });
    uses.sort(Comparator.comparingDouble(Use::part).reversed());
    return uses.stream().map(Use::tenant).limit(Evidence.MAX_NAMES).toList();
  }
}
