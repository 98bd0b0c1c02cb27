// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.Measures;
import java.util.ArrayDeque;
import java.util.function.IntSupplier;

/**
 * Empty measures for what is counted until the next send. Not thread-safe.
 *
 * <p>They live for seconds, about 1.5 kB each: too long for a young generation, which would copy
 * all of them several times, and too short for an old one. Used again and again, they are copied
 * once.
 */
final class MeasuresPool {

  private final ArrayDeque<Measures> free = new ArrayDeque<>();
  private final IntSupplier capacity;

  /**
   * @param capacity how many are kept at most, asked again and again
   */
  MeasuresPool(IntSupplier capacity) {
    this.capacity = capacity;
  }

  /** Measures of no attempt at all. */
  Measures take() {
    Measures last = free.pollLast();
    return last == null ? new Measures() : last;
  }

  /** Takes back what nobody refers to any more. */
  void giveBack(Measures measures) {
    if (free.size() < capacity.getAsInt()) {
      measures.clear();
      free.addLast(measures);
    }
  }
}
