// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.traffic;

import java.nio.ByteBuffer;

/**
 * What is remembered of one scope's hour. Immutable.
 *
 * @param start start of the hour, in ms since the epoch
 * @param revision a higher one replaces a lower one
 * @param attempts all attempts
 * @param bad failed attempts that count against an error budget
 * @param calls logical calls
 * @param tokens input and output tokens, where known
 * @param costNanoUsd cost of the priced attempts, in 1e-9 USD
 * @param latencyP95 in ms; NaN when unknown
 * @param contextP95 of input tokens as a part of the context window; NaN when unknown
 * @param contextCount how many attempts tell their part of the context window
 */
public record Hour(
    long start,
    long revision,
    long attempts,
    long bad,
    long calls,
    long tokens,
    long costNanoUsd,
    double latencyP95,
    double contextP95,
    long contextCount) {

  private static final int BYTES = 10 * Long.BYTES;

  static Hour of(ScopeWindow window) {
    Minute whole = Minute.first(window, new Minute.Moments(), 0);
    return new Hour(
        window.windowStart(),
        window.revision(),
        whole.attempts,
        whole.budgetBad(),
        whole.calls,
        whole.tokens,
        whole.costNanoUsd,
        whole.latencyP95,
        whole.contextP95,
        whole.contextCount);
  }

  /** The value of the state store. */
  byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(start)
        .putLong(revision)
        .putLong(attempts)
        .putLong(bad)
        .putLong(calls)
        .putLong(tokens)
        .putLong(costNanoUsd)
        .putDouble(latencyP95)
        .putDouble(contextP95)
        .putLong(contextCount)
        .array();
  }

  /** Reads {@link #toBytes}. */
  static Hour fromBytes(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new Hour(
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getDouble(),
        in.getDouble(),
        in.getLong());
  }
}
