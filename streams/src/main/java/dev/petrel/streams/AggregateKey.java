// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.CallStats;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What an aggregate is kept under.
 *
 * @param length the window's
 * @param windowStart start of the window, in ms since the epoch
 * @param scopeKey the scope's key
 * @param importId the import that the calls came with, null for live ones
 */
record AggregateKey(Length length, long windowStart, String scopeKey, @Nullable String importId) {

  /** How long a window is. */
  enum Length {
    MINUTE(CallStats.WINDOW_MS),
    HOUR(CallStats.HOUR_MS),
    DAY(CallStats.DAY_MS);

    private static final Length[] ALL = values();
    private final long millis;

    Length(long millis) {
      this.millis = millis;
    }

    long millis() {
      return millis;
    }
  }

  /** The aggregate of the same calls and more, in the next longer window. */
  AggregateKey in(Length longer) {
    return new AggregateKey(
        longer, CallStats.windowStartOf(windowStart, longer.millis), scopeKey, importId);
  }

  /** The aggregate of another scope in the same window. */
  AggregateKey of(String otherScopeKey) {
    return new AggregateKey(length, windowStart, otherScopeKey, importId);
  }

  /** The key in stores: by length and window first, so that windows can be read in order. */
  @SuppressWarnings("EnumOrdinal") // a byte each, in stores that live as long as their windows
  Bytes toBytes() {
    byte[] scope = scopeKey.getBytes(StandardCharsets.UTF_8);
    byte[] source = importId == null ? new byte[0] : importId.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Long.BYTES + Short.BYTES + scope.length + source.length)
            .put((byte) length.ordinal())
            .putLong(windowStart)
            .putShort((short) scope.length)
            .put(scope)
            .put(source)
            .array());
  }

  static AggregateKey fromBytes(Bytes key) {
    ByteBuffer bytes = ByteBuffer.wrap(key.get());
    Length length = Length.ALL[bytes.get()];
    long windowStart = bytes.getLong();
    byte[] scope = new byte[bytes.getShort() & 0xFFFF];
    bytes.get(scope);
    byte[] source = new byte[bytes.remaining()];
    bytes.get(source);
    return new AggregateKey(
        length,
        windowStart,
        new String(scope, StandardCharsets.UTF_8),
        source.length == 0 ? null : new String(source, StandardCharsets.UTF_8));
  }

  /** Sorts before all keys of the first window that starts at {@code windowStart} or later. */
  @SuppressWarnings("EnumOrdinal") // as in toBytes
  static Bytes lowerBound(Length length, long windowStart) {
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Long.BYTES)
            .put((byte) length.ordinal())
            .putLong(Math.max(0, windowStart))
            .array());
  }
}
