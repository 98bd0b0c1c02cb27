// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.time.Duration;

/**
 * When to try again what was refused: after a pause that doubles with each refusal in a row. Not
 * thread-safe.
 */
final class BackOff {
  static final Duration MIN_PAUSE = Duration.ofMillis(100);

  private boolean refused;
  private long resumeAt;
  private Duration pause = MIN_PAUSE;

  /** The last attempt was refused at this {@link System#nanoTime}. */
  void refused(long now, Duration maxPause) {
    refused = true;
    resumeAt = now + pause.toNanos();
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(maxPause) < 0 ? twice : maxPause;
  }

  /** The last attempt went well. */
  void succeeded() {
    refused = false;
    pause = MIN_PAUSE;
  }

  /** Whether the last attempt was refused. */
  boolean isRefused() {
    return refused;
  }

  /** Nanoseconds until the next attempt, 0 when it is due. */
  long nanosLeft(long now) {
    return refused ? Math.max(0, resumeAt - now) : 0;
  }
}
