// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import org.jspecify.annotations.Nullable;

/**
 * What one measuring JVM brought. Times are in nanoseconds, and of the calling thread.
 *
 * @param repetition counted from 1
 * @param sinkUp whether there was a sink to take the calls
 * @param meanNanos of a call, with one reading of the clock
 * @param jvmBytes bytes that all threads allocated for a call
 * @param samples how many calls the percentiles are of
 * @param delivered calls that arrived in the sink
 * @param report what the JVM told itself
 */
record CallRun(
    int repetition,
    Subject subject,
    Regime regime,
    boolean sinkUp,
    double meanNanos,
    double p50Nanos,
    double p99Nanos,
    double p999Nanos,
    double maxNanos,
    double jvmBytes,
    long samples,
    long delivered,
    ForkReport report) {

  /** Calls that neither arrived nor were told of as lost. */
  long untoldLosses() {
    Long reported = report.reportedLosses();
    return report.offered() - delivered - (reported == null ? 0 : reported);
  }

  /** How many calls were made for each that arrived; null when none did. */
  @Nullable Double offeredByDelivered() {
    return delivered == 0 ? null : (double) report.offered() / delivered;
  }
}
