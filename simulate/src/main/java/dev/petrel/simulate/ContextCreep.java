// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Conversations that are never cut grow until the longest no longer fit the model's window, near
 * the end. After it they are cut.
 */
final class ContextCreep extends Story {

  private static final SimulatedService SERVICE = SimulatedService.CHAT_API;
  private static final SimulatedModel MODEL = SimulatedModel.CLAUDE_SONNET;
  private static final double FIRST_USE = 0.15;

  /** Above 1, so that the longest pass the window when 95 % of the length is over. */
  private static final double LAST_USE = 1.045;

  /** Of a conversation's prompt, all but the latest messages were sent before. */
  private static final double CACHED = 0.8;

  private final Span creep;

  ContextCreep(Plan plan) {
    this.creep = plan.filled();
  }

  @Override
  SimulatedCall prompt(SimulatedCall call, long at, RandomGenerator random) {
    if (!call.service().equals(SERVICE) || !call.model().equals(MODEL)) {
      return call;
    }
    double longest =
        at >= creep.to() ? FIRST_USE : FIRST_USE + (LAST_USE - FIRST_USE) * creep.progress(at);
    double use = longest * (0.5 + 0.5 * Math.sqrt(random.nextDouble()));
    long input = (long) (use * (MODEL.contextWindow() - SERVICE.maxOutputTokens()));
    return call.withTokens(input, (long) (CACHED * input), call.outputTokens());
  }

  @Override
  long tokensPerRequest() {
    // Long prompts are what this organisation has its limits for.
    return 2 * MODEL.contextWindow();
  }

  @Override
  Expectation expectation() {
    return Expectation.of(
            "context_creep",
            Map.of("provider", MODEL.provider().wireName(), "model", MODEL.name()),
            creep)
        .causedBy(List.of(SERVICE.name()));
  }
}
