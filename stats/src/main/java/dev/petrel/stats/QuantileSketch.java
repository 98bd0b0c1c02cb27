// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A mergeable summary of non-negative numbers that answers any quantile within a relative error of
 * {@value #RELATIVE_ACCURACY}: if the nearest-rank quantile is 100, the answer lies between 99.25
 * and 100.75.
 *
 * <p>Merging any number of sketches in any order gives the same sketch as adding all their numbers
 * to one. Not thread-safe.
 */
public final class QuantileSketch {
  /*
   * A DDSketch (Masson, Rim, Lee: "DDSketch: a fast and fully-mergeable quantile sketch with
   * relative-error guarantees", PVLDB 12(12), 2019) with logarithmic mapping and without collapsing:
   * number x falls into bucket ceil(log_gamma(x)), gamma = (1 + a) / (1 - a), and every number of a
   * bucket is within a of 2 gamma^i / (gamma + 1). Numbers below MIN_POSITIVE count as zero.
   *
   * Numbers between 0.001 and 10^9 fill at most 1,842 buckets, and an aggregate of a minute holds
   * few of them: sorted parallel arrays of bucket index and count take 12 bytes a bucket and merge
   * by one walk. The accuracy is a constant, as sketches of different ones do not merge; 0.0075
   * leaves room below the promised 1 % for the rounding of shown values.
   */

  /** The largest relative error of a quantile. */
  public static final double RELATIVE_ACCURACY = 0.0075;

  private static final double GAMMA = (1 + RELATIVE_ACCURACY) / (1 - RELATIVE_ACCURACY);
  private static final double INVERSE_LOG_GAMMA = 1 / Math.log(GAMMA);

  /** Below a thousandth of a millisecond or of a token nothing is told apart from zero. */
  private static final double MIN_POSITIVE = 0.001;

  private int[] indexes = new int[8];
  private long[] counts = new long[8];
  private int size;
  private long zeros;
  private long total;
  private double sum;
  private double max;

  /**
   * Adds a number.
   *
   * @throws IllegalArgumentException when {@code value} is negative or not finite
   */
  public void add(double value) {
    if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("value: was " + value + ", must be finite and >= 0");
    }
    total++;
    sum += value;
    max = Math.max(max, value);
    if (value < MIN_POSITIVE) {
      zeros++;
    } else {
      addToBucket((int) Math.ceil(Math.log(value) * INVERSE_LOG_GAMMA), 1);
    }
  }

  /** Adds all numbers of {@code other}, which stays as it is. */
  public void merge(QuantileSketch other) {
    zeros += other.zeros;
    total += other.total;
    sum += other.sum;
    max = Math.max(max, other.max);
    for (int i = 0; i < other.size; i++) {
      addToBucket(other.indexes[i], other.counts[i]);
    }
  }

  private void addToBucket(int index, long count) {
    int position = Arrays.binarySearch(indexes, 0, size, index);
    if (position >= 0) {
      counts[position] += count;
      return;
    }
    int insertAt = -position - 1;
    if (size == indexes.length) {
      indexes = Arrays.copyOf(indexes, size * 2);
      counts = Arrays.copyOf(counts, size * 2);
    }
    System.arraycopy(indexes, insertAt, indexes, insertAt + 1, size - insertAt);
    System.arraycopy(counts, insertAt, counts, insertAt + 1, size - insertAt);
    indexes[insertAt] = index;
    counts[insertAt] = count;
    size++;
  }

  /** How many numbers were added. */
  public long count() {
    return total;
  }

  /** The sum of the numbers, exact up to double rounding. */
  public double sum() {
    return sum;
  }

  /** The largest number, exact; 0 when there is none. */
  public double max() {
    return max;
  }

  /**
   * The nearest-rank quantile: the smallest number that at least {@code q} of all are not above.
   *
   * @param q between 0 and 1
   * @return within {@link #RELATIVE_ACCURACY} of it; NaN when the sketch is empty
   */
  public double quantile(double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("q: was " + q + ", must be between 0 and 1");
    }
    if (total == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, (long) Math.ceil(q * total));
    long below = zeros;
    if (rank <= below) {
      return 0;
    }
    for (int i = 0; i < size; i++) {
      below += counts[i];
      if (rank <= below) {
        return Math.min(max, 2 * Math.pow(GAMMA, indexes[i]) / (GAMMA + 1));
      }
    }
    return max;
  }

  int encodedSizeBound() {
    return 3 * Varints.MAX_BYTES + 2 * Double.BYTES + size * 2 * Varints.MAX_BYTES;
  }

  void encode(ByteBuffer out) {
    Varints.put(out, zeros);
    Varints.put(out, size);
    int previous = 0;
    for (int i = 0; i < size; i++) {
      Varints.put(out, Varints.zigzag(indexes[i] - (long) previous));
      Varints.put(out, counts[i]);
      previous = indexes[i];
    }
    out.putDouble(sum);
    out.putDouble(max);
  }

  static QuantileSketch decode(ByteBuffer in) {
    QuantileSketch sketch = new QuantileSketch();
    sketch.zeros = Varints.get(in);
    sketch.total = sketch.zeros;
    int size = Math.toIntExact(Varints.get(in));
    if (size < 0 || size > in.remaining()) {
      throw new IllegalArgumentException("sketch of " + size + " buckets in fewer bytes");
    }
    sketch.indexes = new int[Math.max(8, size)];
    sketch.counts = new long[Math.max(8, size)];
    int previous = 0;
    for (int i = 0; i < size; i++) {
      previous += Math.toIntExact(Varints.unzigzag(Varints.get(in)));
      sketch.indexes[i] = previous;
      sketch.counts[i] = Varints.get(in);
      sketch.total += sketch.counts[i];
    }
    sketch.size = size;
    sketch.sum = in.getDouble();
    sketch.max = in.getDouble();
    return sketch;
  }
}
