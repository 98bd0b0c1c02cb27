// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import java.util.Arrays;
import java.util.List;

/**
 * When retries started within their minutes, by quarter seconds: their variance by their mean, and
 * over several minutes the mean of that, each minute as often as it has retries.
 */
final class RetryTimes {

  private static final int QUARTERS = 240;

  /** Of one minute; null where there is none, and where these are of several minutes. */
  private int[] starts;

  private double weightedSum;
  private long retriesOfMinutes;

  /** Adds a retry of the one minute. */
  void add(long timestamp) {
    if (starts == null) {
      starts = new int[QUARTERS];
    }
    starts[(int) (timestamp % 60_000 / 250)]++;
  }

  /** Adds a whole minute, or several. */
  void addMinutes(RetryTimes other) {
    long retries = other.retries();
    if (retries > 0) {
      weightedSum += retries * other.synchrony();
      retriesOfMinutes += retries;
    }
  }

  private long retries() {
    return starts == null ? retriesOfMinutes : Arrays.stream(starts).asLongStream().sum();
  }

  private double synchrony() {
    if (starts == null) {
      return retriesOfMinutes == 0 ? Double.NaN : weightedSum / retriesOfMinutes;
    }
    double mean = (double) retries() / QUARTERS;
    double variance =
        Arrays.stream(starts).mapToDouble(n -> (n - mean) * (n - mean)).sum() / QUARTERS;
    return variance / mean;
  }

  void compare(double synchrony, List<String> differences) {
    double exact = synchrony();
    if (Double.isNaN(exact)
        ? !Double.isNaN(synchrony)
        : !(Math.abs(synchrony - exact) < 1e-6 * exact)) {
      differences.add("synchrony is %s, not %s".formatted(synchrony, exact));
    }
  }
}
