// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.simulate;

import dev.petrel.event.ErrorType;
import java.util.List;

/**
 * How attempts fare at some time.
 *
 * @param failureRate share of attempts that fail, 0 to 1
 * @param failures how they fail
 * @param slowness factor on durations
 */
record Conditions(double failureRate, List<Failure> failures, double slowness) {

  /** What fails on an ordinary day. */
  static final List<Failure> ORDINARY =
      List.of(
          new Failure(
              ErrorType.RATE_LIMIT,
              429,
              "rate_limit_exceeded",
              "Rate limit reached for requests per min",
              40),
          new Failure(
              ErrorType.SERVER_ERROR,
              500,
              "server_error",
              "The server had an error while processing the request",
              20),
          new Failure(ErrorType.CLIENT_TIMEOUT, 0, null, "Request timed out", 15),
          new Failure(
              ErrorType.INVALID_REQUEST,
              400,
              "unsupported_parameter",
              "Unsupported parameter: 'max_tokens'",
              10),
          new Failure(
              ErrorType.CONTEXT_LENGTH_EXCEEDED,
              400,
              "context_length_exceeded",
              "The prompt is longer than the maximum context length",
              10),
          new Failure(ErrorType.NETWORK, 0, null, "Connection reset", 5));

  /** What a provider without enough capacity answers. */
  static final List<Failure> PROVIDER_DEGRADED =
      List.of(
          new Failure(
              ErrorType.OVERLOADED,
              503,
              "server_is_overloaded",
              "The engine is currently overloaded",
              55),
          new Failure(
              ErrorType.SERVER_ERROR,
              500,
              "server_error",
              "The server had an error while processing the request",
              30),
          new Failure(ErrorType.PROVIDER_TIMEOUT, 504, null, "Gateway timeout", 15));
}
