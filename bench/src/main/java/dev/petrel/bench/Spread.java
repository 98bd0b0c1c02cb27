// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.util.Arrays;
import java.util.Collection;

/**
 * The median of some numbers, and the outermost ones.
 *
 * @param median the middle one, or the mean of the two middle ones
 * @param min the smallest
 * @param max the largest
 */
public record Spread(double median, double min, double max) {

  /** That of some numbers; there must be one at least. */
  public static Spread of(Collection<Double> numbers) {
    double[] sorted = numbers.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no numbers");
    }
    double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    return new Spread(median, sorted[0], Arrays.stream(sorted).max().orElseThrow());
  }
}
