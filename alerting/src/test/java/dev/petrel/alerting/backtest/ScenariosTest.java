// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.simulate.Expectation;
import dev.petrel.simulate.Plan;
import dev.petrel.simulate.Scenario;
import dev.petrel.simulate.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each scenario raises exactly what is wrong in it: once, naming whom it must, and resolves it. */
class ScenariosTest {

  private static final int SEEDS = Integer.getInteger("petrel.seeds", 1);
  private static final long START = 1_767_225_600_000L; // 2026-01-01T00:00:00Z
  private static final double RATE = Double.parseDouble(System.getProperty("petrel.rate", "12"));
  private static final Duration LEAD_IN = Duration.ofMinutes(Integer.getInteger("petrel.lead", 10));
  private static final Duration LENGTH = Duration.ofMinutes(10);

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void scenario_raisesExactlyWhatIsWrongInIt(Scenario scenario) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      // Where it starts after a calm time, context creep begins with a jump.
      Duration leadIn = scenario == Scenario.CONTEXT_CREEP ? Duration.ZERO : LEAD_IN;
      Plan plan =
          Plan.of(scenario, START, RATE, leadIn.plus(LENGTH).plus(afterwards(scenario)))
              .withLeadIn(leadIn)
              .withSeed(seed)
              .withStretch(LENGTH);
      check(plan, episodes(plan));
    }
  }

  /** Until the last episode must be over: prompts that are long stay so for a while. */
  private static Duration afterwards(Scenario scenario) {
    return scenario == Scenario.CONTEXT_CREEP ? Duration.ofMinutes(40) : Duration.ofMinutes(9);
  }

  private static List<List<Alert>> episodes(Plan plan) {
    Map<String, List<Alert>> episodes = new LinkedHashMap<>();
    Backtest backtest =
        new Backtest(
            Rule.defaults(),
            "https://runbooks.example/",
            alert -> episodes.computeIfAbsent(alert.alertId(), id -> new ArrayList<>()).add(alert));
    Simulation simulation = new Simulation(plan);
    long end = START;
    while (simulation.hasNext()) {
      Simulation.Ended next = simulation.next();
      backtest.add(next.event(), next.endedAt());
      end = next.endedAt();
    }
    backtest.advanceTo(end);
    return List.copyOf(episodes.values());
  }

  private static void check(Plan plan, List<List<Alert>> episodes) {
    Expectation expectation = plan.expectation();
    List<String> told = new ArrayList<>();
    for (List<Alert> episode : episodes) {
      Alert first = episode.get(0);
      Alert last = episode.get(episode.size() - 1);
      told.add(
          "%s %s %s at +%d s, %s at +%d s: %s"
              .formatted(
                  first.pattern(),
                  first.severity().wireName(),
                  first.labels(),
                  (first.firedAt() - START) / 1000,
                  last.status(),
                  (last.updatedAt() - START) / 1000,
                  last.summary()));
    }
    System.out.println(plan.scenario() + " seed " + plan.seed() + " " + expectation.summary());
    told.forEach(each -> System.out.println("    [" + each));
    if (expectation.pattern() == null) {
      assertThat(told).isEmpty();
      return;
    }
    assertThat(told).hasSize(1);
    Alert first = episodes.get(0).get(0);
    Alert last = episodes.get(0).get(episodes.get(0).size() - 1);
    assertThat(first.pattern()).isEqualTo(expectation.pattern());
    assertThat(first.labels()).containsAllEntriesOf(expectation.labels());
    assertThat(last.status()).isEqualTo(Status.RESOLVED);
  }
}
