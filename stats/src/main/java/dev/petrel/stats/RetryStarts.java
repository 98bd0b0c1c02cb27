// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import java.nio.ByteBuffer;

/**
 * When the retries of a minute started, in bins of 250 ms, and how synchronised that makes them.
 *
 * <p>Minutes are told apart: {@link #merge(RetryStarts)} adds retries of the same minute, {@link
 * #mergeWindow} those of another one. Not thread-safe.
 */
final class RetryStarts {
  /*
   * Synchrony is the Fano factor, variance by mean, of the retries per bin. Independent clients give
   * about 1 (in a minute the 99th percentile is 1.3 to 1.4), clients that all return in the same
   * instant a multiple of it. With N bins, S retries and Q the sum of the squared counts,
   *
   *   F = (Q/N - (S/N)^2) / (S/N) = (N Q - S^2) / (N S).
   *
   * Over several minutes the numerators and the S are summed: the spread within minutes counts, not
   * the rise and fall of traffic from one to the next. Both are whole numbers, hence exact in any
   * order, and all that longer windows keep.
   */

  private static final int BIN_MS = 250;
  private static final int BINS = (int) (CallStats.WINDOW_MS / BIN_MS);

  private final IndexCounts bins = new IndexCounts();
  private long spreadOfOthers;
  private long retriesOfOthers;

  void add(long timestamp) {
    bins.add((int) Math.floorMod(timestamp, CallStats.WINDOW_MS) / BIN_MS, 1);
  }

  void merge(RetryStarts other) {
    bins.merge(other.bins);
    spreadOfOthers += other.spreadOfOthers;
    retriesOfOthers += other.retriesOfOthers;
  }

  void mergeWindow(RetryStarts other) {
    spreadOfOthers += other.spread();
    retriesOfOthers += other.retries();
  }

  /**
   * Corrects what {@link #mergeWindow} added when the same minute, then {@code before}, has become
   * {@code after}.
   */
  void replaceWindow(RetryStarts before, RetryStarts after) {
    spreadOfOthers += after.spread() - before.spread();
    retriesOfOthers += after.retries() - before.retries();
  }

  void subtract(RetryStarts part) {
    bins.subtract(part.bins);
    spreadOfOthers -= part.spreadOfOthers;
    retriesOfOthers -= part.retriesOfOthers;
  }

  boolean isEmpty() {
    return retries() == 0;
  }

  /** The Fano factor; NaN without retries. */
  double synchrony() {
    return isEmpty() ? Double.NaN : (double) spread() / ((double) BINS * retries());
  }

  private long retries() {
    return retriesOfOthers + bins.total();
  }

  private long spread() {
    long squares = 0;
    for (int i = 0; i < bins.positions(); i++) {
      squares += bins.count(i) * bins.count(i);
    }
    return spreadOfOthers + BINS * squares - bins.total() * bins.total();
  }

  int encodedSizeBound() {
    return 2 * Varints.MAX_BYTES + bins.encodedSizeBound();
  }

  void encode(ByteBuffer out) {
    Varints.put(out, spreadOfOthers);
    Varints.put(out, retriesOfOthers);
    bins.encode(out);
  }

  void merge(ByteBuffer in) {
    spreadOfOthers += Varints.get(in);
    retriesOfOthers += Varints.get(in);
    bins.merge(in);
  }
}
