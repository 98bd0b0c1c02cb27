// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import org.jspecify.annotations.Nullable;

/** A way to log or publish calls, ready for use. {@link #log} is for one thread at a time. */
interface CallLog extends AutoCloseable {

  /** What is measured. */
  void log(LoggedCall call);

  /**
   * How many calls it says that it lost, once it is closed; null when it does not count them. Those
   * of a listener or status that the application has to subscribe to count as said.
   */
  @Nullable Long reportedLosses();

  /** Ends it as the end of an application does. */
  @Override
  void close();
}
