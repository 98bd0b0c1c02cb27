// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import dev.petrel.event.ErrorType;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call, before it is known how it ends.
 *
 * @param caller who calls what
 * @param callId the call
 * @param number 0 for the first attempt
 * @param startsAt in ms since the epoch
 * @param delayMillis what the client waited since the attempt before
 * @param retried how the attempt before failed, null for the first
 */
record Attempt(
    Caller caller,
    String callId,
    int number,
    long startsAt,
    long delayMillis,
    @Nullable ErrorType retried) {

  Attempt next(long startsAt, long delayMillis, ErrorType failure) {
    return new Attempt(caller, callId, number + 1, startsAt, delayMillis, failure);
  }
}
