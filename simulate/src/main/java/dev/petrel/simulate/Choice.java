// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Options that are chosen by weight. Immutable.
 *
 * @param <T> what is chosen
 */
final class Choice<T> {

  private final List<T> options;
  private final double[] upTo;

  Choice(List<T> options, ToDoubleFunction<? super T> weight) {
    this.options = List.copyOf(options);
    this.upTo = new double[options.size()];
    double sum = 0;
    for (int i = 0; i < upTo.length; i++) {
      sum += weight.applyAsDouble(options.get(i));
      upTo[i] = sum;
    }
  }

  T next(RandomGenerator random) {
    double place = random.nextDouble() * upTo[upTo.length - 1];
    int i = 0;
    while (place >= upTo[i]) {
      i++;
    }
    return options.get(i);
  }
}
