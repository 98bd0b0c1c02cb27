// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.util.Arrays;

/**
 * The exact latency counts that heat maps are drawn from.
 *
 * <p>The bounds are those that the OpenTelemetry GenAI conventions advise for {@code
 * gen_ai.client.operation.duration} (0.01 s doubling to 81.92 s), and three more, as the default
 * timeout of the OpenAI clients is 600 s. A superset, so counts of both can be merged.
 */
public final class LatencyBuckets {

  private static final double[] UPPER_BOUNDS_MS = new double[17];

  static {
    double bound = 10;
    for (int i = 0; i < UPPER_BOUNDS_MS.length; i++) {
      UPPER_BOUNDS_MS[i] = bound;
      bound *= 2;
    }
  }

  private LatencyBuckets() {}

  /** How many buckets there are; the last one has no upper bound. */
  public static int size() {
    return UPPER_BOUNDS_MS.length + 1;
  }

  /** The bucket of a latency in ms; upper bounds are inclusive. */
  static int indexOf(double millis) {
    int position = Arrays.binarySearch(UPPER_BOUNDS_MS, millis);
    return position >= 0 ? position : -position - 1;
  }

  /** The name of a bucket in documents: {@code le_10} … {@code le_655360}, {@code le_inf}. */
  public static String nameOf(int index) {
    return index == UPPER_BOUNDS_MS.length ? "le_inf" : "le_" + (long) UPPER_BOUNDS_MS[index];
  }
}
