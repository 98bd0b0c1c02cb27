// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import dev.petrel.event.RateLimit;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ends.
 *
 * @param failure why it failed; null when it was answered
 * @param millis how long it took
 * @param firstChunkMillis when the first chunk came; NaN when none did
 * @param retryAfter what the provider asked to wait, in ms; negative when it did not
 * @param rateLimit what the provider told of the limits, null when nothing
 */
record Answer(
    @Nullable Failure failure,
    double millis,
    double firstChunkMillis,
    long retryAfter,
    @Nullable RateLimit rateLimit) {

  /** The provider did not ask to wait. */
  static final long NOT_ASKED = -1;
}
