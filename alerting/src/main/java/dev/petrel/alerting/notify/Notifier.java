// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

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

  /** Sends without blocking. The future never completes exceptionally, and within bounded time. */
  CompletableFuture<NotifyResult> send(Notice notice);
}
