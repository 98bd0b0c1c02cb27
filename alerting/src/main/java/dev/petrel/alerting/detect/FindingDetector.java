// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.detect.Finding.Level;
import dev.petrel.alerting.traffic.Traffic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns findings into episodes: a finding that holds for {@code for} fires, unless other trouble
 * explains it; an episode without a finding for {@code keep_firing_for} is over.
 */
public abstract class FindingDetector implements Detector {

  /** How often an episode's numbers are renewed. */
  static final long REFRESH_MS = 30_000;

  private final Rule rule;
  private final Map<String, FindingState> states = new LinkedHashMap<>();

  private final Episodes episodes =
      new Episodes() {
        @Override
        public boolean isOpen(String key) {
          FindingState state = states.get(key);
          return state != null && state.alert() != null;
        }

        @Override
        public long since(String key, long now) {
          FindingState state = states.get(key);
          return state == null ? now : state.since();
        }
      };

  protected FindingDetector(Rule rule) {
    this.rule = rule;
  }

  /** The rule. */
  protected final Rule rule() {
    return rule;
  }

  @Override
  public final List<Rule> rules() {
    return List.of(rule);
  }

  @Override
  public final String name() {
    return rule.id();
  }

  /**
   * What holds, or has not recovered.
   *
   * @param known what has been found before
   */
  protected abstract List<Finding> find(Traffic traffic, Episodes known, long now);

  /** The patterns whose trouble has this as a consequence. */
  protected abstract Set<Pattern> explainedBy();

  /** Whether other trouble explains a finding: by default, when it is about some of the same. */
  protected boolean isExplained(Evaluation evaluation, Finding finding) {
    return evaluation.knownAbout(explainedBy(), finding.labels()).stream()
        .anyMatch(known -> known.shares(finding.labels()));
  }

  @Override
  public final void evaluate(Evaluation evaluation) {
    Set<String> found = new HashSet<>();
    for (Finding finding : find(evaluation.traffic(), episodes, evaluation.now())) {
      if (rule.where().test(finding.labels()) && found.add(finding.key())) {
        take(finding, evaluation);
      }
    }
    for (Map.Entry<String, FindingState> entry : List.copyOf(states.entrySet())) {
      if (!found.contains(entry.getKey())) {
        recover(entry.getKey(), entry.getValue(), evaluation);
      }
    }
  }

  private void take(Finding finding, Evaluation evaluation) {
    long now = evaluation.now();
    FindingState state = states.get(finding.key());
    if (state != null && state.alert() != null) {
      carryOn(finding, state, state.alert(), evaluation);
    } else if (finding.level() == Level.HOLD) {
      forget(finding.key(), evaluation);
    } else {
      FindingState pending =
          state == null ? new FindingState(finding.labels(), now, null, null) : state;
      if (now - pending.since() >= rule.duration(Parameter.FOR).toMillis()
          && !isExplained(evaluation, finding)) {
        Alert alert = fire(finding, pending.since(), evaluation);
        evaluation.publish(alert);
        put(finding.key(), pending.with(alert, null), evaluation);
      } else if (state == null) {
        put(finding.key(), pending, evaluation);
      }
    }
  }

  private Alert fire(Finding finding, long since, Evaluation evaluation) {
    Map<String, String> labels = new LinkedHashMap<>(finding.labels());
    labels.putAll(rule.labels());
    Finding.Story story = finding.story().get();
    return new Alert(
        Alert.id(rule.id(), labels, since),
        rule.id(),
        rule.pattern().wireName(),
        Status.FIRING,
        rule.severityOr(finding.severity()),
        labels,
        rule.annotations(),
        since,
        evaluation.now(),
        null,
        evaluation.now(),
        1,
        story.summary(),
        story.facts(),
        story.evidence(),
        evaluation.runbookUrl(rule));
  }

  private void carryOn(Finding finding, FindingState state, Alert alert, Evaluation evaluation) {
    FindingState next = state.recoveringSince() == null ? state : state.with(alert, null);
    Severity severity = alert.severity().or(rule.severityOr(finding.severity()));
    boolean worse = finding.level() == Level.ABOVE && severity != alert.severity();
    boolean due = evaluation.now() - alert.updatedAt() >= REFRESH_MS;
    if (worse || (due && finding.level() == Level.ABOVE)) {
      Finding.Story story = finding.story().get();
      Alert refreshed =
          alert.refreshed(
              severity, story.summary(), story.facts(), story.evidence(), worse, evaluation.now());
      evaluation.publish(refreshed);
      next = next.with(refreshed, null);
    }
    if (!next.equals(state)) {
      put(finding.key(), next, evaluation);
    }
  }

  private void recover(String key, FindingState state, Evaluation evaluation) {
    Alert alert = state.alert();
    if (alert == null) {
      forget(key, evaluation);
      return;
    }
    Long since = state.recoveringSince();
    if (since == null) {
      put(key, state.with(alert, evaluation.now()), evaluation);
    } else if (evaluation.now() - since >= rule.duration(Parameter.KEEP_FIRING_FOR).toMillis()) {
      evaluation.publish(alert.resolved(since, "recovered", evaluation.now()));
      forget(key, evaluation);
    }
  }

  private void put(String key, FindingState state, Evaluation evaluation) {
    states.put(key, state);
    evaluation.put(key, Json.bytes(state));
  }

  private void forget(String key, Evaluation evaluation) {
    if (states.remove(key) != null) {
      evaluation.put(key, null);
    }
  }

  @Override
  public final void restore(String key, byte[] value) {
    FindingState state = Json.read(value, FindingState.class);
    // Recovery starts anew: what is missing may only not have been read yet.
    states.put(key, state.with(state.alert(), null));
  }

  @Override
  public final List<Known> known() {
    List<Known> known = new ArrayList<>();
    for (FindingState state : states.values()) {
      Alert alert = state.alert();
      known.add(Known.of(rule.pattern(), state.labels(), alert == null ? null : alert.alertId()));
    }
    return known;
  }
}
