// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One file of the spool, and which of its events are still to be sent.
 *
 * <p>The file is the spool's alone; {@link #settle} is for every thread.
 */
final class SpoolSegment {

  /** Opens new files for writing. */
  @FunctionalInterface
  interface FileOpener {
    SeekableByteChannel create(Path file) throws IOException;
  }

  private final Path file;
  private long bytes;
  private @Nullable SeekableByteChannel channel;

  // By every thread, under the object's lock.
  private final Map<Outcome, Long> left = new EnumMap<>(Outcome.class);
  private final Map<Outcome, Long> toldDrops = new EnumMap<>(Outcome.class);
  private final BitSet settledOffsets = new BitSet();
  private final BitSet notedOffsets = new BitSet();

  private SpoolSegment(Path file) {
    this.file = file;
  }

  /** Makes a segment to append to. */
  static SpoolSegment create(Path file, FileOpener opener) throws IOException {
    SpoolSegment segment = new SpoolSegment(file);
    SeekableByteChannel channel = opener.create(file);
    segment.channel = channel;
    try {
      segment.write(channel, SegmentFormat.header());
    } catch (IOException | RuntimeException e) {
      segment.close();
      Files.deleteIfExists(file);
      throw e;
    }
    return segment;
  }

  /**
   * Reads the segment of an earlier process once through.
   *
   * @param damaged gets what cannot be read, as {@link SegmentReader#damaged} tells it
   * @return null when the file is none of this version's segments
   */
  static @Nullable SpoolSegment adopt(Path file, Map<Outcome, Long> damaged) throws IOException {
    byte[] content = Files.readAllBytes(file);
    if (!SegmentFormat.hasHeader(content)) {
      return null;
    }
    SpoolSegment segment = new SpoolSegment(file);
    segment.bytes = content.length;
    SegmentReader reader = new SegmentReader(content);
    for (EncodedEvent event = reader.next(); event != null; event = reader.next()) {
      segment.add(event);
    }
    reader.damaged().forEach((outcome, count) -> damaged.merge(outcome, count, Long::sum));
    return segment;
  }

  /**
   * Appends an event.
   *
   * @param settles as in {@link Spool#append}
   * @throws IOException when it is not in the file; what is in it already stays whole
   */
  void append(EncodedEvent event, BooleanSupplier settles) throws IOException {
    SeekableByteChannel to = channel;
    if (to == null) {
      throw new IOException("closed: " + file);
    }
    long before = bytes;
    write(to, SegmentFormat.encode(event));
    if (settles.getAsBoolean()) {
      add(event);
    } else {
      bytes = before;
      close(); // and cut it off
    }
  }

  private void write(SeekableByteChannel to, ByteBuffer content) throws IOException {
    int length = content.remaining();
    try {
      while (content.hasRemaining()) {
        to.write(content);
      }
    } catch (IOException | RuntimeException e) {
      close(); // and cut off what was written of this record
      throw e;
    }
    bytes += length;
  }

  private synchronized void add(EncodedEvent event) {
    left.merge(event.outcome(), 1L, Long::sum);
    event.toldDrops().forEach((outcome, count) -> toldDrops.merge(outcome, count, Long::sum));
  }

  /** Ends appending. Leaves the file without a torn record, as far as the disk lets it. */
  void close() {
    SeekableByteChannel closed = channel;
    channel = null;
    if (closed == null) {
      return;
    }
    try (closed) {
      if (closed.isOpen() && closed.size() > bytes) {
        closed.truncate(bytes);
      } else if (!closed.isOpen()) {
        // An interrupt closed it within a write.
        try (FileChannel again = FileChannel.open(file, StandardOpenOption.WRITE)) {
          again.truncate(bytes);
        }
      }
    } catch (IOException | RuntimeException e) {
      // Whoever reads it finds the torn record and skips it.
    }
  }

  boolean isOpen() {
    return channel != null;
  }

  /** Reads the file as it is now. */
  SegmentReader read() throws IOException {
    return new SegmentReader(Files.readAllBytes(file));
  }

  /** An event of this segment was sent, or dropped. */
  synchronized void settle(int offset, EncodedEvent event) {
    settledOffsets.set(offset);
    left.computeIfPresent(event.outcome(), (outcome, count) -> count - 1);
    event
        .toldDrops()
        .forEach((told, count) -> toldDrops.computeIfPresent(told, (o, sum) -> sum - count));
  }

  synchronized boolean isSettled(int offset) {
    return settledOffsets.get(offset);
  }

  /** Marks the settled events in the file, so that who reads it later skips them. */
  void noteSettled() throws IOException {
    BitSet unnoted = unnoted();
    if (unnoted.isEmpty()) {
      return;
    }
    try (SeekableByteChannel marked =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE))) {
      for (int offset = unnoted.nextSetBit(0);
          offset >= 0;
          offset = unnoted.nextSetBit(offset + 1)) {
        SegmentFormat.markSettled(marked, offset);
        noted(offset);
      }
    }
  }

  private synchronized BitSet unnoted() {
    BitSet unnoted = (BitSet) settledOffsets.clone();
    unnoted.andNot(notedOffsets);
    return unnoted;
  }

  private synchronized void noted(int offset) {
    notedOffsets.set(offset);
  }

  /** How many events are still to be sent, by outcome. */
  synchronized Map<Outcome, Long> left() {
    return new EnumMap<>(left);
  }

  /** The losses that the events still to be sent tell of. */
  synchronized Map<Outcome, Long> toldDrops() {
    return new EnumMap<>(toldDrops);
  }

  /** How many events are still to be sent. */
  long count() {
    return left().values().stream().mapToLong(Long::longValue).sum();
  }

  /** The length of the file. */
  long bytes() {
    return bytes;
  }

  Path file() {
    return file;
  }
}
