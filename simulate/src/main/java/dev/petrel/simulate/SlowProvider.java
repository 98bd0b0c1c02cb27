// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One provider reads prompts more and more slowly, until clients give up waiting for answers to all
 * but the short ones.
 */
final class SlowProvider extends Story {

  private static final SimulatedProvider SLOW = SimulatedProvider.ANTHROPIC;
  private static final double MILLIS_PER_INPUT_TOKEN = 20;

  private final Span trouble;
  private final Span worsening;

  SlowProvider(Plan plan) {
    this.trouble = plan.phase(Duration.ofMinutes(1), Duration.ofMinutes(6));
    this.worsening = plan.phase(Duration.ofMinutes(1), Duration.ofMinutes(2));
  }

  @Override
  Conditions conditions(SimulatedCall call, long at) {
    return call.provider() == SLOW && trouble.contains(at)
        ? Conditions.ORDINARY.withMillisPerInputToken(
            Math.max(
                Conditions.ORDINARY_MILLIS_PER_INPUT_TOKEN,
                MILLIS_PER_INPUT_TOKEN * worsening.progress(at)))
        : Conditions.ORDINARY;
  }

  @Override
  Expectation expectation() {
    return Expectation.of("timeouts", Map.of("provider", SLOW.wireName()), trouble)
        .causedBy(List.of(SLOW.wireName()))
        .hurting(tenants().names());
  }
}
