// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt to notify ended. The notifier says which it is; retrying is the pipeline's job.
 */
public sealed interface NotifyResult {

  /**
   * The receiver accepted it.
   *
   * @param remember what to give to the next notice about the incident, in place of what was
   *     remembered before under these names; no secrets
   */
  record Sent(Map<String, String> remember) implements NotifyResult {

    public Sent {
      remember = Map.copyOf(remember);
    }

    /** With nothing to remember. */
    public Sent() {
      this(Map.of());
    }
  }

  /**
   * It may work later, and may even have worked.
   *
   * @param why without secrets
   * @param retryAfter how long the receiver asks to wait; null when it says nothing
   * @param remember as of {@link Sent}: what has been done already, so that the next attempt does
   *     not do it again
   */
  record Retryable(String why, @Nullable Duration retryAfter, Map<String, String> remember)
      implements NotifyResult {

    public Retryable {
      remember = Map.copyOf(remember);
    }

    /** With nothing to remember. */
    public Retryable(String why, @Nullable Duration retryAfter) {
      this(why, retryAfter, Map.of());
    }
  }

  /**
   * It will never work as it is.
   *
   * @param why without secrets
   */
  record Permanent(String why) implements NotifyResult {}
}
