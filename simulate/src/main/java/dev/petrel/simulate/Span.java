// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.time.Duration;

/**
 * Some time of a simulation.
 *
 * @param from first ms, from the start
 * @param to ms after the last
 */
record Span(long from, long to) {

  boolean contains(long at) {
    return at >= from && at < to;
  }

  /** The part of the span that is over, from 0 before it to 1 after it. */
  double progress(long at) {
    return Math.min(1, Math.max(0, (double) (at - from) / (to - from)));
  }

  Duration fromOffset() {
    return Duration.ofMillis(from);
  }

  Duration toOffset() {
    return Duration.ofMillis(to);
  }
}
