// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One provider degrades, in all its models, for all tenants. */
final class Brownout extends Story {

  private static final SimulatedProvider DEGRADED = SimulatedProvider.OPENAI;

  private final Span trouble;

  Brownout(Plan plan) {
    this.trouble = plan.phase(Duration.ofMinutes(1), Duration.ofMinutes(4));
  }

  @Override
  Conditions conditions(SimulatedCall call, long at) {
    return call.provider() == DEGRADED && trouble.contains(at)
        ? Conditions.DEGRADED
        : Conditions.ORDINARY;
  }

  @Override
  Expectation expectation() {
    return Expectation.of("provider_incident", Map.of("provider", DEGRADED.wireName()), trouble)
        .causedBy(List.of(DEGRADED.wireName()))
        .hurting(tenants().names());
  }
}
