// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.nio.ByteBuffer;

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
   * few of them. The accuracy is a constant, as sketches of different ones do not merge; 0.0075
   * leaves room below the promised 1 % for the rounding of shown values.
   */

  /** The largest relative error of a quantile. */
  public static final double RELATIVE_ACCURACY = 0.0075;

  private static final double GAMMA = (1 + RELATIVE_ACCURACY) / (1 - RELATIVE_ACCURACY);
  private static final double INVERSE_LOG_GAMMA = 1 / Math.log(GAMMA);

  /** Below a thousandth of a millisecond or of a token nothing is told apart from zero. */
  private static final double MIN_POSITIVE = 0.001;

  private final IndexCounts buckets = new IndexCounts();
  private long zeros;
  private double max;

  /** A number with its bucket, which takes a logarithm to tell. */
  static final class Sample {
    private static final int ZERO = Integer.MIN_VALUE;

    private final double value;
    private final int bucket;

    /**
     * @throws IllegalArgumentException when {@code value} is negative or not finite
     */
    Sample(double value) {
      if (!(value >= 0) || value == Double.POSITIVE_INFINITY) {
        throw new IllegalArgumentException("value: was " + value + ", must be finite and >= 0");
      }
      this.value = value;
      this.bucket =
          value < MIN_POSITIVE ? ZERO : (int) Math.ceil(Math.log(value) * INVERSE_LOG_GAMMA);
    }
  }

  /**
   * Adds a number.
   *
   * @throws IllegalArgumentException when {@code value} is negative or not finite
   */
  public void add(double value) {
    add(new Sample(value));
  }

  void add(Sample sample) {
    max = Math.max(max, sample.value);
    if (sample.bucket == Sample.ZERO) {
      zeros++;
    } else {
      buckets.add(sample.bucket, 1);
    }
  }

  /** Adds all numbers of {@code other}, which stays as it is. */
  public void merge(QuantileSketch other) {
    zeros += other.zeros;
    max = Math.max(max, other.max);
    buckets.merge(other.buckets);
  }

  /** Takes off numbers that were added before; the maximum stays, and may be one of them. */
  void subtract(QuantileSketch part) {
    zeros -= part.zeros;
    buckets.subtract(part.buckets);
  }

  /** How many numbers were added. */
  public long count() {
    return zeros + buckets.total();
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
    if (count() == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, (long) Math.ceil(q * count()));
    long below = zeros;
    if (rank <= below) {
      return 0;
    }
    for (int i = 0; i < buckets.positions(); i++) {
      below += buckets.count(i);
      if (rank <= below) {
        return Math.min(max, 2 * Math.pow(GAMMA, buckets.index(i)) / (GAMMA + 1));
      }
    }
    return max;
  }

  int encodedSizeBound() {
    return Varints.MAX_BYTES + Double.BYTES + buckets.encodedSizeBound();
  }

  void encode(ByteBuffer out) {
    Varints.put(out, zeros);
    out.putDouble(max);
    buckets.encode(out);
  }

  /** Adds the numbers of a sketch that {@link #encode} wrote. */
  void merge(ByteBuffer in) {
    zeros += Varints.get(in);
    max = Math.max(max, in.getDouble());
    buckets.merge(in);
  }
}
