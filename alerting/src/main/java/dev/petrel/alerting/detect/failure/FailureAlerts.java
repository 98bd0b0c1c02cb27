// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.detect.Evaluation;
import dev.petrel.alerting.detect.Evidence;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.detect.Words;
import dev.petrel.alerting.detect.failure.Coverage.Level;
import dev.petrel.alerting.traffic.Group;
import dev.petrel.alerting.traffic.Series;
import dev.petrel.alerting.traffic.Window;
import dev.petrel.event.ErrorType;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes the alert documents of failing attempts, within one evaluation. */
final class FailureAlerts {

  /** A share of failures from which an alert is critical whatever it covers. */
  static final double CRITICAL_RATIO = 0.5;

  private static final int MAX_ERROR_TYPES = 5;

  /** Fewer attempts than this make no ratio that says anything. */
  private static final long MIN_ATTEMPTS = 20;

  private final FailureConfig config;
  private final Rule base;
  private final List<Rule> special;
  private final Evaluation evaluation;

  FailureAlerts(FailureConfig config, Rule base, List<Rule> special, Evaluation evaluation) {
    this.config = config;
    this.base = base;
    this.special = special;
    this.evaluation = evaluation;
  }

  /** A new episode. */
  Alert fired(Group group, View view, Coverage coverage, long startsAt, long now) {
    Set<String> members = new TreeSet<>();
    if (coverage.level() == Level.TENANT) {
      members.add(String.valueOf(coverage.model()));
    }
    FailureEvidence evidence = evidence(group, view, coverage, members, startsAt, now, Map.of());
    Diagnosis diagnosis = null;
    Rule rule = base;
    for (Rule each : special) {
      diagnosis = Diagnosis.of(each.pattern(), group, view, coverage, evidence, evaluation);
      if (diagnosis != null && fits(each, diagnosis, group, coverage, evidence)) {
        rule = each;
        break;
      }
      diagnosis = null;
    }
    Map<String, String> labels = labels(group, coverage);
    if (diagnosis != null) {
      labels.putAll(diagnosis.labels());
    }
    labels.putAll(rule.labels());
    return new Alert(
        Alert.id(rule.id(), labels, startsAt),
        rule.id(),
        rule.pattern().wireName(),
        Status.FIRING,
        // The newest minutes: when it fires, those before the onset still dilute the ratio.
        rule.severityOr(severity(coverage, evidence.recentRatio())),
        labels,
        rule.annotations(),
        startsAt,
        now,
        null,
        now,
        1,
        summary(group, coverage, evidence, diagnosis),
        facts(evidence, diagnosis),
        numbers(evidence, diagnosis),
        evaluation.runbookUrl(rule));
  }

  private boolean fits(
      Rule rule, Diagnosis diagnosis, Group group, Coverage coverage, FailureEvidence evidence) {
    FailureConfig own = FailureConfig.of(config.kind(), rule);
    Map<String, String> labels = labels(group, coverage);
    labels.putAll(diagnosis.labels());
    return rule.where().test(labels)
        && evidence.recentRatio() >= own.above()
        && evidence.bad() >= own.minBad();
  }

  private static String summary(
      Group group, Coverage coverage, FailureEvidence evidence, @Nullable Diagnosis diagnosis) {
    boolean hurtsOthers = diagnosis != null && diagnosis.numbers().containsKey("victims");
    String text = Wording.summary(group, coverage, evidence, hurtsOthers);
    return diagnosis == null ? text : diagnosis.sentence() + " " + text;
  }

  private static Map<String, String> facts(
      FailureEvidence evidence, @Nullable Diagnosis diagnosis) {
    Map<String, String> facts = new LinkedHashMap<>();
    if (diagnosis != null) {
      facts.putAll(diagnosis.facts());
    }
    Wording.facts(evidence).forEach(facts::putIfAbsent);
    return facts;
  }

  private static Map<String, Object> numbers(
      FailureEvidence evidence, @Nullable Diagnosis diagnosis) {
    Map<String, Object> numbers = evidence.asMap();
    if (diagnosis != null) {
      numbers.putAll(diagnosis.numbers());
    }
    return numbers;
  }

  /** Whether the episode is more severe than its document says. */
  boolean isMoreSevere(View view, Episode episode) {
    return severity(view, episode).compareTo(episode.alert().severity()) > 0;
  }

  /** The episode with today's numbers; worth telling when it has become more severe. */
  Alert refreshed(Group group, View view, Episode episode, long now) {
    return rewritten(group, view, episode, now, false);
  }

  /** The episode with a wider coverage, which is always worth telling. */
  Alert widened(Group group, View view, Episode episode, long now) {
    return rewritten(group, view, episode, now, true);
  }

  private Alert rewritten(Group group, View view, Episode episode, long now, boolean widened) {
    Alert alert = episode.alert();
    Coverage coverage = episode.coverage();
    Map<String, Object> known = new HashMap<>(alert.evidence());
    if (widened) {
      known.remove("normal_ratio");
      known.put("widened_at", now);
    }
    FailureEvidence evidence =
        evidence(group, view, coverage, episode.members(), alert.startsAt(), now, known);
    Severity severity = alert.severity().or(severity(view, episode));
    Rule rule = ruleOf(alert);
    Diagnosis diagnosis =
        rule.equals(base)
            ? null
            : Diagnosis.of(rule.pattern(), group, view, coverage, evidence, evaluation);
    Map<String, Object> numbers = numbers(evidence, diagnosis);
    // A diagnosis that can no longer be made stays, unless the cause has turned out to be wider.
    boolean kept =
        diagnosis == null
            && !rule.equals(base)
            && coverage.scopeKind().equals(alert.labels().get("scope_kind"));
    if (kept) {
      // What was found out once stays true of the episode, also when it can no longer be seen.
      alert.evidence().forEach(numbers::putIfAbsent);
    }
    return alert.refreshed(
        severity,
        kept ? alert.summary() : summary(group, coverage, evidence, diagnosis),
        kept ? alert.facts() : facts(evidence, diagnosis),
        numbers,
        widened || severity != alert.severity(),
        now);
  }

  private Rule ruleOf(Alert alert) {
    return special.stream().filter(rule -> rule.id().equals(alert.rule())).findAny().orElse(base);
  }

  /** What an alert about this is labelled with. */
  Map<String, String> labels(Group group, Coverage coverage) {
    return Words.labels(
        "scope_kind", coverage.scopeKind(),
        "environment", group.environment(),
        "provider", group.provider(),
        "model", coverage.model(),
        "tenant", coverage.tenant());
  }

  private Severity severity(Coverage coverage, double ratio) {
    if (ratio >= CRITICAL_RATIO && coverage.level() != Level.TENANT) {
      return Severity.CRITICAL;
    }
    return switch (coverage.level()) {
      case PROVIDER -> Severity.CRITICAL;
      case MODEL -> Severity.ERROR;
      case TENANT -> ratio >= CRITICAL_RATIO ? Severity.ERROR : Severity.WARNING;
    };
  }

  /** The severity of an episode that goes on: by the whole window, so that noise raises nothing. */
  private Severity severity(View view, Episode episode) {
    return ruleOf(episode.alert())
        .severityOr(
            severity(episode.coverage(), view.of(episode.coverage(), episode.members()).ratio()));
  }

  private FailureEvidence evidence(
      Group group,
      View view,
      Coverage coverage,
      Iterable<String> members,
      long startsAt,
      long now,
      Map<String, Object> known) {
    Window window = view.of(coverage, members);
    List<Series> series = coverage.seriesOf(group, members);
    long windowStart = CallStats.windowStartOf(now) - config.minutes() * CallStats.WINDOW_MS;
    int newest = window.newest(MIN_ATTEMPTS);
    double recent = rounded(window.ratio(newest));
    double peak =
        known.get("peak_ratio") instanceof Number number
            ? Math.max(number.doubleValue(), recent)
            : recent;
    Double normal =
        known.get("normal_ratio") instanceof Number number
            ? Double.valueOf(number.doubleValue())
            : normalRatio(series, startsAt);
    Long widenedAt =
        known.get("widened_at") instanceof Number number ? Long.valueOf(number.longValue()) : null;
    Measures measures = new Measures();
    series.forEach(each -> measures.mergeWindow(each.recentMeasures(now, config.minutes())));
    Map<String, Long> errors = topErrors(measures);
    List<String> models = affectedModels(view, coverage, members);
    List<String> tenants = affectedTenants(view, coverage);
    return new FailureEvidence(
        coverage.scopeKind(),
        windowStart,
        now - windowStart,
        window.attempts(),
        window.bad(),
        rounded(window.ratio()),
        recent,
        window.bad(newest),
        window.attempts(newest),
        now - CallStats.windowStartOf(now) + newest * CallStats.WINDOW_MS,
        peak,
        normal,
        errors,
        Wording.faultOf(errors).wireName(),
        firstOf(models),
        models.size(),
        firstOf(tenants),
        tenants.size(),
        measures.calls() == 0
            ? null
            : Words.rounded((double) measures.attempts() / measures.calls()),
        measures.contributors() == null ? List.of() : measures.contributors().requestIds(),
        widenedAt);
  }

  private static double rounded(double ratio) {
    return Math.round(ratio * 10_000) / 10_000.0;
  }

  /**
   * The ratio in the minutes before the window in which the episode began; when too little is known
   * of these, in the recovered ones of the window. Null when that is too little too.
   */
  private @Nullable Double normalRatio(List<Series> series, long startsAt) {
    long minute = CallStats.windowStartOf(startsAt);
    Double before =
        ratioBefore(series, minute - config.minutes() * CallStats.WINDOW_MS, Double.MAX_VALUE);
    return before != null ? before : ratioBefore(series, minute, config.recoverBelow());
  }

  private @Nullable Double ratioBefore(List<Series> series, long end, double below) {
    long attempts = 0;
    long bad = 0;
    for (Series each : series) {
      Series.Normal before = each.before(end, below, config.kind());
      attempts += before.attempts();
      bad += before.bad();
    }
    return attempts < MIN_ATTEMPTS ? null : Double.valueOf(rounded((double) bad / attempts));
  }

  private Map<String, Long> topErrors(Measures measures) {
    Map<String, Long> sum = new HashMap<>();
    for (ErrorType type : config.kind().types()) {
      if (measures.errors(type) > 0) {
        sum.put(type.wireName(), measures.errors(type));
      }
    }
    Map<String, Long> top = new LinkedHashMap<>();
    sum.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(MAX_ERROR_TYPES)
        .forEach(entry -> top.put(entry.getKey(), entry.getValue()));
    return top;
  }

  private List<String> affectedModels(View view, Coverage coverage, Iterable<String> members) {
    return switch (coverage.level()) {
      case PROVIDER -> affected(view.models());
      case MODEL -> List.of(String.valueOf(coverage.model()));
      case TENANT -> List.copyOf(new TreeSet<>(setOf(members)));
    };
  }

  private static Set<String> setOf(Iterable<String> names) {
    Set<String> set = new TreeSet<>();
    names.forEach(set::add);
    return set;
  }

  private List<String> affectedTenants(View view, Coverage coverage) {
    return switch (coverage.level()) {
      case PROVIDER -> affected(view.tenants());
      case MODEL -> affected(view.tenantsOn(String.valueOf(coverage.model())));
      case TENANT -> List.of(String.valueOf(coverage.tenant()));
    };
  }

  private List<String> affected(Map<String, Window> parts) {
    return parts.entrySet().stream()
        .filter(part -> part.getValue().anyRecent(config.above(), 2))
        .sorted(
            Comparator.<Map.Entry<String, Window>>comparingLong(part -> -part.getValue().bad())
                .thenComparing(Map.Entry::getKey))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static List<String> firstOf(List<String> names) {
    return List.copyOf(names.subList(0, Math.min(Evidence.MAX_NAMES, names.size())));
  }
}
