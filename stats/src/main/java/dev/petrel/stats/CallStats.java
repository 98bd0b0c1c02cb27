// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The aggregate of one scope in one window, as it stands: a record of {@code llm-call-stats}, or of
 * {@code llm-call-rollups} where the window is an hour or a day.
 *
 * <p>Live calls of a scope and window have one record. Each import of recorded calls has records of
 * its own beside it, so that neither ever replaces what the other counted: sums and merged sketches
 * over all records are the whole.
 *
 * @param scope which calls
 * @param importId the import that the calls came with, null for live ones
 * @param part tells apart several records of one scope and window: 0, but for {@link Scope#OTHER},
 *     which each merging partition publishes a part of. Their sum is the whole.
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
    int part,
    long windowStart,
    long windowMs,
    boolean closed,
    long revision,
    Measures measures) {

  /** The window length that everything is counted by, in ms. */
  public static final long WINDOW_MS = 60_000;

  /** The window length of hourly rollups, in ms. */
  public static final long HOUR_MS = 60 * WINDOW_MS;

  /** The window length of daily rollups, in ms; days are those of UTC. */
  public static final long DAY_MS = 24 * HOUR_MS;

  /** The one record of a scope and window. */
  public CallStats(
      Scope scope,
      @Nullable String importId,
      long windowStart,
      long windowMs,
      boolean closed,
      long revision,
      Measures measures) {
    this(scope, importId, 0, windowStart, windowMs, closed, revision, measures);
  }

  /** The one record of live calls. */
  public CallStats(
      Scope scope,
      long windowStart,
      long windowMs,
      boolean closed,
      long revision,
      Measures measures) {
    this(scope, null, 0, windowStart, windowMs, closed, revision, measures);
  }

  /** The start of the window that an event time falls into. */
  public static long windowStartOf(long timestamp) {
    return windowStartOf(timestamp, WINDOW_MS);
  }

  /** The start of the window of {@code windowMs} that an event time falls into. */
  public static long windowStartOf(long timestamp, long windowMs) {
    return Math.floorDiv(timestamp, windowMs) * windowMs;
  }

  /**
   * The record's key: scope key, {@code @}, window start, {@code /} and the length of a window that
   * is no minute, {@code #} and import id if there is one, {@code ~} and part if it is not 0.
   */
  public String key() {
    return key(scope.key());
  }

  /** {@link #key()}, for callers who have {@code scope.key()} at hand. */
  public String key(String scopeKey) {
    StringBuilder key = new StringBuilder(scopeKey.length() + 24);
    key.append(scopeKey).append('@').append(windowStart);
    if (windowMs != WINDOW_MS) {
      key.append('/').append(windowMs);
    }
    if (importId != null) {
      key.append('#').append(importId);
    }
    if (part != 0) {
      key.append('~').append(part);
    }
    return key.toString();
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
