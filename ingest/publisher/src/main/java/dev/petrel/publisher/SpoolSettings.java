// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.publisher.SpoolSegment.FileOpener;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * Where a publisher's spool is and how much it may hold.
 *
 * @param directory of all publishers of this topic; each uses a numbered one below it
 * @param maxBytes the most that one publisher's segments take
 */
record SpoolSettings(Path directory, long maxBytes, FileOpener opener) {
  private static final long MAX_SEGMENT_BYTES = 4L * 1024 * 1024;

  /**
   * The length after which a segment takes no more: what is lost at a time when the spool is full.
   */
  long segmentBytes() {
    return Math.min(MAX_SEGMENT_BYTES, maxBytes / 8);
  }

  /** Whether an event is small enough; one may take half the spool. */
  boolean fits(EncodedEvent event) {
    return SegmentFormat.recordBytes(event) <= maxBytes / 2;
  }

  static SeekableByteChannel createFile(Path file) throws IOException {
    return Files.newByteChannel(
        file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
  }
}
