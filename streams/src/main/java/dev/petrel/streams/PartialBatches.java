// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * The increments of one partition on their way to the scopes' partitions, many in one record. Not
 * thread-safe.
 */
final class PartialBatches {
  /*
   * A record an increment would cost more than the increment: key, headers, timestamp, a producer's
   * callback and a consumer's queue each, for 60 to 150 bytes. So increments travel by shard: scopes
   * are hashed to 64 shards, shards go to partitions, and what a partition has for a shard is one
   * record. With more shards than partitions no scope changes its shard when partitions are added.
   *
   * Layout: entries of scope key, window start, import id (empty: live) and measures, each with its
   * length where it does not tell it itself.
   */

  static final int SHARDS = 64;

  /** Well below the 1 MiB that a broker takes. */
  private static final int MAX_BYTES = 512 * 1024;

  /**
   * A scope as it travels.
   *
   * @param utf8 its key
   * @param shard where its increments meet
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record ScopeName(byte[] utf8, int shard) {

    static ScopeName of(Scope scope) {
      byte[] utf8 = scope.key().getBytes(StandardCharsets.UTF_8);
      return new ScopeName(utf8, Utils.toPositive(Utils.murmur2(utf8)) % SHARDS);
    }
  }

  /** Takes the increments of a batch, one after the other. */
  interface Reader {

    /** Takes one; {@code measures} stands on its measures, which are to be read to their end. */
    void read(String scopeKey, long windowStart, @Nullable String importId, ByteBuffer measures);
  }

  private final int partition;
  private final @Nullable ByteBuffer[] open = new @Nullable ByteBuffer[SHARDS];
  private final List<PartialBatch> full = new ArrayList<>();

  /** Increments that {@code partition} has counted. */
  PartialBatches(int partition) {
    this.partition = partition;
  }

  void add(ScopeName scope, long windowStart, @Nullable String importId, Measures measures) {
    byte[] source = importId == null ? new byte[0] : importId.getBytes(StandardCharsets.UTF_8);
    int bound =
        2 * Short.BYTES
            + scope.utf8.length
            + Long.BYTES
            + source.length
            + measures.encodedSizeBound();
    ByteBuffer out = room(scope.shard, bound);
    out.putShort((short) scope.utf8.length).put(scope.utf8);
    out.putLong(windowStart);
    out.putShort((short) source.length).put(source);
    measures.encode(out);
  }

  private ByteBuffer room(int shard, int bytes) {
    ByteBuffer buffer = open[shard];
    if (buffer != null && buffer.position() > MAX_BYTES) {
      full.add(batch(shard, buffer));
      buffer = null;
    }
    if (buffer == null) {
      buffer = ByteBuffer.allocate(Math.max(4096, bytes));
    } else if (buffer.remaining() < bytes) {
      int capacity = Math.max(2 * buffer.capacity(), buffer.position() + bytes);
      buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
    }
    open[shard] = buffer;
    return buffer;
  }

  /** The batches of all increments added. */
  List<PartialBatch> batches() {
    List<PartialBatch> batches = new ArrayList<>(full);
    for (int shard = 0; shard < SHARDS; shard++) {
      ByteBuffer buffer = open[shard];
      if (buffer != null) {
        batches.add(batch(shard, buffer));
      }
    }
    return batches;
  }

  private PartialBatch batch(int shard, ByteBuffer buffer) {
    byte[] entries = new byte[buffer.position()];
    buffer.get(0, entries);
    return new PartialBatch(shard, partition, entries);
  }

  /**
   * Reads the increments of a batch.
   *
   * @throws IllegalArgumentException when it is damaged
   */
  static void read(byte[] entries, Reader reader) {
    ByteBuffer in = ByteBuffer.wrap(entries);
    try {
      while (in.hasRemaining()) {
        String scopeKey = text(in);
        long windowStart = in.getLong();
        String importId = text(in);
        reader.read(scopeKey, windowStart, importId.isEmpty() ? null : importId, in);
      }
    } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("damaged batch of partial aggregates", e);
    }
  }

  private static String text(ByteBuffer in) {
    byte[] utf8 = new byte[in.getShort() & 0xFFFF];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
