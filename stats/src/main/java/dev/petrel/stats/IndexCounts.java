// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts by whole number, for some numbers out of many. Not thread-safe.
 *
 * <p>Few or scattered numbers are sorted parallel arrays of 12 bytes an entry, and none at all
 * while empty; many close ones are an array over their range, where adding is one store.
 */
final class IndexCounts {
  /*
   * A range of up to four slots a number takes at most 32 bytes a number. It goes back to sorted
   * arrays only where it would take twice as much, so that none is turned over and over.
   */

  private static final int MIN_RANGE_SIZE = 16;
  private static final int MAX_SLOTS_PER_NUMBER = 4;

  private static final int[] NO_INDEXES = {};
  private static final long[] NO_COUNTS = {};

  /** The numbers, ascending; null while {@link #counts} is a range. */
  private int @Nullable [] indexes = NO_INDEXES;

  /** The count of each entry of {@link #indexes}, or of each number from {@link #base} on. */
  private long[] counts = NO_COUNTS;

  private int base;

  /** How many numbers have a count. */
  private int size;

  private long total;

  void add(int index, long count) {
    total += count;
    int[] sorted = indexes;
    if (sorted == null) {
      addToRange(index, count);
    } else {
      addToSorted(sorted, index, count);
    }
  }

  private void addToSorted(int[] sorted, int index, long count) {
    // Neighbours come together: the end is the likeliest place of a merged or decoded entry.
    int position =
        size == 0 || sorted[size - 1] < index
            ? -size - 1
            : Arrays.binarySearch(sorted, 0, size, index);
    if (position >= 0) {
      counts[position] += count;
      return;
    }
    int insertAt = -position - 1;
    if (size == sorted.length) {
      int capacity = Math.max(4, size * 2);
      sorted = Arrays.copyOf(sorted, capacity);
      counts = Arrays.copyOf(counts, capacity);
      indexes = sorted;
    }
    System.arraycopy(sorted, insertAt, sorted, insertAt + 1, size - insertAt);
    System.arraycopy(counts, insertAt, counts, insertAt + 1, size - insertAt);
    sorted[insertAt] = index;
    counts[insertAt] = count;
    size++;
    if (size >= MIN_RANGE_SIZE) {
      long range = (long) sorted[size - 1] - sorted[0] + 1;
      if (range <= (long) MAX_SLOTS_PER_NUMBER * size) {
        toRange(sorted, (int) range);
      }
    }
  }

  private void toRange(int[] sorted, int range) {
    long[] slots = new long[range];
    for (int i = 0; i < size; i++) {
      slots[sorted[i] - sorted[0]] = counts[i];
    }
    base = sorted[0];
    counts = slots;
    indexes = null;
  }

  private void addToRange(int index, long count) {
    long slot = (long) index - base;
    if (slot < 0 || slot >= counts.length) {
      if (!widen(index)) {
        addToSorted(toSorted(), index, count);
        return;
      }
      slot = (long) index - base;
    }
    long before = counts[(int) slot];
    counts[(int) slot] = before + count;
    if (before == 0) {
      size++;
    }
  }

  /** Makes the range hold a number, with room for more; false when it would be too wide. */
  private boolean widen(int index) {
    long from = Math.min(base, (long) index);
    long to = Math.max((long) base + counts.length, (long) index + 1);
    if (to - from > 2L * MAX_SLOTS_PER_NUMBER * size) {
      return false;
    }
    int room = (int) (to - from) / 4;
    long first = index < base ? Math.max(from - room, Integer.MIN_VALUE) : from;
    long end = index < base ? to : Math.min(to + room, Integer.MAX_VALUE);
    long[] slots = new long[(int) (end - first)];
    System.arraycopy(counts, 0, slots, (int) (base - first), counts.length);
    base = (int) first;
    counts = slots;
    return true;
  }

  private int[] toSorted() {
    int[] sorted = new int[size + 4];
    long[] kept = new long[size + 4];
    int next = 0;
    for (int slot = 0; slot < counts.length; slot++) {
      if (counts[slot] != 0) {
        sorted[next] = base + slot;
        kept[next++] = counts[slot];
      }
    }
    size = next;
    indexes = sorted;
    counts = kept;
    return sorted;
  }

  void merge(IndexCounts other) {
    if (size == 0) {
      indexes = other.indexes == null ? null : Arrays.copyOf(other.indexes, other.size);
      counts =
          other.indexes == null ? other.counts.clone() : Arrays.copyOf(other.counts, other.size);
      base = other.base;
      size = other.size;
      total = other.total;
      return;
    }
    for (int position = 0; position < other.positions(); position++) {
      if (other.count(position) != 0) {
        add(other.index(position), other.count(position));
      }
    }
  }

  /** Takes off counts that were added before; what becomes 0 is gone. */
  void subtract(IndexCounts part) {
    for (int position = 0; position < part.positions(); position++) {
      if (part.count(position) != 0) {
        add(part.index(position), -part.count(position));
      }
    }
    int[] sorted = indexes == null ? toSorted() : indexes;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (counts[i] != 0) {
        sorted[kept] = sorted[i];
        counts[kept++] = counts[i];
      }
    }
    size = kept;
  }

  /** How many positions there are: numbers in ascending order, some of which may have count 0. */
  int positions() {
    return indexes == null ? counts.length : size;
  }

  /** The number at a position. */
  int index(int position) {
    return indexes == null ? base + position : indexes[position];
  }

  /** The count of the number at a position. */
  long count(int position) {
    return counts[position];
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
    for (int position = 0; position < positions(); position++) {
      if (count(position) != 0) {
        Varints.put(out, Varints.zigzag(index(position) - (long) previous));
        Varints.put(out, count(position));
        previous = index(position);
      }
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
