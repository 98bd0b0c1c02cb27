// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.Measures;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * What one partition has counted for a scope and window since it last sent: an increment, exact
 * because it is written and read exactly once. Travels under its scope's key.
 *
 * @param windowStart start of the window, in ms since the epoch
 * @param importId the import that the calls came with, null for live ones
 * @param measures the counts
 */
record Partial(long windowStart, @Nullable String importId, Measures measures) {

  static Serde<Partial> serde() {
    return Serdes.serdeFrom(
        (topic, partial) -> partial.toBytes(), (topic, bytes) -> Partial.fromBytes(bytes));
  }

  private byte[] toBytes() {
    byte[] source = importId == null ? new byte[0] : importId.getBytes(StandardCharsets.UTF_8);
    byte[] counts = measures.toBytes();
    return ByteBuffer.allocate(Long.BYTES + Short.BYTES + source.length + counts.length)
        .putLong(windowStart)
        .putShort((short) source.length)
        .put(source)
        .put(counts)
        .array();
  }

  private static Partial fromBytes(byte[] bytes) {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      long windowStart = in.getLong();
      byte[] source = new byte[in.getShort()];
      in.get(source);
      return new Partial(
          windowStart,
          source.length == 0 ? null : new String(source, StandardCharsets.UTF_8),
          Measures.fromBytes(in));
    } catch (RuntimeException e) {
      throw new SerializationException("damaged partial aggregate", e);
    }
  }
}
