// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import static dev.petrel.alerting.detect.Simulation.failing;
import static dev.petrel.alerting.detect.Simulation.healthy;
import static dev.petrel.alerting.detect.Simulation.secondOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.detect.Simulation;
import java.util.Random;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One cause is one page: scenarios simulated second by second, with many seeds. */
class FailureScenariosTest {

  private static final int SEEDS = Integer.getInteger("petrel.seeds", 10);

  private interface Scenario {
    Simulation of(long seed, Random random);
  }

  private static void forEachSeed(
      Scenario scenario, java.util.function.Consumer<Simulation> check) {
    for (long seed = 0; seed < SEEDS; seed++) {
      Simulation simulation = scenario.of(seed, new Random(seed));
      try {
        check.accept(simulation);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private static void assertOne(Simulation simulation, String scopeKind) {
    assertThat(simulation.fired())
        .extracting(alert -> alert.labels().get("scope_kind"))
        .containsExactly(scopeKind);
    assertThat(simulation.resolved())
        .extracting(Alert::alertId)
        .containsExactly(simulation.fired().get(0).alertId());
  }

  @Test
  void evaluate_brownoutOfModelsAndTenantsIsOneProviderAlert() {
    forEachSeed(
        (seed, random) -> {
          Simulation simulation = new Simulation(seed);
          for (int model = 0; model < 3; model++) {
            long onset = 360 + random.nextInt(60) + random.nextInt(10);
            double ratio = 0.25 + random.nextDouble() * 0.5;
            for (int tenant = 0; tenant < 6; tenant++) {
              double rate = 0.3 + random.nextDouble() * 3;
              simulation.flow(
                  "t" + tenant,
                  "m" + model,
                  rate,
                  failing(onset / 60 * 60 + onset % 10, 1080, ratio));
            }
          }
          return simulation.runMinutes(30);
        },
        simulation -> {
          assertOne(simulation, "provider");
          Alert alert = simulation.fired().get(0);
          assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
          assertThat(secondOf(alert.firedAt())).isBetween(380L, 480L);
          assertThat(secondOf(simulation.resolved().get(0).updatedAt())).isBetween(1140L, 1400L);
        });
  }

  @Test
  void evaluate_brownoutWithStaggeredOnsetIsOneProviderAlert() {
    forEachSeed(
        (seed, random) -> {
          Simulation simulation = new Simulation(seed);
          int start = 360 + random.nextInt(60);
          for (int model = 0; model < 4; model++) {
            long onset = start + random.nextInt(10);
            double ratio = 0.3 + random.nextDouble() * 0.6;
            for (int tenant = 0; tenant < 5; tenant++) {
              double rate = 0.3 + random.nextDouble() * 3;
              simulation.flow("t" + tenant, "m" + model, rate, failing(onset, 1080, ratio));
            }
          }
          return simulation.runMinutes(30);
        },
        simulation -> assertOne(simulation, "provider"));
  }

  @Test
  void evaluate_brownoutAMinuteAfterTheFirstCallIsOneProviderAlert() {
    forEachSeed(
        (seed, random) -> {
          Simulation simulation = new Simulation(seed);
          double rate = 0.1 + random.nextDouble() * 3;
          for (int tenant = 0; tenant < 12; tenant++) {
            simulation.flow("t" + tenant, "m0", rate, failing(60, 240, 0.6));
            simulation.flow("t" + tenant, "m1", rate / 2, failing(60, 240, 0.6));
          }
          return simulation.runMinutes(12);
        },
        simulation -> {
          assertOne(simulation, "provider");
          Alert alert = simulation.fired().get(0);
          assertThat(secondOf(alert.firedAt())).isBetween(81L, 130L);
          assertThat((Double) alert.evidence().get("normal_ratio")).isLessThan(0.05);
        });
  }

  @Test
  void evaluate_brownoutWithOneTenantPerModelIsOneProviderAlert() {
    forEachSeed(
        (seed, random) ->
            new Simulation(seed)
                .flow("a", "m0", 2, failing(400, 1000, 0.5))
                .flow("b", "m1", 2, failing(403, 1000, 0.5))
                .flow("c", "m2", 2, failing(405, 1000, 0.5))
                .runMinutes(25),
        simulation -> assertOne(simulation, "provider"));
  }

  @Test
  void evaluate_brownoutOfManySmallTenantsIsOneProviderAlert() {
    forEachSeed(
        (seed, random) -> {
          Simulation simulation = new Simulation(seed);
          for (int tenant = 0; tenant < 60; tenant++) {
            simulation.flow("t" + tenant, "m" + tenant % 20, 0.05, failing(400, 1000, 0.6));
          }
          return simulation.runMinutes(25);
        },
        simulation -> assertOne(simulation, "provider"));
  }

  @Test
  void evaluate_oneTenantsFailureIsOneTenantAlert() {
    forEachSeed(
        (seed, random) -> {
          Simulation simulation = new Simulation(seed);
          for (int tenant = 1; tenant < 6; tenant++) {
            simulation.flow("t" + tenant, "m0", 1, healthy());
            simulation.flow("t" + tenant, "m1", 0.2, healthy());
          }
          // From one that is small among the others to one that dominates.
          double rate = 0.3 + random.nextDouble() * 20;
          LongToDoubleFunction errors = failing(400, 1000, 0.5 + random.nextDouble() / 2);
          simulation.flow("bad", "m0", rate, errors);
          if (seed % 2 == 0) {
            simulation.flow("bad", "m1", rate / 2, errors);
          }
          return simulation.runMinutes(27);
        },
        simulation -> {
          assertOne(simulation, "tenant_model");
          assertThat(simulation.fired().get(0).labels()).containsEntry("tenant", "bad");
        });
  }

  @Test
  void evaluate_oneModelsFailureIsOneModelAlert() {
    forEachSeed(
        (seed, random) -> {
          Simulation simulation = new Simulation(seed);
          double ratio = 0.3 + random.nextDouble() * 0.6;
          for (int tenant = 0; tenant < 6; tenant++) {
            double rate = 0.3 + random.nextDouble() * 3;
            simulation.flow("t" + tenant, "m0", rate, failing(400, 1000, ratio));
            simulation.flow("t" + tenant, "m1", rate, healthy());
          }
          return simulation.runMinutes(27);
        },
        simulation -> {
          assertOne(simulation, "model");
          assertThat(simulation.fired().get(0).labels())
              .containsEntry("model", "m0")
              .doesNotContainKey("tenant");
        });
  }

  @Test
  void evaluate_callsWithoutTenantAreOneModelAlert() {
    forEachSeed(
        (seed, random) ->
            new Simulation(seed)
                .flow(null, "m0", 3, failing(400, 1000, 0.5))
                .flow(null, "m1", 3, healthy())
                .runMinutes(25),
        simulation -> assertOne(simulation, "model"));
  }

  @Test
  void evaluate_onlyModelOfAProviderIsAModelAlert() {
    forEachSeed(
        (seed, random) ->
            new Simulation(seed)
                .flow("a", "m0", 3, failing(400, 1000, 0.5))
                .flow("b", "m0", 3, failing(400, 1000, 0.5))
                .runMinutes(25),
        simulation -> assertOne(simulation, "model"));
  }

  @Test
  void evaluate_causeThatWidensIsStillOnePage() {
    forEachSeed(
        (seed, random) ->
            new Simulation(seed)
                .flow("a", "m0", 3, failing(400, 1200, 0.5))
                .flow("b", "m0", 3, failing(400, 1200, 0.5))
                .flow("a", "m1", 3, failing(580, 1200, 0.5))
                .flow("b", "m1", 3, failing(580, 1200, 0.5))
                .runMinutes(30),
        simulation -> {
          assertOne(simulation, "model");
          Alert last = simulation.resolved().get(0);
          assertThat(last.evidence()).containsEntry("scope_kind", "provider");
          assertThat(last.severity()).isEqualTo(Severity.CRITICAL);
          assertThat(last.revision()).isGreaterThan(1);
        });
  }

  @Test
  void evaluate_tenantEpisodesThatBecomeAModelsAreAbsorbed() {
    forEachSeed(
        (seed, random) ->
            new Simulation(seed)
                .flow("a", "m0", 3, failing(400, 1200, 0.9))
                .flow("b", "m0", 3, failing(520, 1200, 0.9))
                .flow("c", "m0", 3, failing(640, 1200, 0.9))
                .flow("d", "m1", 5, healthy())
                .runMinutes(30),
        simulation -> {
          assertOne(simulation, "tenant_model");
          assertThat(simulation.resolved().get(0).evidence())
              .containsEntry("scope_kind", "model")
              .containsEntry("affected_models", java.util.List.of("m0"));
        });
  }

  @Test
  void evaluate_brownoutPagesBesideAnOldEpisodeOfATenant() {
    forEachSeed(
        (seed, random) -> {
          Simulation simulation = new Simulation(seed);
          simulation.flow("old", "m0", 2, failing(300, 4000, 1));
          for (int tenant = 0; tenant < 4; tenant++) {
            simulation.flow("t" + tenant, "m0", 2, failing(1500, 2100, 0.5));
            simulation.flow("t" + tenant, "m1", 2, failing(1504, 2100, 0.5));
          }
          return simulation.runMinutes(50);
        },
        simulation -> {
          assertThat(simulation.fired())
              .extracting(alert -> alert.labels().get("scope_kind"))
              .containsExactly("tenant_model", "provider");
          assertThat(simulation.resolved())
              .extracting(Alert::alertId)
              .containsExactly(simulation.fired().get(1).alertId());
        });
  }

  @Test
  void evaluate_restartsChangeNothing() {
    forEachSeed(
        (seed, random) -> {
          Simulation simulation = new Simulation(seed);
          for (int tenant = 0; tenant < 4; tenant++) {
            simulation.flow("t" + tenant, "m0", 2, failing(400, 1000, 0.5));
            simulation.flow("t" + tenant, "m1", 2, failing(404, 1000, 0.5));
          }
          for (int minute = 0; minute < 27; minute++) {
            simulation.runMinutes(1).restart();
          }
          return simulation;
        },
        simulation -> assertThat(simulation.fired()).hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 3})
  void evaluate_steadyTrafficWithBurstsNeverFires(double growth) {
    forEachSeed(
        (seed, random) -> {
          Simulation simulation = new Simulation(seed);
          for (int tenant = 0; tenant < 8; tenant++) {
            for (int model = 0; model < 3; model++) {
              double rate = 0.05 + random.nextDouble() * 3;
              long burst = 60 + random.nextInt(1000);
              long length = 2 + random.nextInt(8);
              simulation.flow(
                  "t" + tenant,
                  "m" + model,
                  at -> at > 600 ? rate * growth : rate,
                  failing(burst, burst + length, 0.6));
            }
          }
          return simulation.runMinutes(25);
        },
        simulation -> assertThat(simulation.alerts).isEmpty());
  }

  @Test
  void evaluate_singleFailuresOfSmallTenantsNeverFire() {
    forEachSeed(
        (seed, random) -> {
          Simulation simulation = new Simulation(seed);
          for (int tenant = 0; tenant < 50; tenant++) {
            long failure = random.nextInt(1500);
            simulation.flow(
                "t" + tenant,
                "m" + tenant % 5,
                at -> at == failure ? 1 : 0.02,
                at -> at == failure ? 1 : 0);
          }
          return simulation.runMinutes(27);
        },
        simulation -> assertThat(simulation.alerts).isEmpty());
  }
}
