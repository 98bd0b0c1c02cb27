// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The prompts and answers of one tenant become several times as long. Nothing fails. */
final class TokenSpike extends Story {

  private static final String TENANT = "initech";
  private static final long INPUT_FACTOR = 6;
  private static final long OUTPUT_FACTOR = 3;

  private final Span trouble;

  TokenSpike(Plan plan) {
    this.trouble = plan.phase(Duration.ofMinutes(2), Duration.ofMinutes(7));
  }

  @Override
  SimulatedCall prompt(SimulatedCall call, long at, RandomGenerator random) {
    if (!call.tenant().equals(TENANT) || !trouble.contains(at)) {
      return call;
    }
    return call.withTokens(
        Math.min(INPUT_FACTOR * call.inputTokens(), call.mostInputTokens()),
        call.cachedTokens(),
        Math.min(OUTPUT_FACTOR * call.outputTokens(), call.service().maxOutputTokens()));
  }

  @Override
  Expectation expectation() {
    return Expectation.of("token_spike", Map.of("tenant", TENANT), trouble)
        .causedBy(List.of(TENANT));
  }
}
