// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

/** Three times the traffic at the end, all of it honest, and limits to match. */
final class Growth extends Story {

  private static final double FINAL_LOAD = 3;

  private final Span growing;

  Growth(Plan plan) {
    this.growing = plan.filled();
  }

  @Override
  double load(long at) {
    return 1 + (FINAL_LOAD - 1) * growing.progress(at);
  }

  @Override
  double peakLoad() {
    return FINAL_LOAD;
  }
}
