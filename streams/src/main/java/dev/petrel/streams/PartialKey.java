// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What an aggregate is kept under: scope, window and import.
 *
 * @param scopeKey the scope's key
 * @param windowStart start of the window, in ms since the epoch
 * @param importId the import that the calls came with, null for live ones
 */
record PartialKey(String scopeKey, long windowStart, @Nullable String importId) {

  /** The key in stores: window first, so that a store can be read and expired window by window. */
  Bytes toBytes() {
    byte[] scope = scopeKey.getBytes(StandardCharsets.UTF_8);
    byte[] source = importId == null ? new byte[0] : importId.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + scope.length + source.length);
    bytes.putLong(windowStart).putInt(scope.length).put(scope).put(source);
    return Bytes.wrap(bytes.array());
  }

  static PartialKey fromBytes(Bytes key) {
    ByteBuffer bytes = ByteBuffer.wrap(key.get());
    long windowStart = bytes.getLong();
    byte[] scope = new byte[bytes.getInt()];
    bytes.get(scope);
    byte[] source = new byte[bytes.remaining()];
    bytes.get(source);
    return new PartialKey(
        new String(scope, StandardCharsets.UTF_8),
        windowStart,
        source.length == 0 ? null : new String(source, StandardCharsets.UTF_8));
  }

  /** The store key of the first window that starts at {@code windowStart} or later. */
  static Bytes lowerBound(long windowStart) {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(windowStart).array());
  }
}
