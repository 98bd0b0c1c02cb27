// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

/** Keeps calls to a pace: a call takes a token, and tokens come back evenly. Not thread-safe. */
final class TokenBucket {

  private final Pace pace;
  private double tokens;
  private long at;

  TokenBucket(Pace pace, long now) {
    this.pace = pace;
    this.tokens = pace.burst();
    this.at = now;
  }

  /** Takes a token; returns false when there is none. */
  boolean tryTake(long now) {
    if (now > at) {
      tokens = Math.min(pace.burst(), tokens + (now - at) * pace.perMinute() / 60_000.0);
      at = now;
    }
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
