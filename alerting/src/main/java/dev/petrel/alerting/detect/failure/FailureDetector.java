// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.detect.Detector;
import dev.petrel.alerting.detect.Evaluation;
import dev.petrel.alerting.detect.Known;
import dev.petrel.alerting.detect.Pattern;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.traffic.FailureKind;
import dev.petrel.alerting.traffic.Group;
import dev.petrel.alerting.traffic.Series;
import dev.petrel.stats.Contributors;
import dev.petrel.stats.Measures;
import dev.petrel.stats.TopCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds one kind of failure in the traffic to all providers.
 *
 * <p>It has a base rule, whose thresholds say what counts as failing, and rules of more special
 * patterns, each of which takes an episode over when its diagnosis fits.
 */
public final class FailureDetector implements Detector {

  /** Patterns that explain failures only where their culprit causes most of them. */
  private static final Set<Pattern> BY_SHARE = Set.of(Pattern.RETRY_STORM, Pattern.BAD_DEPLOY);

  private static final double MOST = 0.5;

  private final FailureConfig config;
  private final Rule base;
  private final List<Rule> special;
  private final Map<String, GroupState> states = new HashMap<>();

  /**
   * @param base the rule of the kind's general pattern
   * @param special rules of patterns that are more special, the most special first
   */
  public FailureDetector(FailureKind kind, Rule base, List<Rule> special) {
    this.config = FailureConfig.of(kind, base);
    this.base = base;
    this.special = List.copyOf(special);
  }

  @Override
  public List<Rule> rules() {
    List<Rule> rules = new ArrayList<>(special);
    rules.add(base);
    return rules;
  }

  @Override
  public String name() {
    return base.id();
  }

  @Override
  public long intervalMs() {
    return 1000;
  }

  @Override
  public void evaluate(Evaluation evaluation) {
    FailureAlerts alerts = new FailureAlerts(config, base, special, evaluation);
    FailureEpisodes episodes =
        new FailureEpisodes(
            config, alerts, (group, coverage) -> isExplained(group, coverage, alerts, evaluation));
    for (Group group : List.copyOf(evaluation.traffic().groups())) {
      String key = String.valueOf(group.provider());
      GroupState before = states.getOrDefault(key, GroupState.EMPTY);
      if (before.isEmpty() && !hasFailures(group, evaluation.now())) {
        continue;
      }
      FailureEpisodes.Result result = episodes.evaluate(group, before, evaluation.now());
      result.alerts().forEach(evaluation::publish);
      if (!result.state().equals(before)) {
        put(key, result.state(), evaluation);
      }
    }
  }

  private boolean hasFailures(Group group, long now) {
    Series whole = group.whole();
    if (whole != null && whole.window(now, config.minutes(), config.kind()).bad() > 0) {
      return true;
    }
    // The provider's own aggregate may come a moment later than its parts'.
    return group.models().values().stream()
        .anyMatch(each -> each.window(now, config.minutes(), config.kind()).bad() > 0);
  }

  private void put(String key, GroupState state, Evaluation evaluation) {
    if (state.isEmpty()) {
      states.remove(key);
      evaluation.put(key, null);
    } else {
      states.put(key, state);
      evaluation.put(key, Json.bytes(state));
    }
  }

  @Override
  public void restore(String key, byte[] value) {
    states.put(key, Json.read(value, GroupState.class).restored());
  }

  @Override
  public List<Known> known() {
    List<Known> known = new ArrayList<>();
    for (Map.Entry<String, GroupState> group : states.entrySet()) {
      GroupState state = group.getValue();
      for (String failing : state.failingSince().keySet()) {
        known.add(aboutToBegin(group.getKey(), failing));
      }
      for (Episode episode : state.episodes()) {
        Alert alert = episode.alert();
        if (alert.status() == Status.FIRING) {
          known.add(
              new Known(
                  pattern(alert),
                  about(alert, episode.coverage()),
                  alert.labels(),
                  alert.alertId(),
                  null));
        }
      }
    }
    return known;
  }

  private Known aboutToBegin(String provider, String failing) {
    Map<String, String> about = new HashMap<>();
    about.put("provider", provider);
    int bar = failing.indexOf('|');
    if (bar > 0) {
      about.put(failing.substring(0, bar), failing.substring(bar + 1));
    }
    return new Known(base.pattern(), about, about, null, null);
  }

  private Pattern pattern(Alert alert) {
    return rules().stream()
        .map(Rule::pattern)
        .filter(pattern -> pattern.wireName().equals(alert.pattern()))
        .findAny()
        .orElse(base.pattern());
  }

  /** What an episode is about now, which can be more than its labels say. */
  private static Map<String, String> about(Alert alert, Coverage coverage) {
    Map<String, String> about = new HashMap<>();
    for (String label : List.of("environment", "provider")) {
      String value = alert.labels().get(label);
      if (value != null) {
        about.put(label, value);
      }
    }
    if (coverage.level() == Coverage.Level.MODEL && coverage.model() != null) {
      about.put("model", coverage.model());
    }
    if (coverage.tenant() != null) {
      about.put("tenant", coverage.tenant());
    }
    return about;
  }

  // ---- What explains failures

  private Set<Pattern> explainedBy() {
    return switch (config.kind()) {
      case AVAILABILITY, RATE_LIMIT -> Set.of(Pattern.RETRY_STORM);
      case REQUEST -> BY_SHARE;
      case CONTEXT -> Set.of(Pattern.CONTEXT_CREEP, Pattern.RETRY_STORM);
      case UNKNOWN -> Pattern.FAILURES;
      case QUOTA -> Set.of();
      case AUTHENTICATION ->
          throw new IllegalStateException("refused keys have a detector of their own");
    };
  }

  private boolean isExplained(
      Group group, Coverage coverage, FailureAlerts alerts, Evaluation evaluation) {
    Map<String, String> labels = alerts.labels(group, coverage);
    if (!base.where().test(labels)) {
      return true; // none of this rule's
    }
    for (Known known : evaluation.knownAbout(explainedBy(), labels)) {
      if (known.pattern() != base.pattern()
          && (!BY_SHARE.contains(known.pattern())
              || causesMost(known.about().get("service"), group, coverage, evaluation.now()))) {
        return true;
      }
    }
    return false;
  }

  /** Whether most of the failures that a cause covers are a service's. */
  private boolean causesMost(@Nullable String service, Group group, Coverage coverage, long now) {
    if (service == null) {
      return true; // all that is known about it overlaps
    }
    Measures sum = new Measures();
    List<String> models = coverage.model() == null ? List.of() : List.of(coverage.model());
    for (Series series : coverage.seriesOf(group, models)) {
      sum.mergeWindow(series.recentMeasures(now, config.minutes()));
    }
    Contributors contributors = sum.contributors();
    if (contributors == null) {
      return false;
    }
    long all = 0;
    long own = 0;
    for (TopCounts.Entry entry : contributors.servicesByType().highest(config.kind().types())) {
      all += entry.count();
      own += entry.name().equals(service) ? entry.count() : 0;
    }
    return own > MOST * all;
  }
}
