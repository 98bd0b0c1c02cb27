// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Increments of many scopes of one shard, counted by one partition: exact because they are written
 * and read exactly once.
 *
 * @param shard where the scopes of the increments meet
 * @param partition the partition that counted them
 * @param entries the increments, in the form of {@link PartialBatches}
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record PartialBatch(int shard, int partition, byte[] entries) implements Output {

  private static final int HEADER_BYTES = Short.BYTES + Integer.BYTES;

  static Serde<Output> serde() {
    return Serdes.serdeFrom((topic, output) -> toBytes(output), (topic, bytes) -> fromBytes(bytes));
  }

  private static byte[] toBytes(Output output) {
    if (!(output instanceof PartialBatch batch)) {
      throw new SerializationException("no batch of increments: " + output);
    }
    return ByteBuffer.allocate(HEADER_BYTES + batch.entries.length)
        .putShort((short) batch.shard)
        .putInt(batch.partition)
        .put(batch.entries)
        .array();
  }

  private static Output fromBytes(byte[] bytes) {
    if (bytes.length < HEADER_BYTES) {
      throw new SerializationException("damaged batch of increments");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new PartialBatch(
        in.getShort(), in.getInt(), Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length));
  }
}
