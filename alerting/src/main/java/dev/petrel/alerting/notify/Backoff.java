// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait before the next attempt: a random time up to a bound that doubles with each
 * attempt (full jitter), and never less than the receiver asks for.
 */
record Backoff(Duration first, Duration max, Duration maxRetryAfter) {

  static final Backoff DEFAULT =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(2), Duration.ofMinutes(15));

  /** The wait in ms after this many attempts. */
  long delayMs(int attempts, @Nullable Duration retryAfter, RandomGenerator random) {
    long bound = first.toMillis() << Math.min(20, Math.max(0, attempts - 1));
    long jitter = random.nextLong(Math.min(bound, max.toMillis()) + 1);
    return Math.max(jitter, retryAfterMs(retryAfter));
  }

  /** What the receiver asks for in ms, within the cap; 0 when it says nothing. */
  long retryAfterMs(@Nullable Duration retryAfter) {
    return retryAfter == null
        ? 0
        : Math.min(maxRetryAfter.toMillis(), Math.max(0, retryAfter.toMillis()));
  }
}
