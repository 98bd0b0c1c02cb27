// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The names with the highest counts, mergeable and bounded: exact up to {@value #CAPACITY}
 * different names, beyond that each count is at most {@link #missed()} too low, and no name above
 * that bound is missing. Not thread-safe.
 */
public final class TopCounts {
  /*
   * A Misra-Gries summary, merged as in Agarwal et al., "Mergeable summaries", PODS 2012: when more
   * names than fit have a count, the largest count that does not fit is taken off all of them. With
   * k kept names that is at most n / (k + 1) in total, however the summaries are merged.
   */

  /** How many names are kept. */
  public static final int CAPACITY = 32;

  /**
   * A name and its count.
   *
   * @param name whom the count belongs to
   * @param count at least this many
   */
  public record Entry(String name, long count) {}

  private String[] names = {};
  private long[] counts = {};
  private int size;
  private long missed;

  void add(String name, long count) {
    put(name, count);
    prune();
  }

  void merge(TopCounts other) {
    missed += other.missed;
    for (int i = 0; i < other.size; i++) {
      put(other.names[i], other.counts[i]);
    }
    prune();
  }

  private void put(String name, long count) {
    int position = Arrays.binarySearch(names, 0, size, name);
    if (position >= 0) {
      counts[position] += count;
      return;
    }
    int insertAt = -position - 1;
    if (size == names.length) {
      int capacity = Math.max(2, size * 2);
      names = Arrays.copyOf(names, capacity);
      counts = Arrays.copyOf(counts, capacity);
    }
    System.arraycopy(names, insertAt, names, insertAt + 1, size - insertAt);
    System.arraycopy(counts, insertAt, counts, insertAt + 1, size - insertAt);
    names[insertAt] = name;
    counts[insertAt] = count;
    size++;
  }

  private void prune() {
    if (size <= CAPACITY) {
      return;
    }
    long[] ascending = Arrays.copyOf(counts, size);
    Arrays.sort(ascending);
    long tooMuch = ascending[size - CAPACITY - 1];
    missed += tooMuch;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (counts[i] > tooMuch) {
        names[kept] = names[i];
        counts[kept] = counts[i] - tooMuch;
        kept++;
      }
    }
    size = kept;
  }

  /** The largest possible undercount of any name; 0 means that all counts are exact. */
  public long missed() {
    return missed;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** The {@code limit} highest counts, highest first, equal ones by name. */
  public List<Entry> highest(int limit) {
    List<Entry> entries = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      entries.add(new Entry(names[i], counts[i]));
    }
    entries.sort(Comparator.comparingLong(Entry::count).reversed().thenComparing(Entry::name));
    return List.copyOf(entries.subList(0, Math.min(limit, size)));
  }

  int encodedSizeBound() {
    int bytes = 2 * Varints.MAX_BYTES;
    for (int i = 0; i < size; i++) {
      bytes += 2 * Varints.MAX_BYTES + 3 * names[i].length();
    }
    return bytes;
  }

  void encode(ByteBuffer out) {
    Varints.put(out, missed);
    Varints.put(out, size);
    for (int i = 0; i < size; i++) {
      Varints.putText(out, names[i].getBytes(StandardCharsets.UTF_8));
      Varints.put(out, counts[i]);
    }
  }

  void merge(ByteBuffer in) {
    missed += Varints.get(in);
    for (long left = Varints.get(in); left > 0; left--) {
      String name = Varints.getText(in);
      put(name, Varints.get(in));
    }
    prune();
  }
}
