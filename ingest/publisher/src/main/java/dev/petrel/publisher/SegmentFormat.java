// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.Outcome;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a spool segment.
 *
 * <pre>
 * segment  "PTRLSPL" version:1 record*
 * record   length:4 crc32c:4 outcome:1 tolds:1 (outcome:1 count:8)* keyLength:4 key value
 * </pre>
 *
 * <p>{@code length} counts what follows the checksum, which is of the length and of all that
 * follows it. A record whose checksum has all its bits turned over is settled: its event was sent
 * or dropped. Outcome and told losses stand before the event, so that losing a record can be
 * counted without decoding it. Numbers are big-endian.
 */
final class SegmentFormat {
  static final int HEADER_BYTES = 8;

  private static final byte[] HEADER = "PTRLSPL\1".getBytes(StandardCharsets.US_ASCII);
  private static final int LENGTH_BYTES = 4;
  private static final int PREFIX_BYTES = 8;
  private static final int TOLD_BYTES = 9;
  private static final int LEAST_LENGTH = 1 + 1 + 4;

  private SegmentFormat() {}

  static ByteBuffer header() {
    return ByteBuffer.wrap(HEADER.clone());
  }

  /** Whether these bytes begin as a segment does, or are a torn piece of its header. */
  static boolean hasHeader(byte[] bytes) {
    int end = Math.min(bytes.length, HEADER_BYTES);
    for (int i = 0; i < end; i++) {
      if (bytes[i] != HEADER[i]) {
        return false;
      }
    }
    return true;
  }

  /** The length of the event's record. */
  static long recordBytes(EncodedEvent event) {
    return PREFIX_BYTES
        + LEAST_LENGTH
        + (long) TOLD_BYTES * event.toldDrops().size()
        + event.key().length
        + event.value().length;
  }

  /** The event's record. */
  static ByteBuffer encode(EncodedEvent event) {
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(recordBytes(event)));
    buffer.putInt(buffer.capacity() - PREFIX_BYTES).putInt(0);
    buffer.put(code(event.outcome())).put((byte) event.toldDrops().size());
    event.toldDrops().forEach((outcome, count) -> buffer.put(code(outcome)).putLong(count));
    buffer.putInt(event.key().length).put(event.key()).put(event.value());
    buffer.putInt(LENGTH_BYTES, checksum(buffer.array(), 0, buffer.capacity()));
    return buffer.flip();
  }

  /** The position after the record at {@code start}; -1 when no whole and sound record is there. */
  static int endOfRecord(byte[] bytes, int start) {
    if (bytes.length - start < PREFIX_BYTES + LEAST_LENGTH) {
      return -1;
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int length = buffer.getInt(start);
    if (length < LEAST_LENGTH || length > bytes.length - start - PREFIX_BYTES) {
      return -1;
    }
    int end = start + PREFIX_BYTES + length;
    int found = buffer.getInt(start + LENGTH_BYTES);
    int right = checksum(bytes, start, end);
    return found == right || found == ~right ? end : -1;
  }

  /** Whether the sound record between these positions is settled. */
  static boolean isSettled(byte[] bytes, int start, int end) {
    return ByteBuffer.wrap(bytes).getInt(start + LENGTH_BYTES) == ~checksum(bytes, start, end);
  }

  /** Marks the record at {@code start}, which is sound and not settled, as settled. */
  static void markSettled(SeekableByteChannel file, int start) throws IOException {
    ByteBuffer checksum = ByteBuffer.allocate(Integer.BYTES);
    file.position(start + LENGTH_BYTES);
    while (checksum.hasRemaining()) {
      if (file.read(checksum) < 0) {
        throw new EOFException("no record at " + start);
      }
    }
    checksum.putInt(0, ~checksum.getInt(0)).flip();
    file.position(start + LENGTH_BYTES);
    while (checksum.hasRemaining()) {
      file.write(checksum);
    }
  }

  /** The event of the sound record between these positions; null when it makes no sense. */
  static @Nullable EncodedEvent decode(byte[] bytes, int start, int end) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, start, end - start);
    buffer.position(start + PREFIX_BYTES);
    Outcome outcome = outcome(buffer.get());
    int tolds = buffer.get();
    if (outcome == null || tolds < 0 || tolds * TOLD_BYTES + 4 > buffer.remaining()) {
      return null;
    }
    Map<Outcome, Long> toldDrops = new EnumMap<>(Outcome.class);
    for (int i = 0; i < tolds; i++) {
      Outcome told = outcome(buffer.get());
      long count = buffer.getLong();
      if (told != null) {
        toldDrops.put(told, count);
      }
    }
    int keyLength = buffer.getInt();
    if (keyLength < 0 || keyLength > buffer.remaining()) {
      return null;
    }
    byte[] key = new byte[keyLength];
    byte[] value = new byte[buffer.remaining() - keyLength];
    buffer.get(key).get(value);
    return new EncodedEvent(outcome, toldDrops, key, value);
  }

  /**
   * The outcome of a damaged record at {@code start}. Where it cannot be read it counts as an
   * error: that is what one would least like to miss.
   */
  static Outcome outcomeOfDamaged(byte[] bytes, int start) {
    int at = start + PREFIX_BYTES;
    Outcome outcome = at < bytes.length ? outcome(bytes[at]) : null;
    return outcome == null ? Outcome.ERROR : outcome;
  }

  private static int checksum(byte[] bytes, int start, int end) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, start, LENGTH_BYTES);
    crc.update(bytes, start + PREFIX_BYTES, end - start - PREFIX_BYTES);
    return (int) crc.getValue();
  }

  private static byte code(Outcome outcome) {
    return (byte)
        switch (outcome) {
          case SUCCESS -> 's';
          case TRUNCATED -> 't';
          case REFUSED -> 'r';
          case ERROR -> 'e';
          case CANCELLED -> 'c';
        };
  }

  private static @Nullable Outcome outcome(byte code) {
    return switch (code) {
      case 's' -> Outcome.SUCCESS;
      case 't' -> Outcome.TRUNCATED;
      case 'r' -> Outcome.REFUSED;
      case 'e' -> Outcome.ERROR;
      case 'c' -> Outcome.CANCELLED;
      default -> null;
    };
  }
}
