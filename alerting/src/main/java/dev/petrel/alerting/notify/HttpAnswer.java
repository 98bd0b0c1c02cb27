// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came back from an HTTP request.
 *
 * @param status 0 when nothing came back
 * @param text the beginning of the body, or why nothing came back; without secrets
 * @param retryAfter how long the server asks to wait; null when it says nothing
 */
record HttpAnswer(int status, String text, @Nullable Duration retryAfter) {

  private static final int MAX_SHOWN = 200;

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /**
   * What the status says: 2xx is sent; 408, 429, 5xx and nothing at all may work later; everything
   * else never will.
   */
  NotifyResult result() {
    if (isSuccess()) {
      return new NotifyResult.Sent();
    }
    if (status == 0 || status == 408 || status == 429 || status >= 500) {
      return new NotifyResult.Retryable(why(), retryAfter);
    }
    return new NotifyResult.Permanent(why());
  }

  /** The status and the beginning of the body, on one line. */
  String why() {
    String shown = PlainText.shortened(text.replaceAll("\\s+", " ").strip(), MAX_SHOWN);
    if (status == 0) {
      return shown;
    }
    return "HTTP " + status + (shown.isEmpty() ? "" : ": " + shown);
  }
}
