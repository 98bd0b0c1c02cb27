// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Counts by whole number, for some numbers out of many. Not thread-safe. */
final class IndexCounts {

  /** How they are kept: each form is the cheapest one for some sizes. */
  private enum Form {
    /** The first few, in the order of their coming, 4 bytes each: adding is one store. */
    LIST,
    /** Ascending numbers and their counts, 12 bytes a number: for scattered ones. */
    SORTED,
    /** The counts of all numbers from a base on: for close ones, where adding is one store too. */
    RANGE
  }

  private static final int MAX_LISTED = 16;

  /*
   * A range of up to four slots a number takes at most 32 bytes a number. It goes back to sorted
   * arrays only where it would take twice as much, so that none is turned over and over.
   */
  private static final int MIN_RANGE_SIZE = 16;
  private static final int MAX_SLOTS_PER_NUMBER = 4;

  private static final int[] NO_INDEXES = {};
  private static final long[] NO_COUNTS = {};

  private Form form = Form.LIST;

  /** The numbers of a list, with repetitions, or ascending ones. */
  private int[] indexes = NO_INDEXES;

  /** The count of each of the ascending numbers, or of each number from {@link #base} on. */
  private long[] counts = NO_COUNTS;

  private int base;

  /** How many entries of a list, or numbers with a count, there are. */
  private int size;

  private long total;

  void add(int index, long count) {
    total += count;
    if (form == Form.LIST) {
      if (count == 1 && size < MAX_LISTED) {
        addToList(index);
        return;
      }
      sort();
    }
    if (form == Form.RANGE) {
      addToRange(index, count);
    } else {
      addToSorted(index, count);
    }
  }

  private void addToList(int index) {
    if (size == indexes.length) {
      indexes = Arrays.copyOf(indexes, Math.max(4, 2 * size));
    }
    indexes[size++] = index;
  }

  /** Turns a list into ascending numbers. */
  private void sort() {
    Arrays.sort(indexes, 0, size);
    counts = new long[indexes.length];
    int last = -1;
    for (int i = 0; i < size; i++) {
      if (last < 0 || indexes[last] != indexes[i]) {
        indexes[++last] = indexes[i];
      }
      counts[last]++;
    }
    size = last + 1;
    form = Form.SORTED;
  }

  private void addToSorted(int index, long count) {
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
    if (size >= MIN_RANGE_SIZE) {
      long range = (long) indexes[size - 1] - indexes[0] + 1;
      if (range <= (long) MAX_SLOTS_PER_NUMBER * size) {
        spread((int) range);
      }
    }
  }

  /** Turns ascending numbers into a range. */
  private void spread(int range) {
    long[] slots = new long[range];
    base = indexes[0];
    for (int i = 0; i < size; i++) {
      slots[indexes[i] - base] = counts[i];
    }
    counts = slots;
    indexes = NO_INDEXES;
    form = Form.RANGE;
  }

  private void addToRange(int index, long count) {
    long slot = (long) index - base;
    if (slot < 0 || slot >= counts.length) {
      if (!widen(index)) {
        gather();
        addToSorted(index, count);
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
    int room = (int) (to - from) / 2;
    long first = index < base ? Math.max(from - room, Integer.MIN_VALUE) : from;
    long end = index < base ? to : Math.min(to + room, Integer.MAX_VALUE);
    long[] slots = new long[(int) (end - first)];
    System.arraycopy(counts, 0, slots, (int) (base - first), counts.length);
    base = (int) first;
    counts = slots;
    return true;
  }

  /** Turns a range into ascending numbers. */
  private void gather() {
    int[] numbers = new int[size + 4];
    long[] kept = new long[size + 4];
    size = 0;
    for (int slot = 0; slot < counts.length; slot++) {
      if (counts[slot] != 0) {
        numbers[size] = base + slot;
        kept[size++] = counts[slot];
      }
    }
    indexes = numbers;
    counts = kept;
    form = Form.SORTED;
  }

  void merge(IndexCounts other) {
    if (other.form == Form.LIST) {
      for (int i = 0; i < other.size; i++) {
        add(other.indexes[i], 1);
      }
    } else if (size == 0) {
      form = other.form;
      indexes = Arrays.copyOf(other.indexes, Math.min(other.indexes.length, other.size));
      counts = Arrays.copyOf(other.counts, other.positions());
      base = other.base;
      size = other.size;
      total = other.total;
    } else {
      for (int position = 0; position < other.positions(); position++) {
        if (other.count(position) != 0) {
          add(other.index(position), other.count(position));
        }
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
    if (form == Form.RANGE) {
      gather();
    } else if (form == Form.SORTED) {
      int kept = 0;
      for (int i = 0; i < size; i++) {
        if (counts[i] != 0) {
          indexes[kept] = indexes[i];
          counts[kept++] = counts[i];
        }
      }
      size = kept;
    }
  }

  /**
   * How many positions there are: numbers in ascending order, some of which may have count 0. They
   * hold until something is added or taken off.
   */
  int positions() {
    if (form == Form.LIST) {
      sort();
    }
    return form == Form.RANGE ? counts.length : size;
  }

  /** The number at a position. */
  int index(int position) {
    return form == Form.RANGE ? base + position : indexes[position];
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
    int positions = positions();
    Varints.put(out, size);
    int previous = 0;
    for (int position = 0; position < positions; position++) {
      long count = counts[position];
      if (count != 0) {
        int index = index(position);
        Varints.put(out, Varints.zigzag(index - (long) previous));
        Varints.put(out, count);
        previous = index;
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
      form = Form.SORTED;
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
