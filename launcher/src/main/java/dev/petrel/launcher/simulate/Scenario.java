// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.simulate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A story that simulated calls tell, and the alerts that it must raise.
 *
 * <p>Times are offsets from the start of the simulation.
 */
public enum Scenario {
  /** Ordinary traffic with the failures that every provider has. */
  STEADY("steady", "Ordinary traffic, about 1 % failures.", "none") {
    @Override
    World world() {
      return World.ordinary();
    }
  },

  /** One provider degrades for three minutes, in all its models, for all tenants. */
  BROWNOUT(
      "brownout",
      "From minute 1 to minute 4 openai fails 60 % of attempts and answers slowly.",
      "one: error_rate, provider openai; resolved after minute 4") {
    @Override
    World world() {
      return World.ordinary()
          .during(
              Duration.ofMinutes(1),
              Duration.ofMinutes(4),
              call -> call.model().provider().equals("openai"),
              new Conditions(0.60, Conditions.PROVIDER_DEGRADED, 3.0));
    }
  },

  /** Many tenants with little traffic, each with a failure now and then. */
  SPORADIC(
      "sporadic", "400 tenants with a few calls each, of which 3 % fail, here and there.", "none") {
    @Override
    World world() {
      return World.manySmallTenants(400);
    }
  };

  private final String scenarioName;
  private final String story;
  private final String expectedAlerts;

  Scenario(String scenarioName, String story, String expectedAlerts) {
    this.scenarioName = scenarioName;
    this.story = story;
    this.expectedAlerts = expectedAlerts;
  }

  abstract World world();

  /** The name on the command line. */
  public String scenarioName() {
    return scenarioName;
  }

  /** What happens, in one sentence. */
  public String story() {
    return story;
  }

  /** The alerts that must be raised, and no others. */
  public String expectedAlerts() {
    return expectedAlerts;
  }

  /**
   * The scenario with this name.
   *
   * @throws IllegalArgumentException when there is none; names the value and what is allowed
   */
  public static Scenario named(String name) {
    List<String> names = new ArrayList<>();
    for (Scenario scenario : values()) {
      if (scenario.scenarioName.equals(name)) {
        return scenario;
      }
      names.add(scenario.scenarioName);
    }
    throw new IllegalArgumentException(
        "scenario: was '" + name + "', must be one of " + String.join(", ", names));
  }

  @Override
  public String toString() {
    return scenarioName;
  }
}
