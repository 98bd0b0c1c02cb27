// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

/**
 * A model as simulated calls use it. Prices are invented, and stamped so on the events.
 *
 * @param provider its provider
 * @param name the model asked for
 * @param answersAs the model that answers name, usually with a date
 * @param contextWindow most tokens of a prompt and its answer
 * @param weight share of the traffic, relative to the others
 * @param baseMillis time that an answer takes before its first token
 * @param millisPerToken time that each output token takes
 * @param nanoUsdPerInputToken price of an input token; a cached one costs a tenth
 * @param nanoUsdPerOutputToken price of an output token
 */
record SimulatedModel(
    SimulatedProvider provider,
    String name,
    String answersAs,
    long contextWindow,
    double weight,
    double baseMillis,
    double millisPerToken,
    long nanoUsdPerInputToken,
    long nanoUsdPerOutputToken) {

  static final SimulatedModel GPT_4O =
      new SimulatedModel(
          SimulatedProvider.OPENAI,
          "gpt-4o",
          "gpt-4o-2024-08-06",
          128_000,
          35,
          350,
          11,
          2500,
          10_000);

  static final SimulatedModel GPT_4O_MINI =
      new SimulatedModel(
          SimulatedProvider.OPENAI,
          "gpt-4o-mini",
          "gpt-4o-mini-2024-07-18",
          128_000,
          25,
          220,
          7,
          150,
          600);

  static final SimulatedModel CLAUDE_SONNET =
      new SimulatedModel(
          SimulatedProvider.ANTHROPIC,
          "claude-sonnet-4-5",
          "claude-sonnet-4-5-20250929",
          200_000,
          25,
          450,
          14,
          3000,
          15_000);

  static final SimulatedModel GEMINI_FLASH =
      new SimulatedModel(
          SimulatedProvider.GEMINI,
          "gemini-2.5-flash",
          "gemini-2.5-flash",
          1_048_576,
          15,
          260,
          6,
          300,
          2500);

  long costNanoUsd(long input, long cached, long output) {
    return (input - cached) * nanoUsdPerInputToken
        + cached * nanoUsdPerInputToken / 10
        + output * nanoUsdPerOutputToken;
  }
}
