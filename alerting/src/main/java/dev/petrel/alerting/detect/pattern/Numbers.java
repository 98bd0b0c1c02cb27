// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.pattern;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Statistics of small series. */
final class Numbers {

  private Numbers() {}

  /** The median of the numbers that are known; NaN without any. */
  static double median(double[] numbers) {
    double[] known = DoubleStream.of(numbers).filter(number -> !Double.isNaN(number)).toArray();
    if (known.length == 0) {
      return Double.NaN;
    }
    Arrays.sort(known);
    int middle = known.length / 2;
    return known.length % 2 == 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
  }

  /**
   * A straight line through points, robust against outliers.
   *
   * @param slope the median of the slopes between all pairs (Theil 1950, Sen 1968)
   * @param last where the line is at the last point
   * @param rise how much it rises from the first point to the last
   * @param significance Mann's and Kendall's z: 0 for no trend, above 3 for one that chance makes
   *     once in a thousand
   */
  record Trend(double slope, double last, double rise, double significance) {}

  /** The trend of {@code y} over {@code x}, which ascends; at least two points. */
  static Trend trend(double[] x, double[] y) {
    int n = x.length;
    double[] slopes = new double[n * (n - 1) / 2];
    int pairs = 0;
    int signs = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i + 1; j < n; j++) {
        slopes[pairs++] = (y[j] - y[i]) / (x[j] - x[i]);
        signs += Double.compare(y[j], y[i]);
      }
    }
    double slope = median(slopes);
    double[] offsets = new double[n];
    for (int i = 0; i < n; i++) {
      offsets[i] = y[i] - slope * x[i];
    }
    double last = median(offsets) + slope * x[n - 1];
    double deviation = Math.sqrt(n * (n - 1.0) * (2.0 * n + 5) / 18);
    double z = signs == 0 ? 0 : (signs - Math.signum(signs)) / deviation;
    return new Trend(slope, last, slope * (x[n - 1] - x[0]), z);
  }
}
