// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.QuantileSketch;
import java.util.Arrays;
import java.util.List;

/** All the numbers that a sketch summarizes, as they are. */
final class Numbers {

  /** What the product promises of a percentile. */
  private static final double RELATIVE_ERROR = 0.01;

  /** Below, the product tells nothing from zero. */
  private static final double SMALLEST = 0.001;

  private static final double[] QUANTILES = {0, 0.1, 0.5, 0.9, 0.95, 0.99, 1};

  /** Single precision, for the room: it is a hundred thousand times finer than what is promised. */
  private float[] numbers = {};

  private int count;
  private double max;

  void add(double number) {
    reserve(1);
    numbers[count++] = (float) number;
    max = Math.max(max, number);
  }

  void addAll(Numbers other) {
    reserve(other.count);
    System.arraycopy(other.numbers, 0, numbers, count, other.count);
    count += other.count;
    max = Math.max(max, other.max);
  }

  private void reserve(int more) {
    if (count + more > numbers.length) {
      numbers = Arrays.copyOf(numbers, count + more + count / 2);
    }
  }

  /** Adds to {@code differences} in what {@code sketch} is not about these numbers. */
  void compare(String name, QuantileSketch sketch, List<String> differences) {
    if (sketch.count() != count) {
      differences.add("%d numbers in %s, not %d".formatted(sketch.count(), name, count));
      return;
    }
    if (sketch.max() != max) {
      differences.add("%s with maximum %s, not %s".formatted(name, sketch.max(), max));
    }
    if (count == 0) {
      return;
    }
    Arrays.sort(numbers, 0, count);
    for (double q : QUANTILES) {
      double exact = numbers[Math.max(1, (int) Math.ceil(q * count)) - 1];
      double allowed = exact <= SMALLEST ? SMALLEST : RELATIVE_ERROR * exact;
      if (!(Math.abs(sketch.quantile(q) - exact) <= allowed)) {
        differences.add(
            "%s's quantile %s is %s, not %s".formatted(name, q, sketch.quantile(q), exact));
      }
    }
  }
}
