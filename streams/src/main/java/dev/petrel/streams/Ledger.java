// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.Accounts;
import org.jspecify.annotations.Nullable;

/**
 * The account of one partition's records. Each record is entered once as accepted, when it is read,
 * and once under what has become of it.
 *
 * <p>Written by one stream thread and kept in a store, so that it is as exact as the aggregates;
 * read by any thread, for metrics, as of the last record.
 */
final class Ledger {

  /** What can become of a record. */
  enum Account {
    AGGREGATED("aggregated"),
    DEAD_LETTERED("dead_lettered"),
    DUPLICATES("duplicates"),
    BEYOND_RETENTION("beyond_retention");

    private final String metricName;

    Account(String metricName) {
      this.metricName = metricName;
    }

    String metricName() {
      return metricName;
    }
  }

  // One writer: volatile is for the readers alone.
  private volatile long firstOffset;
  private volatile long nextOffset;
  private volatile long accepted;
  private volatile long aggregated;
  private volatile long deadLettered;
  private volatile long duplicates;
  private volatile long beyondRetention;

  private Ledger(Accounts accounts) {
    firstOffset = accounts.firstOffset();
    nextOffset = accounts.nextOffset();
    accepted = accounts.accepted();
    aggregated = accounts.aggregated();
    deadLettered = accounts.deadLettered();
    duplicates = accounts.duplicates();
    beyondRetention = accounts.beyondRetention();
  }

  static Ledger fromBytes(byte @Nullable [] bytes) {
    return new Ledger(bytes == null ? Accounts.NONE : Accounts.decode(bytes));
  }

  /** The accounts as of now. */
  Accounts accounts(int partition) {
    return new Accounts(
        partition,
        firstOffset,
        nextOffset,
        accepted,
        aggregated,
        deadLettered,
        duplicates,
        beyondRetention,
        0);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void accept(long offset) {
    if (firstOffset < 0) {
      firstOffset = offset;
    }
    nextOffset = offset + 1;
    accepted++;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void enter(Account account) {
    switch (account) {
      case AGGREGATED -> aggregated++;
      case DEAD_LETTERED -> deadLettered++;
      case DUPLICATES -> duplicates++;
      case BEYOND_RETENTION -> beyondRetention++;
    }
  }

  long count(Account account) {
    return switch (account) {
      case AGGREGATED -> aggregated;
      case DEAD_LETTERED -> deadLettered;
      case DUPLICATES -> duplicates;
      case BEYOND_RETENTION -> beyondRetention;
    };
  }

  long accepted() {
    return accepted;
  }
}
