// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request of a call, as an HTTP client's instrumentation recorded it beneath the call's
 * span: where retries show, which the call's span hides.
 *
 * @param key of its span
 * @param startNanos since the epoch
 * @param endNanos since the epoch
 * @param status of the response; null when there was none
 * @param error what the instrumentation calls the error; null when there was none
 * @param serverAddress the host that was called; null when unknown
 */
record HttpAttempt(
    String key,
    long startNanos,
    long endNanos,
    @Nullable Integer status,
    @Nullable String error,
    @Nullable String serverAddress) {

  /** What is looked at, in the names of both vintages of the HTTP conventions. */
  static final Set<String> NAMES =
      Set.of(
          "http.request.method",
          "http.method",
          "http.response.status_code",
          "http.status_code",
          "error.type",
          "server.address",
          "net.peer.name");

  private static final int LOWEST_ERROR = 400;

  /** Null when it is no request of an HTTP client. */
  static @Nullable HttpAttempt of(Recorded recorded) {
    Attributes attributes = recorded.attributes();
    boolean isHttp = attributes.has("http.request.method") || attributes.has("http.method");
    if (!recorded.isClient() || !isHttp || recorded.key().isEmpty()) {
      return null;
    }
    BigDecimal status = attributes.number("http.response.status_code");
    if (status == null) {
      status = attributes.number("http.status_code");
    }
    String address = attributes.text("server.address");
    String error = recorded.exceptionType();
    return new HttpAttempt(
        recorded.key(),
        recorded.startNanos(),
        recorded.endNanos(),
        status == null || status.intValue() < 100 || status.intValue() > 999
            ? null
            : (Integer) status.intValue(),
        error == null && recorded.isError() ? attributes.text("error.type") : error,
        address == null ? attributes.text("net.peer.name") : address);
  }

  boolean isFailed() {
    return status == null || status >= LOWEST_ERROR;
  }
}
