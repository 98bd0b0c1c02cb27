// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One tenant asks for more than a shared limit; all who share it are refused with it. */
final class NoisyTenant extends Story {

  private static final String NOISY = "globex";

  private final Flood flood;

  NoisyTenant(Plan plan) {
    this.flood =
        new Flood(
            plan.phase(Duration.ofMinutes(1), Duration.ofMinutes(5)),
            NOISY,
            SimulatedService.CHAT_API,
            SimulatedModel.GPT_4O,
            1.2);
  }

  @Override
  Flood flood() {
    return flood;
  }

  @Override
  Expectation expectation() {
    List<String> victims = new ArrayList<>(tenants().names());
    victims.remove(NOISY);
    SimulatedModel model = flood.model();
    return Expectation.of(
            "noisy_tenant",
            Map.of("tenant", NOISY, "provider", model.provider().wireName(), "model", model.name()),
            flood.when())
        .causedBy(List.of(NOISY))
        .hurting(victims);
  }
}
