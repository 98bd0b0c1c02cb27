// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Tells one receiver about episodes. Keeps no state, does not retry, and shows no secrets in
 * results or {@code toString()}. Thread-safe.
 */
public interface Notifier {

  /** The receiver's name in logs, metrics and documents. */
  String receiver();

  /** Whether it can tell of a change without disturbing anybody once more. */
  boolean updates();

  /** How many notices the receiver takes; empty when it states no limit. */
  default Optional<RateLimit> limit() {
    return Optional.empty();
  }

  /**
   * How often an incident that goes on must be told again, as an {@link Action#UPDATE} that nobody
   * notices, so that the receiver does not take it for over; empty when the receiver remembers.
   */
  default Optional<Duration> refreshInterval() {
    return Optional.empty();
  }

  /** Sends without blocking. The future never completes exceptionally, and within bounded time. */
  CompletableFuture<NotifyResult> send(Notice notice);
}
