// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.ScopeKind;
import java.time.Duration;
import java.util.Map;

/**
 * What the aggregation is run with.
 *
 * @param correctionHorizon how much later than its time a live event may arrive
 * @param closeDelay how far stream time must pass a window before it is final
 * @param maxIdsOnHeap ids of counted events on the heap, a partition
 * @param maxCellsOnHeap cells, and likewise changed aggregates, on the heap of the whole process
 * @param maxScopes most scopes with aggregates of their own, by kind and for the whole installation
 * @param mergePartitions how many partitions the merging is shared by
 */
record AggregationConfig(
    Duration correctionHorizon,
    Duration closeDelay,
    int maxIdsOnHeap,
    int maxCellsOnHeap,
    Map<ScopeKind, Integer> maxScopes,
    int mergePartitions) {

  AggregationConfig {
    maxScopes = Map.copyOf(maxScopes);
  }

  /**
   * How long state outlives its last use: the horizon, and an hour for what arrives around its end.
   */
  Duration stateRetention() {
    return correctionHorizon.plusHours(1);
  }

  /** The share of one of so many partitions in the cells on the heap. */
  int maxCellsOnHeap(int partitions) {
    return maxCellsOnHeap / Math.max(1, partitions);
  }

  /** The share of one merging partition in the most scopes of a kind; scopes spread evenly. */
  int maxScopesHere(ScopeKind kind) {
    Integer all = maxScopes.get(kind);
    return all == null ? Integer.MAX_VALUE : Math.ceilDiv(all, mergePartitions);
  }
}
