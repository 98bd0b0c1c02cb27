// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

/**
 * Sums over attempts: what a contender's result is held to.
 *
 * @param attempts attempts
 * @param errors attempts whose outcome is an error
 * @param inputTokens input tokens of those that report them
 * @param outputTokens output tokens of those that report them
 * @param costNanoUsd cost of the priced ones, in 1e-9 USD
 */
public record Totals(
    long attempts, long errors, long inputTokens, long outputTokens, long costNanoUsd) {

  /** The sums over nothing. */
  public static final Totals NONE = new Totals(0, 0, 0, 0, 0);

  /** The sums over both. */
  public Totals plus(Totals other) {
    return new Totals(
        attempts + other.attempts,
        errors + other.errors,
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        costNanoUsd + other.costNanoUsd);
  }
}
