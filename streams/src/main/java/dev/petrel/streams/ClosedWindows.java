// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.streams.AggregateKey.Length;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Up to where windows have been closed, by their length. Not thread-safe. */
final class ClosedWindows {

  private static final Length[] LENGTHS = Length.values();

  /** Windows that start before this are closed. */
  private final long[] before = new long[LENGTHS.length];

  static ClosedWindows fromBytes(byte @Nullable [] bytes) {
    ClosedWindows closed = new ClosedWindows();
    if (bytes != null) {
      ByteBuffer.wrap(bytes).asLongBuffer().get(closed.before);
    }
    return closed;
  }

  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(before.length * Long.BYTES);
    bytes.asLongBuffer().put(before);
    return bytes.array();
  }

  boolean contains(AggregateKey key) {
    return key.windowStart() < before(key.length());
  }

  @SuppressWarnings("EnumOrdinal") // a fixed array slot each
  long before(Length length) {
    return before[length.ordinal()];
  }

  /** Closes the windows that start before {@code time}. */
  @SuppressWarnings("EnumOrdinal") // a fixed array slot each
  void close(Length length, long time) {
    before[length.ordinal()] = Math.max(before[length.ordinal()], time);
  }
}
