// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import org.jspecify.annotations.Nullable;

/**
 * What a span or a log record says, as far as it is asked for.
 *
 * @param traceId in lower-case hex, empty when there is none
 * @param spanId in lower-case hex; what has none has a hash of itself
 * @param parentId in lower-case hex, empty when there is none
 * @param name of the span or event
 * @param isClient whether it is the calling side of a request
 * @param scope name of what recorded it
 * @param scopeVersion its version, empty when there is none
 * @param startNanos since the epoch; of a log record the time of its event
 * @param endNanos since the epoch; {@link #UNKNOWN_END} of a log record
 * @param isError whether its status says so
 * @param statusMessage empty when there is none
 * @param exceptionType of the last exception event; null when there is none
 * @param exceptionMessage of the last exception event; null when there is none
 * @param attributes its own
 * @param resource those of who recorded it
 */
record Recorded(
    String traceId,
    String spanId,
    String parentId,
    String name,
    boolean isClient,
    String scope,
    String scopeVersion,
    long startNanos,
    long endNanos,
    boolean isError,
    String statusMessage,
    @Nullable String exceptionType,
    @Nullable String exceptionMessage,
    Attributes attributes,
    Attributes resource) {

  /** The end of what has none, as log records. */
  static final long UNKNOWN_END = 0;

  /** Unique for it, and the same whenever it is sent. */
  String key() {
    return traceId.isEmpty() ? spanId : traceId + "-" + spanId;
  }

  /** The key of the parent; empty when there is none. */
  String parentKey() {
    return traceId.isEmpty() || parentId.isEmpty() ? "" : traceId + "-" + parentId;
  }

  /** The key and the name: all else can hold anything. */
  @Override
  public String toString() {
    return "Recorded{" + key() + "}";
  }
}
