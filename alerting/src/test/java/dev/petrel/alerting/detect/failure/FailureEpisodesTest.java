// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.detect.Evaluation;
import dev.petrel.alerting.detect.FakeEvaluation;
import dev.petrel.alerting.detect.Pattern;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.detect.Simulation;
import dev.petrel.alerting.traffic.FailureKind;
import dev.petrel.alerting.traffic.Traffic;
import dev.petrel.alerting.traffic.Windows;
import dev.petrel.event.ErrorType;
import dev.petrel.stats.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The state machine of one scope, at its boundaries. */
class FailureEpisodesTest {

  private static final Scope MODEL = Scope.model(null, "openai", "m0");

  /** Half a minute into a minute. */
  private static final long START = Simulation.START + 30_000;

  private static final Rule RULE = Rule.of(Pattern.PROVIDER_INCIDENT);
  private static final FailureConfig CONFIG = FailureConfig.of(FailureKind.AVAILABILITY, RULE);

  private final Traffic traffic = new Traffic(null, (key, value) -> {});
  private final List<Alert> alerts = new ArrayList<>();
  private GroupState state = GroupState.EMPTY;
  private long revision;

  /** The model's minute at {@code at}, as it stands then. */
  private void count(long at, long attempts, long bad) {
    traffic.accept(Windows.minute(MODEL, at, ++revision, attempts, bad, ErrorType.OVERLOADED), at);
  }

  private void evaluate(long at) {
    Evaluation evaluation = new FakeEvaluation(traffic, at);
    FailureEpisodes episodes =
        new FailureEpisodes(
            CONFIG,
            new FailureAlerts(CONFIG, RULE, List.of(), evaluation),
            (group, coverage) -> false);
    FailureEpisodes.Result result = episodes.evaluate(traffic.group("openai"), state, at);
    state = result.state();
    alerts.addAll(result.alerts());
  }

  /** One more failure and success a second, and an evaluation, in the minute of {@code from}. */
  private void failUntil(long from, long to, long bad) {
    for (long at = from; at <= to; at += 1000) {
      long seconds = (at - from) / 1000;
      count(at, 2 * (bad + seconds), bad + seconds);
      evaluate(at);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // attempts, failures first seen, failures seen 5 s later: does the condition begin?
    "100, 5, 10, true",
    "100, 5, 9, false",
    "101, 5, 10, false",
    "100, 10, 10, false",
    "20, 9, 10, true",
    "1000, 60, 99, false",
    "1000, 60, 100, true",
  })
  void evaluate_beginsAtTheThresholds(long attempts, long first, long then, boolean begins) {
    count(START, attempts, first);
    evaluate(START);
    count(START + 5_000, attempts, then);
    evaluate(START + 5_000);

    assertThat(state.failingSince()).hasSize(begins ? 1 : 0);
    assertThat(alerts).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"4999, false", "5000, true"})
  void evaluate_takesFailuresOfOneBurstForOneMoment(long apart, boolean begins) {
    count(START, 100, 5);
    count(START + apart, 100, 20);
    evaluate(START + apart);

    assertThat(state.failingSince().isEmpty()).isEqualTo(!begins);
  }

  @Test
  void evaluate_takesFailuresOfTwoMinutesForTwoMoments() {
    count(START + 29_999, 100, 10);
    count(START + 30_000, 100, 10);
    evaluate(START + 30_000);

    assertThat(state.failingSince()).hasSize(1);
  }

  @Test
  void evaluate_firesWhenTheConditionHasHeldForLongEnough() {
    failUntil(START, START + 5_000, 10);
    assertThat(state.failingSince()).containsValue(START + 5_000);

    failUntil(START + 6_000, START + 24_000, 16);
    assertThat(alerts).isEmpty();
    count(START + 25_000, 200, 100);
    evaluate(START + 25_000);

    assertThat(alerts).hasSize(1);
    Alert alert = alerts.get(0);
    assertThat(alert.status()).isEqualTo(Status.FIRING);
    assertThat(alert.startsAt()).isEqualTo(START + 5_000);
    assertThat(alert.firedAt()).isEqualTo(START + 25_000);
    assertThat(alert.endsAt()).isNull();
    assertThat(alert.revision()).isEqualTo(1);
    assertThat(alert.rule()).isEqualTo("provider_incident");
    assertThat(alert.labels())
        .isEqualTo(Map.of("scope_kind", "model", "provider", "openai", "model", "m0"));
    assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(alert.runbookUrl()).isEqualTo("https://runbooks.example/provider_incident.md");
    assertThat(alert.evidence())
        .containsEntry("attempts", 200L)
        .containsEntry("bad", 100L)
        .containsEntry("ratio", 0.5)
        .containsEntry("errors", Map.of("overloaded", 100L))
        .containsEntry("fault", "provider")
        .doesNotContainKey("normal_ratio");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "unknown",
      value = {
        // Failures of 100 attempts in the minutes before: three ago, two ago, the last; normal.
        "7, 1, 40, 0.07",
        "none, 1, 40, 0.01",
        "none, none, 2, 0.02",
        "none, none, 5, unknown",
      })
  void evaluate_tellsWhatWasNormal(String third, String second, String last, Double normal) {
    List<String> before = List.of(third, second, last);
    for (int i = 0; i < 3; i++) {
      if (!before.get(i).equals("none")) {
        count(Simulation.START - (3 - i) * 60_000L, 100, Long.parseLong(before.get(i)));
      }
    }
    failUntil(START, START + 29_000, 100);

    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).evidence().get("normal_ratio")).isEqualTo(normal);
  }

  @Test
  void evaluate_staysSilentWhenTheFailureIsOverBeforeItFires() {
    failUntil(START, START + 14_000, 10);
    for (long at = START + 15_000; at < START + 180_000; at += 1000) {
      evaluate(at);
    }

    assertThat(alerts).isEmpty();
    assertThat(state.isEmpty()).isTrue();
  }

  @Test
  void evaluate_startsAnewWhenTheConditionBreaks() {
    failUntil(START, START + 15_000, 10);
    count(START + 16_000, 1000, 26);
    evaluate(START + 16_000);
    assertThat(state.isEmpty()).isTrue();

    failUntil(START + 17_000, START + 29_000, 27);

    assertThat(alerts).isEmpty();
  }

  private void fire() {
    failUntil(START, START + 29_000, 10);
    assertThat(alerts).hasSize(1);
    alerts.clear();
  }

  @ParameterizedTest
  @CsvSource({"780, false", "781, true"})
  void evaluate_recoversBelowItsOwnThreshold(long attempts, boolean recovers) {
    fire();
    // 39 failures in the window: 780 attempts are just 5 %.
    count(START + 29_500, attempts, 39);
    evaluate(START + 29_500);

    assertThat(state.episodes().get(0).recoveringSince() != null).isEqualTo(recovers);
  }

  @Test
  void evaluate_resolvesAfterRecoveryHasLasted() {
    fire();
    count(START + 29_500, 3000, 39);
    evaluate(START + 29_500);
    evaluate(START + 89_499);
    assertThat(alerts).isEmpty();
    evaluate(START + 89_500);

    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).status()).isEqualTo(Status.RESOLVED);
    assertThat(alerts.get(0).endsAt()).isEqualTo(START + 29_500);
    assertThat(alerts.get(0).evidence()).containsEntry("ended_because", "recovered");
    assertThat(state.isEmpty()).isTrue();
  }

  @Test
  void evaluate_resolvesWithoutTraffic() {
    fire();
    for (long at = START + 30_000; at < START + 300_000; at += 1000) {
      evaluate(at);
    }

    Alert last = alerts.get(alerts.size() - 1);
    assertThat(last.status()).isEqualTo(Status.RESOLVED);
    assertThat(last.evidence()).containsEntry("ended_because", "no_traffic");
  }

  @Test
  void evaluate_recoveryStartsAnewWhenItFailsAgain() {
    fire();
    count(START + 29_500, 3000, 39);
    evaluate(START + 29_500);
    count(START + 60_000, 300, 200);
    evaluate(START + 60_000);
    assertThat(state.episodes().get(0).recoveringSince()).isNull();
    count(START + 61_000, 30_000, 200);
    evaluate(START + 61_000);
    evaluate(START + 89_500);

    assertThat(state.episodes()).hasSize(1);
  }

  @Test
  void evaluate_aNewFailureAfterTheEndIsANewEpisode() {
    fire();
    String first = state.episodes().get(0).alert().alertId();
    for (long at = START + 30_000; at < START + 300_000; at += 1000) {
      evaluate(at);
    }
    failUntil(START + 600_000, START + 625_000, 10);

    assertThat(state.episodes()).hasSize(1);
    assertThat(state.episodes().get(0).alert().alertId()).isNotEqualTo(first);
  }

  @Test
  void evaluate_refreshesTheNumbersWithoutANewRevision() {
    fire();
    failUntil(START + 30_000, START + 61_000, 1);

    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).revision()).isEqualTo(1);
    assertThat(alerts.get(0).status()).isEqualTo(Status.FIRING);
  }
}
