// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * The account of one partition's records. At any time {@code accepted = aggregated + deadLettered +
 * duplicates + beyondRetention}, as each record is entered once under each side.
 *
 * <p>Written by one stream thread and kept in a store, so that it is as exact as the aggregates;
 * read by any thread for metrics.
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

  private static final Account[] ACCOUNTS = Account.values();

  private final AtomicLongArray counts;

  private Ledger(long[] counts) {
    this.counts = new AtomicLongArray(counts);
  }

  static Ledger fromBytes(byte @Nullable [] bytes) {
    long[] counts = new long[ACCOUNTS.length];
    if (bytes != null) {
      ByteBuffer.wrap(bytes).asLongBuffer().get(counts);
    }
    return new Ledger(counts);
  }

  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(counts.length() * Long.BYTES);
    for (int i = 0; i < counts.length(); i++) {
      bytes.putLong(counts.get(i));
    }
    return bytes.array();
  }

  @SuppressWarnings("EnumOrdinal") // a fixed array slot each
  void enter(Account account) {
    // One writer: a plain add, published without a fence, is enough.
    counts.lazySet(account.ordinal(), counts.get(account.ordinal()) + 1);
  }

  @SuppressWarnings("EnumOrdinal") // a fixed array slot each
  long count(Account account) {
    return counts.get(account.ordinal());
  }

  long accepted() {
    long accepted = 0;
    for (int i = 0; i < counts.length(); i++) {
      accepted += counts.get(i);
    }
    return accepted;
  }
}
