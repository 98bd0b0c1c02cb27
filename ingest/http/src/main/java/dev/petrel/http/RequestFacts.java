// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import org.jspecify.annotations.Nullable;

/**
 * What is known when an attempt begins.
 *
 * @param startedMs in ms since the epoch
 * @param startedNanos the same moment on {@link System#nanoTime}
 * @param endpoint what the address tells
 * @param host that is called, null when the address has none
 * @param address scheme, host and path: what a retry has in common with the attempt before
 * @param toldNumber the number that the client gave the attempt, null when it gave none
 * @param sdk the client, as it names itself; null when it does not
 * @param key the API key, <em>raw</em>: goes no further than its fingerprint; null when there is
 *     none
 * @param context on whose behalf
 */
record RequestFacts(
    long startedMs,
    long startedNanos,
    Endpoint endpoint,
    @Nullable String host,
    String address,
    @Nullable Long toldNumber,
    @Nullable String sdk,
    @Nullable String key,
    CallContext context) {

  /** Without the key. */
  @Override
  public String toString() {
    return "RequestFacts{" + endpoint + "}";
  }
}
