// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.intake;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.UsageSource;
import org.jspecify.annotations.Nullable;

/**
 * The token counts of a call as its source tells them; null is unknown, never zero.
 *
 * @param input with or without what caches had
 * @param output reasoning included
 * @param cacheRead of the input
 * @param cacheWrite of the input
 * @param reasoning of the output
 */
public record Tokens(
    @Nullable Long input,
    @Nullable Long output,
    @Nullable Long cacheRead,
    @Nullable Long cacheWrite,
    @Nullable Long reasoning) {

  /**
   * Puts the counts into the event of a call.
   *
   * @param isAnswered whether there was an answer; without one there are no tokens, whatever a
   *     source fills in, and none that could be missing
   * @param excludesCache whether the source is known to count input without caches. Where it is not
   *     known, a part that is larger than the whole says so.
   */
  public void putInto(LlmCallEvent.Builder event, boolean isAnswered, boolean excludesCache) {
    boolean isReported = orZero(input) > 0 || orZero(output) > 0;
    if (!isAnswered && !isReported) {
      return;
    }
    long cached = orZero(cacheRead) + orZero(cacheWrite);
    Long all = input;
    if (all != null && (excludesCache || cached > all)) {
      all = all + cached;
    }
    boolean isKnown = input != null || output != null;
    event
        .set(EventField.INPUT_TOKENS, all)
        .set(EventField.OUTPUT_TOKENS, output)
        .set(EventField.CACHE_READ_TOKENS, cacheRead)
        .set(EventField.CACHE_WRITE_TOKENS, cacheWrite)
        .set(EventField.REASONING_TOKENS, reasoning)
        .set(EventField.USAGE_SOURCE, isKnown ? UsageSource.REPORTED : UsageSource.MISSING);
  }

  private static long orZero(@Nullable Long count) {
    // Counts of others: two of them must not overflow.
    return count == null ? 0 : Math.min(count, Long.MAX_VALUE / 4);
  }
}
