// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The aggregate of one scope in one window, as it stands: a record of {@code llm-call-stats}.
 *
 * <p>Live calls of a scope and window have one record. Each import of recorded calls has records of
 * its own beside it, so that neither ever replaces what the other counted: sums and merged sketches
 * over all records are the whole.
 *
 * @param scope which calls
 * @param importId the import that the calls came with, null for live ones
 * @param windowStart start of the tumbling window on event time, in ms since the epoch
 * @param windowMs length of the window in ms
 * @param closed whether stream time has passed the window; later corrections still come, each with
 *     a higher revision. {@code final} in JSON.
 * @param revision grows with each version of this scope and window
 * @param measures what was counted
 */
public record CallStats(
    Scope scope,
    @Nullable String importId,
    long windowStart,
    long windowMs,
    boolean closed,
    long revision,
    Measures measures) {

  /** The one window length that streams counts by, in ms. */
  public static final long WINDOW_MS = 60_000;

  /** The aggregate of live calls. */
  public CallStats(
      Scope scope,
      long windowStart,
      long windowMs,
      boolean closed,
      long revision,
      Measures measures) {
    this(scope, null, windowStart, windowMs, closed, revision, measures);
  }

  /** The start of the window that an event time falls into. */
  public static long windowStartOf(long timestamp) {
    return Math.floorDiv(timestamp, WINDOW_MS) * WINDOW_MS;
  }

  /**
   * The record's key: scope key, {@code @}, window start, and {@code #} import id if there is one.
   */
  public String key() {
    String key = scope.key() + '@' + windowStart;
    return importId == null ? key : key + '#' + importId;
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
