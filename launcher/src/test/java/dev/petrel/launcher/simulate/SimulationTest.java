// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {

  private static final long T0 = 1_780_000_000_000L;

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void next_givesAttemptsInOrderOfTheirEnd(Scenario scenario) {
    List<Simulation.Ended> all = run(scenario);

    Set<String> ids = new HashSet<>();
    long previous = 0;
    for (Simulation.Ended each : all) {
      assertThat(each.endedAt()).isGreaterThanOrEqualTo(previous);
      assertThat(each.event().timestamp()).isBetween(T0, each.endedAt());
      assertThat(ids.add(each.event().eventId())).isTrue();
      previous = each.endedAt();
    }
    // 30 calls a second for 6 minutes, within five standard deviations.
    long calls = all.stream().filter(a -> a.event().get(EventField.ATTEMPT, -1) == 0).count();
    assertThat(calls).isBetween(10_800L - 520, 10_800L + 520);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void next_failsAsTheStoryTells(Scenario scenario) {
    List<Simulation.Ended> all = run(scenario);

    Predicate<LlmCallEvent> inBrownout =
        event ->
            event.timestamp() >= T0 + 60_000
                && event.timestamp() < T0 + 240_000
                && "openai".equals(event.get(EventField.PROVIDER));
    double ordinary = failureRate(all, inBrownout.negate());
    switch (scenario) {
      case STEADY -> assertThat(ordinary).isBetween(0.005, 0.02);
      case SPORADIC -> assertThat(ordinary).isBetween(0.02, 0.04);
      case BROWNOUT -> {
        assertThat(ordinary).isBetween(0.005, 0.02);
        assertThat(failureRate(all, inBrownout)).isBetween(0.55, 0.65);
      }
    }
  }

  private static double failureRate(List<Simulation.Ended> all, Predicate<LlmCallEvent> which) {
    List<LlmCallEvent> events = all.stream().map(Simulation.Ended::event).filter(which).toList();
    return (double) events.stream().filter(e -> e.outcome() == Outcome.ERROR).count()
        / events.size();
  }

  private static List<Simulation.Ended> run(Scenario scenario) {
    List<Simulation.Ended> all = new ArrayList<>();
    new Simulation(scenario, T0, 30, Duration.ofMinutes(6), 1, 42).forEachRemaining(all::add);
    return all;
  }
}
