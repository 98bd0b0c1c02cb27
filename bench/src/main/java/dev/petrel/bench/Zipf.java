// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Numbers from 0 on, the n-th with a probability proportional to 1/(n+1). Immutable. */
final class Zipf {

  private final double[] cumulated;

  Zipf(int size) {
    cumulated = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += 1.0 / (i + 1);
      cumulated[i] = sum;
    }
  }

  int next(RandomGenerator random) {
    double at = random.nextDouble() * cumulated[cumulated.length - 1];
    int found = Arrays.binarySearch(cumulated, at);
    return found >= 0 ? found : Math.min(-found - 1, cumulated.length - 1);
  }
}
