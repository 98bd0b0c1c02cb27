// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.detect.Coverage.Level;
import dev.petrel.stats.CallStats;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Writes the alert documents of the {@code error_rate} rule. Thread-safe. */
final class ErrorRateAlerts {

  /** A share of failures from which an alert is critical whatever it covers. */
  static final double CRITICAL_RATIO = 0.5;

  private static final int MAX_NAMES = 10;
  private static final int MAX_ERROR_TYPES = 5;

  /** Fewer attempts than this make no ratio that says anything. */
  private static final long MIN_ATTEMPTS = 20;

  private final ErrorRateConfig config;
  private final String runbookUrl;

  ErrorRateAlerts(ErrorRateConfig config, String runbookBaseUrl) {
    this.config = config;
    this.runbookUrl =
        runbookBaseUrl + (runbookBaseUrl.endsWith("/") ? "" : "/") + ErrorRateRule.NAME + ".md";
  }

  /** A new episode. */
  Alert fired(Group group, View view, Coverage coverage, long startsAt, long now) {
    Map<String, String> labels = labels(group, coverage);
    Set<String> members = new TreeSet<>();
    if (coverage.level() == Level.TENANT) {
      members.add(String.valueOf(coverage.model()));
    }
    ErrorRateEvidence evidence = evidence(group, view, coverage, members, startsAt, now, Map.of());
    return new Alert(
        Alert.id(ErrorRateRule.NAME, labels, startsAt),
        ErrorRateRule.NAME,
        ErrorRateRule.NAME,
        Status.FIRING,
        // The newest minutes: when it fires, those before the onset still dilute the ratio.
        severity(coverage, evidence.recentRatio()),
        labels,
        Map.of(),
        startsAt,
        now,
        null,
        now,
        1,
        Wording.summary(group, coverage, evidence),
        Wording.facts(evidence),
        evidence.asMap(),
        runbookUrl);
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
    ErrorRateEvidence evidence =
        evidence(group, view, coverage, episode.members(), alert.startsAt(), now, known);
    Severity severity = alert.severity().or(severity(view, episode));
    return alert.refreshed(
        severity,
        Wording.summary(group, coverage, evidence),
        Wording.facts(evidence),
        evidence.asMap(),
        widened || severity != alert.severity(),
        now);
  }

  private static Map<String, String> labels(Group group, Coverage coverage) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("scope_kind", scopeKind(coverage));
    putIfKnown(labels, "environment", group.environment());
    putIfKnown(labels, "provider", group.provider());
    putIfKnown(labels, "model", coverage.model());
    putIfKnown(labels, "tenant", coverage.tenant());
    return labels;
  }

  private static String scopeKind(Coverage coverage) {
    return switch (coverage.level()) {
      case PROVIDER -> "provider";
      case MODEL -> "model";
      case TENANT -> "tenant_model";
    };
  }

  private static <T> void putIfKnown(Map<String, ? super T> map, String key, @Nullable T value) {
    if (value != null) {
      map.put(key, value);
    }
  }

  private static Severity severity(Coverage coverage, double ratio) {
    if (ratio >= CRITICAL_RATIO) {
      return Severity.CRITICAL;
    }
    return switch (coverage.level()) {
      case PROVIDER -> Severity.CRITICAL;
      case MODEL -> Severity.ERROR;
      case TENANT -> Severity.WARNING;
    };
  }

  /** The severity of an episode that goes on: by the whole window, so that noise raises nothing. */
  private static Severity severity(View view, Episode episode) {
    return severity(episode.coverage(), view.of(episode.coverage(), episode.members()).ratio());
  }

  private ErrorRateEvidence evidence(
      Group group,
      View view,
      Coverage coverage,
      Iterable<String> members,
      long startsAt,
      long now,
      Map<String, Object> known) {
    Window window = view.of(coverage, members);
    List<Series> series = group.covered(coverage, members);
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
    Map<String, Long> errors = topErrors(series, now);
    List<String> models = affectedModels(view, coverage, members);
    List<String> tenants = affectedTenants(view, coverage);
    return new ErrorRateEvidence(
        scopeKind(coverage),
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

  private static @Nullable Double ratioBefore(List<Series> series, long end, double below) {
    long attempts = 0;
    long bad = 0;
    for (Series each : series) {
      Counts before = each.before(end, below);
      attempts += before.attempts();
      bad += before.bad();
    }
    return attempts < MIN_ATTEMPTS ? null : Double.valueOf(rounded((double) bad / attempts));
  }

  private Map<String, Long> topErrors(List<Series> series, long now) {
    Map<String, Long> sum = new HashMap<>();
    for (Series each : series) {
      each.errors(now, config.minutes())
          .forEach((type, count) -> sum.merge(type, count, Long::sum));
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
      case TENANT -> {
        List<String> models = new ArrayList<>();
        members.forEach(models::add);
        yield models;
      }
    };
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
    return List.copyOf(names.subList(0, Math.min(MAX_NAMES, names.size())));
  }
}
