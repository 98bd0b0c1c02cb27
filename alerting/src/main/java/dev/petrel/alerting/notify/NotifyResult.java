// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt to notify ended. The notifier says which it is; retrying is the pipeline's job.
 */
public sealed interface NotifyResult {

  /** The receiver accepted it. */
  record Sent() implements NotifyResult {}

  /**
   * It may work later, and may even have worked.
   *
   * @param why without secrets
   * @param retryAfter how long the receiver asks to wait; null when it says nothing
   */
  record Retryable(String why, @Nullable Duration retryAfter) implements NotifyResult {}

  /**
   * It will never work as it is.
   *
   * @param why without secrets
   */
  record Permanent(String why) implements NotifyResult {}
}
