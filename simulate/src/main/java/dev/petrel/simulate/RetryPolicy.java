// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import dev.petrel.event.ErrorType;
import java.util.random.RandomGenerator;

/** What a client does after a failed attempt. */
enum RetryPolicy {
  /**
   * The default of the providers' SDKs: two retries, after Retry-After exactly or else after 0.5 s
   * doubling to 8 s, less up to a quarter. Every 429 is retried, one for want of credit too.
   */
  SDK {
    @Override
    long delay(int attempt, ErrorType type, long retryAfter, long endedAt, RandomGenerator random) {
      if (attempt >= 2 || !(type.retryable() || type == ErrorType.QUOTA_EXHAUSTED)) {
        return NO_RETRY;
      }
      if (retryAfter >= 0) {
        return retryAfter;
      }
      return (long) (Math.min(500 << attempt, 8000) * (0.75 + 0.25 * random.nextDouble()));
    }
  },

  /**
   * Three layers that know nothing of each other: a client that tries three times at once, and a
   * queue that hands what failed out again at its next turn, three times. Twelve attempts, none of
   * which waits as long as it is told to, and many of them at the same moment.
   */
  STACKED {
    @Override
    long delay(int attempt, ErrorType type, long retryAfter, long endedAt, RandomGenerator random) {
      if (attempt >= STACKED_ATTEMPTS - 1 || !type.retryable()) {
        return NO_RETRY;
      }
      boolean atOnce = (attempt + 1) % 3 != 0;
      return atOnce ? 0 : QUEUE_TURN_MILLIS - endedAt % QUEUE_TURN_MILLIS;
    }
  };

  /** There is no further attempt. */
  static final long NO_RETRY = -1;

  /** What {@link #STACKED} makes of a call that never succeeds. */
  static final int STACKED_ATTEMPTS = 12;

  private static final long QUEUE_TURN_MILLIS = 5000;

  /**
   * How long the client waits before the next attempt.
   *
   * @param attempt number of the attempt that failed, the first is 0
   * @param type why it failed
   * @param retryAfter what the provider asked to wait, in ms; negative when it did not
   * @param endedAt when it ended, in ms since the epoch
   * @param random for jitter
   * @return ms, or {@link #NO_RETRY}
   */
  abstract long delay(
      int attempt, ErrorType type, long retryAfter, long endedAt, RandomGenerator random);
}
