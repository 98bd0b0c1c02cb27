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
import dev.petrel.alerting.traffic.Series;
import dev.petrel.alerting.traffic.Totals;
import dev.petrel.alerting.traffic.Traffic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Contributors;
import dev.petrel.stats.Measures;
import dev.petrel.stats.ScopeKind;
import dev.petrel.stats.TopCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds a version of a service whose requests are rejected as invalid while those of other versions
 * are not, or were not before it came.
 */
public final class BadDeploy extends FindingDetector {

  private static final FailureKind KIND = FailureKind.REQUEST;

  /** How many times less another version fails. */
  private static final double FACTOR = 4;

  private static final long MIN_OTHERS = 20;
  private static final int HISTORY_MINUTES = 60;

  /** Looks with this rule's thresholds. */
  public BadDeploy(Rule rule) {
    super(rule);
  }

  @Override
  public long intervalMs() {
    return 1000;
  }

  @Override
  protected Set<Pattern> explainedBy() {
    return Set.of();
  }

  /** How a version fares. */
  private record Version(
      String name, long attempts, long bad, long othersAttempts, long othersBad) {
    double ratio() {
      return (double) bad / attempts;
    }

    double othersRatio() {
      return othersAttempts == 0 ? Double.NaN : (double) othersBad / othersAttempts;
    }
  }

  @Override
  protected List<Finding> find(Traffic traffic, Episodes known, long now) {
    List<Finding> found = new ArrayList<>();
    for (Series series : traffic.ofKind(ScopeKind.SERVICE)) {
      Totals recent = series.recent(now, rule().minutes(Parameter.WINDOW));
      if (recent.bad(KIND) == 0) {
        continue;
      }
      Measures measures = series.recentMeasures(now, rule().minutes(Parameter.WINDOW));
      Version worst = worst(measures);
      if (worst == null) {
        continue;
      }
      String key = series.name() + "|version=" + worst.name();
      Level level = levelOf(worst, recent, series, known.isOpen(key), now);
      if (level != null) {
        found.add(
            new Finding(
                key,
                Words.labels(
                    "scope_kind", "version",
                    "environment", traffic.environment(),
                    "service", series.scope().service(),
                    "version", worst.name()),
                level,
                worst.ratio() >= 0.5 ? Severity.CRITICAL : Severity.ERROR,
                () -> story(series, worst, measures)));
      }
    }
    return found;
  }

  private static @Nullable Version worst(Measures measures) {
    Contributors contributors = measures.contributors();
    if (contributors == null || measures.sources() == null) {
      return null;
    }
    Map<String, Long> attempts = new HashMap<>();
    for (TopCounts.Entry entry : measures.sources().versions().highest(TopCounts.CAPACITY)) {
      attempts.put(entry.name(), entry.count());
    }
    List<TopCounts.Entry> failed = contributors.versionsByType().highest(KIND.types());
    long allBad = failed.stream().mapToLong(TopCounts.Entry::count).sum();
    long all = attempts.values().stream().mapToLong(Long::longValue).sum();
    if (failed.isEmpty()) {
      return null;
    }
    TopCounts.Entry first = failed.get(0);
    long own = Math.max(first.count(), attempts.getOrDefault(first.name(), 0L));
    return new Version(
        first.name(), own, first.count(), Math.max(0, all - own), allBad - first.count());
  }

  private @Nullable Level levelOf(
      Version worst, Totals recent, Series series, boolean isOpen, long now) {
    if (isOpen) {
      return worst.ratio() >= rule().number(Parameter.RECOVER_BELOW) ? Level.ABOVE : null;
    }
    boolean failing =
        worst.bad() >= rule().number(Parameter.MIN_BAD)
            && recent.moments(KIND) >= 2
            && worst.ratio() >= rule().number(Parameter.ABOVE);
    return failing && isTheVersions(worst, series, now) ? Level.ABOVE : null;
  }

  private boolean isTheVersions(Version worst, Series series, long now) {
    if (worst.othersAttempts() >= MIN_OTHERS) {
      return worst.othersRatio() * FACTOR <= worst.ratio();
    }
    // It is everywhere: then it must have come not long ago, and things were better before.
    long end =
        CallStats.windowStartOf(now) - rule().minutes(Parameter.WINDOW) * CallStats.WINDOW_MS;
    long start = end - HISTORY_MINUTES * CallStats.WINDOW_MS;
    Measures before = series.measures(start, end);
    if (before.attempts() < MIN_OTHERS || before.sources() == null) {
      return false;
    }
    long others = 0;
    for (TopCounts.Entry entry : before.sources().versions().highest(TopCounts.CAPACITY)) {
      others += entry.name().equals(worst.name()) ? 0 : entry.count();
    }
    double normal = (double) KIND.countOf(before) / before.attempts();
    return others >= MIN_OTHERS && normal * FACTOR <= worst.ratio();
  }

  private Finding.Story story(Series series, Version worst, Measures measures) {
    Evidence evidence =
        new Evidence()
            .fact("Version", worst.name())
            .fact(
                "Rejected",
                Words.percent(worst.ratio())
                    + (Double.isNaN(worst.othersRatio())
                        ? ""
                        : " (other versions " + Words.percent(worst.othersRatio()) + ")"))
            .number("bad", worst.bad())
            .number("attempts", worst.attempts())
            .number("ratio", worst.ratio())
            .number("normal_ratio", worst.othersRatio())
            .names("culprits", List.of(series.scope().service() + " " + worst.name()));
    Contributors contributors = measures.contributors();
    String because = "";
    if (contributors != null) {
      List<String> said = Words.namesOf(contributors.signatures().highest(KIND.types()));
      List<String> tenants = Words.namesOf(contributors.tenants().highest(Evidence.MAX_NAMES));
      if (!said.isEmpty()) {
        because = ": " + said.get(0);
        int at = said.get(0).indexOf(Contributors.SIGNATURE_SEPARATOR);
        evidence.text("parameter", at < 0 ? null : said.get(0).substring(at + 1));
      }
      evidence
          .fact("Provider says", Words.names(said))
          .fact("Hurt", Words.names(tenants))
          .fact("Request ids", Words.names(contributors.requestIds()))
          .names("victims", tenants)
          .names("request_ids", contributors.requestIds());
    }
    return evidence.story(
        "Version %s of %s sends requests that the provider rejects%s: %s of its attempts in the last %d minutes. Roll it back or correct the parameter."
            .formatted(
                worst.name(),
                series.scope().service(),
                because,
                Words.percent(worst.ratio()),
                rule().minutes(Parameter.WINDOW) + 1));
  }
}
