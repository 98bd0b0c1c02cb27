// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.traffic;

import dev.petrel.stats.CallStats;
import dev.petrel.stats.Scope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One revision of the aggregate of a scope in a minute or an hour, with the measures still in their
 * binary form: what alerting passes on to the task that evaluates the scope's environment.
 *
 * @param series the scope's key, and behind a {@code ~} the part, where there are several of one
 *     scope
 * @param windowStart start of the window, in ms since the epoch
 * @param windowMs its length, in ms
 * @param revision a higher one replaces a lower one of the same series and window
 * @param measures what was counted
 */
@SuppressWarnings("ArrayRecordComponent") // passed on as it is, never compared
public record ScopeWindow(
    String series, long windowStart, long windowMs, long revision, byte[] measures) {

  /** What alerting needs of an aggregate. */
  public static ScopeWindow of(CallStats stats) {
    String key = stats.scope().key();
    return new ScopeWindow(
        stats.part() == 0 ? key : key + '~' + stats.part(),
        stats.windowStart(),
        stats.windowMs(),
        stats.revision(),
        stats.measures().toBytes());
  }

  /** The scope that a series is of. */
  static Scope scopeOf(String series) {
    int part = series.lastIndexOf('~');
    if (part > 0 && series.substring(part + 1).matches("[0-9]+")) {
      Scope scope = Scope.ofKey(series.substring(0, part));
      if (scope.isOther()) {
        return scope; // only these come in parts; any other name may end like one
      }
    }
    return Scope.ofKey(series);
  }

  /** The binary form. */
  public byte[] toBytes() {
    byte[] name = series.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Integer.BYTES + name.length + 3 * Long.BYTES + measures.length)
        .putInt(name.length)
        .put(name)
        .putLong(windowStart)
        .putLong(windowMs)
        .putLong(revision)
        .put(measures)
        .array();
  }

  /** Reads {@link #toBytes}. */
  public static ScopeWindow fromBytes(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    byte[] name = new byte[in.getInt()];
    in.get(name);
    long start = in.getLong();
    long length = in.getLong();
    long revision = in.getLong();
    byte[] measures = new byte[in.remaining()];
    in.get(measures);
    return new ScopeWindow(
        new String(name, StandardCharsets.UTF_8), start, length, revision, measures);
  }
}
