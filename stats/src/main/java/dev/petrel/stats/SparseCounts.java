// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Counts by whole number, for few numbers out of many: sorted parallel arrays of 12 bytes an entry,
 * and none at all while empty. Not thread-safe.
 */
final class SparseCounts {

  private static final int[] NO_INDEXES = {};
  private static final long[] NO_COUNTS = {};

  private int[] indexes = NO_INDEXES;
  private long[] counts = NO_COUNTS;
  private int size;
  private long total;

  void add(int index, long count) {
    total += count;
    // Neighbours come together: the end is the likeliest place of a merged or decoded entry.
    int position =
        size == 0 || indexes[size - 1] < index
            ? -size - 1
            : Arrays.binarySearch(indexes, 0, size, index);
    if (position >= 0) {
      counts[position] += count;
      return;
    }
    int insertAt = -position - 1;
    if (size == indexes.length) {
      int capacity = Math.max(4, size * 2);
      indexes = Arrays.copyOf(indexes, capacity);
      counts = Arrays.copyOf(counts, capacity);
    }
    System.arraycopy(indexes, insertAt, indexes, insertAt + 1, size - insertAt);
    System.arraycopy(counts, insertAt, counts, insertAt + 1, size - insertAt);
    indexes[insertAt] = index;
    counts[insertAt] = count;
    size++;
  }

  void merge(SparseCounts other) {
    for (int i = 0; i < other.size; i++) {
      add(other.indexes[i], other.counts[i]);
    }
  }

  /** Takes off counts that were added before; what becomes 0 is gone. */
  void subtract(SparseCounts part) {
    for (int i = 0; i < part.size; i++) {
      add(part.indexes[i], -part.counts[i]);
    }
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (counts[i] != 0) {
        indexes[kept] = indexes[i];
        counts[kept++] = counts[i];
      }
    }
    size = kept;
  }

  /** How many different numbers have a count. */
  int size() {
    return size;
  }

  /** The {@code i}-th number in ascending order. */
  int index(int i) {
    return indexes[i];
  }

  /** The count of {@link #index}. */
  long count(int i) {
    return counts[i];
  }

  /** The sum of all counts. */
  long total() {
    return total;
  }

  int encodedSizeBound() {
    return Varints.MAX_BYTES + size * 2 * Varints.MAX_BYTES;
  }

  void encode(ByteBuffer out) {
    Varints.put(out, size);
    int previous = 0;
    for (int i = 0; i < size; i++) {
      Varints.put(out, Varints.zigzag(indexes[i] - (long) previous));
      Varints.put(out, counts[i]);
      previous = indexes[i];
    }
  }

  /** Adds what {@link #encode} wrote. */
  void merge(ByteBuffer in) {
    int entries = Math.toIntExact(Varints.get(in));
    if (entries < 0 || entries > in.remaining()) {
      throw new IllegalArgumentException(entries + " counts in fewer bytes");
    }
    if (size == 0 && entries > 0) {
      indexes = new int[entries];
      counts = new long[entries];
    }
    int index = 0;
    for (int i = 0; i < entries; i++) {
      index += Math.toIntExact(Varints.unzigzag(Varints.get(in)));
      add(index, Varints.get(in));
    }
  }
}
