// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One service stops calling. */
final class Silence extends Story {

  private static final SimulatedService SERVICE = SimulatedService.SEARCH;

  private final Span trouble;

  Silence(Plan plan) {
    this.trouble = plan.phase(Duration.ofMinutes(2), Duration.ofMinutes(8));
  }

  @Override
  boolean silent(SimulatedService service, long at) {
    return service.equals(SERVICE) && trouble.contains(at);
  }

  @Override
  Expectation expectation() {
    return Expectation.of("silence", Map.of("service", SERVICE.name()), trouble)
        .causedBy(List.of(SERVICE.name()));
  }
}
