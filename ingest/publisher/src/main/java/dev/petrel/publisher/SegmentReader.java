// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.Outcome;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of a segment one after the other, but for those marked as settled. What is torn
 * or damaged is skipped up to the next sound record, and each such stretch counts as one event: how
 * many it was cannot be known.
 *
 * <p>Not thread-safe.
 */
final class SegmentReader {
  private final byte[] bytes;
  private final Map<Outcome, Long> damaged = new EnumMap<>(Outcome.class);
  private int offset;
  private int nextOffset;

  /** Reads these bytes, which begin with a header, or a piece of one. */
  SegmentReader(byte[] bytes) {
    this.bytes = bytes;
    this.nextOffset = SegmentFormat.HEADER_BYTES;
  }

  /** The next event, null at the end. */
  @Nullable EncodedEvent next() {
    boolean inDamage = false;
    for (int at = nextOffset; at < bytes.length; at++) {
      int end = SegmentFormat.endOfRecord(bytes, at);
      if (end >= 0 && SegmentFormat.isSettled(bytes, at, end)) {
        at = end - 1;
        inDamage = false;
        continue;
      }
      EncodedEvent event = end < 0 ? null : SegmentFormat.decode(bytes, at, end);
      if (event != null) {
        offset = at;
        nextOffset = end;
        return event;
      }
      if (!inDamage) {
        inDamage = true;
        damaged.merge(SegmentFormat.outcomeOfDamaged(bytes, at), 1L, Long::sum);
      }
    }
    nextOffset = bytes.length;
    return null;
  }

  /** Where the event begins that was read last: its name within the segment. */
  int offset() {
    return offset;
  }

  /** The damaged stretches so far, by what can be told of their outcome. */
  Map<Outcome, Long> damaged() {
    return damaged;
  }
}
