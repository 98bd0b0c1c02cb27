// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The aggregate of one scope in one window, as it stands: a record of {@code llm-call-stats}.
 *
 * @param scope which calls
 * @param windowStart start of the tumbling window on event time, in ms since the epoch
 * @param windowMs length of the window in ms
 * @param closed whether stream time has passed the window; later corrections still come, each with
 *     a higher revision. {@code final} in JSON.
 * @param revision grows with each version of this scope and window
 * @param measures what was counted
 */
public record CallStats(
    Scope scope,
    long windowStart,
    long windowMs,
    boolean closed,
    long revision,
    Measures measures) {

  /** The one window length that streams counts by, in ms. */
  public static final long WINDOW_MS = 60_000;

  /** The start of the window that an event time falls into. */
  public static long windowStartOf(long timestamp) {
    return Math.floorDiv(timestamp, WINDOW_MS) * WINDOW_MS;
  }

  /** The record's key: scope key and window start. */
  public String key() {
    return key(scope.key(), windowStart);
  }

  /** The key of a scope's window. */
  public static String key(String scopeKey, long windowStart) {
    return scopeKey + '@' + windowStart;
  }

  /** The document's id: the same for every revision of a scope's window, so that writes replace. */
  public String documentId() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key().getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash).substring(0, 27);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
