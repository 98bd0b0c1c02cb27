// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import java.time.Duration;

/**
 * The bounds of the aggregation.
 *
 * @param correctionHorizon how much older than its arrival in Kafka a live event may be; older ones
 *     are counted as beyond retention
 * @param closeDelay how far stream time must pass a window's end before the window is final
 * @param maxIdsOnHeap event ids that each partition's duplicate check keeps on the heap
 * @param maxCells cells that a partition holds before it sends without waiting for the next second
 */
record AggregationConfig(
    Duration correctionHorizon, Duration closeDelay, int maxIdsOnHeap, int maxCells) {

  /**
   * How long the state of a window is kept after its last event arrived. An hour more than the
   * horizon: arrival times of partitions are compared, and producers' clocks differ.
   */
  Duration stateRetention() {
    return correctionHorizon.plusHours(1);
  }
}
