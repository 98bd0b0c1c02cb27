// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

/**
 * The accumulator of the hand-written baselines: sums and a small latency histogram. Mutable, with
 * public fields: Flink serialises it field by field.
 */
public final class Counts {

  /** Two buckets an octave, from one millisecond to a minute. */
  private static final int BUCKETS = 32;

  /** Attempts counted. */
  public long attempts;

  /** Those whose outcome is an error. */
  public long errors;

  /** Their input tokens. */
  public long inputTokens;

  /** Their output tokens. */
  public long outputTokens;

  /** Their cost in 1e-9 USD. */
  public long costNanoUsd;

  /** Attempts by duration: two buckets an octave, the first begins at one millisecond. */
  public int[] latency = new int[BUCKETS];

  /** Counts of nothing. */
  public Counts() {}

  /** Counts one more attempt. */
  public void add(Call call) {
    attempts++;
    errors += call.failed ? 1 : 0;
    inputTokens += call.inputTokens;
    outputTokens += call.outputTokens;
    costNanoUsd += call.costNanoUsd;
    if (call.durationMs >= 0) {
      latency[bucketOf(call.durationMs)]++;
    }
  }

  /** Counts what {@code other} counted. */
  public void add(Counts other) {
    attempts += other.attempts;
    errors += other.errors;
    inputTokens += other.inputTokens;
    outputTokens += other.outputTokens;
    costNanoUsd += other.costNanoUsd;
    for (int i = 0; i < BUCKETS; i++) {
      latency[i] += other.latency[i];
    }
  }

  /** The sums. */
  public Totals totals() {
    return new Totals(attempts, errors, inputTokens, outputTokens, costNanoUsd);
  }

  /** Exponent and first bit of the mantissa: each octave in two halves of equal width. */
  static int bucketOf(double millis) {
    long halfOctaves = (Double.doubleToRawLongBits(Math.max(millis, 1)) >>> 51) - (1023L << 1);
    return (int) Math.min(halfOctaves, BUCKETS - 1);
  }
}
