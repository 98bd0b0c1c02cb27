// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

/**
 * Up to where the records of a partition of {@code llm-calls} are accounted for, and up to where
 * they count as read. Both are written in one transaction, so that they agree at any time.
 *
 * @param partition the partition
 * @param accounted offset behind the last record in an account, 0 before any
 * @param committed offset that was committed before the accounts were read, 0 before any
 * @param committedAfter the same after they were read
 * @param recordsBetween whether a record is at {@code accounted} or behind and before {@code
 *     committed}; without one there are only markers of transactions
 */
record PartitionOffsets(
    int partition, long accounted, long committed, long committedAfter, boolean recordsBetween) {

  /** Whether records count as read that are in no account. */
  boolean skipped() {
    return accounted < committed && recordsBetween;
  }

  /** Whether records that are in an account will be read again. */
  boolean repeats() {
    return accounted > committedAfter;
  }

  boolean agree() {
    return !skipped() && !repeats();
  }
}
