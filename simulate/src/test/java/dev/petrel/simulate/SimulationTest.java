// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.RateLimit;
import dev.petrel.event.errors.ErrorClassifier;
import dev.petrel.event.errors.ErrorReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {

  private static final long T0 = 1_780_000_000_000L;

  private static Plan plan(Scenario scenario) {
    return Plan.of(scenario, T0, 8, Duration.ofMinutes(8)).withSeed(42);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void next_givesAttemptsInOrderOfTheirEnd(Scenario scenario) {
    Simulation simulation = new Simulation(plan(scenario));
    Set<String> ids = new HashSet<>();
    long previous = 0;

    while (simulation.hasNext()) {
      Simulation.Ended each = simulation.next();
      assertThat(each.endedAt()).isGreaterThanOrEqualTo(previous);
      assertThat(each.event().timestamp()).isBetween(T0, each.endedAt());
      assertThat(ids.add(each.event().eventId())).isTrue();
      previous = each.endedAt();
    }

    assertThat(ids).hasSizeGreaterThan(8 * 60 * 6);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void next_givesTheSameForTheSamePlan(Scenario scenario) {
    LlmCallEventCodec codec = new LlmCallEventCodec(InstantSource.system());
    Plan plan = plan(scenario);
    Simulation one = new Simulation(plan);
    Simulation same = new Simulation(plan);
    Simulation other = new Simulation(plan.withSeed(43));
    int differing = 0;

    while (one.hasNext()) {
      byte[] event = codec.encode(one.next().event());
      assertThat(codec.encode(same.next().event())).isEqualTo(event);
      if (!other.hasNext() || !Arrays.equals(codec.encode(other.next().event()), event)) {
        differing++;
      }
    }

    assertThat(same.hasNext()).isFalse();
    assertThat(differing).isGreaterThan(1000);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void next_givesValidEvents(Scenario scenario) throws Exception {
    LlmCallEventCodec codec = new LlmCallEventCodec(InstantSource.system());
    for (LlmCallEvent event : Attempts.of(plan(scenario)).events()) {
      byte[] encoded = codec.encode(event);
      assertThat(codec.encode(codec.decode(encoded))).isEqualTo(encoded);
    }
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void next_numbersAttemptsAndTellsTheirWaiting(Scenario scenario) {
    Map<String, LlmCallEvent> latest = new HashMap<>();
    for (LlmCallEvent event : Attempts.of(plan(scenario)).events()) {
      String call = String.valueOf(event.get(EventField.CALL_ID));
      LlmCallEvent before = latest.put(call, event);
      long number = event.get(EventField.ATTEMPT, -1);
      if (before == null) {
        assertThat(number).isZero();
        assertThat(event.get(EventField.RETRY_DELAY_MS)).isNull();
        continue;
      }
      assertThat(before.get(EventField.FINAL)).isFalse();
      assertThat(number).isEqualTo(before.get(EventField.ATTEMPT, -1) + 1);
      assertThat(event.get(EventField.RETRIED_ERROR_TYPE))
          .isEqualTo(before.get(EventField.ERROR_TYPE));
      double ended = before.timestamp() + before.get(EventField.DURATION_MS);
      assertThat(event.timestamp() - ended)
          .isCloseTo(event.get(EventField.RETRY_DELAY_MS, -1), within(1.0));
    }
    assertThat(latest.values())
        .allSatisfy(event -> assertThat(event.get(EventField.FINAL)).isTrue());
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void next_namesTheErrorThatTheClassifierFinds(Scenario scenario) {
    Attempts failures =
        Attempts.of(plan(scenario)).where(e -> e.get(EventField.ERROR_TYPE) != null);
    for (LlmCallEvent event : failures.events()) {
      // The caller's doing is known to the client, and to nobody else.
      if (event.get(EventField.ERROR_TYPE) != ErrorType.CANCELLED) {
        assertThat(ErrorClassifier.standard().classify(ErrorReport.ofEvent(event)).type())
            .as(String.valueOf(event.get(EventField.ERROR_MESSAGE)))
            .isEqualTo(event.get(EventField.ERROR_TYPE));
      }
    }
  }

  @Test
  void next_tellsLimitsThatAttemptsUseUp() {
    Attempts attempts = Attempts.of(plan(Scenario.NOISY_TENANT));

    attempts.events().stream()
        .map(event -> event.get(EventField.RATELIMIT))
        .filter(limit -> limit != null)
        .forEach(SimulationTest::assertSound);
    assertThat(attempts.failedFor(ErrorType.RATE_LIMIT).events())
        .allSatisfy(
            event -> {
              assertThat(event.get(EventField.RATELIMIT).requests().remaining()).isZero();
              assertThat(event.get(EventField.RETRY_AFTER_MS, 0)).isPositive();
            });
    assertThat(attempts.with(EventField.PROVIDER, "gcp.gemini").events())
        .allSatisfy(event -> assertThat(event.get(EventField.RATELIMIT)).isNull());
  }

  private static void assertSound(RateLimit limit) {
    assertThat(limit.requests().remaining()).isBetween(0L, limit.requests().limit());
    assertThat(limit.tokens().remaining()).isBetween(0L, limit.tokens().limit());
    assertThat(limit.requests().resetMs()).isNotNegative();
  }

  @Test
  void next_followsTheDayAndTheWeek() {
    // A Monday, 00:00 UTC.
    long monday = 1_779_667_200_000L;
    Attempts week =
        Attempts.of(Plan.of(Scenario.STEADY, monday, 0.1, Duration.ofDays(7)).withSeasons(true));

    int afternoon = week.between(hours(12), hours(16)).count();
    int night = week.between(hours(24), hours(28)).count();
    int sundayAfternoon = week.between(hours(6 * 24 + 12), hours(6 * 24 + 16)).count();
    assertThat((double) afternoon / night).isBetween(3.0, 6.0);
    assertThat((double) sundayAfternoon / afternoon).isBetween(0.4, 0.5);
    // Within five standard deviations of the mean rate, retries aside.
    double calls = 0.1 * 7 * 86_400;
    assertThat(week.firsts().count()).isCloseTo((int) calls, within((int) (5 * Math.sqrt(calls))));
  }

  private static Duration hours(int hours) {
    return Duration.ofHours(hours);
  }
}
