// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import dev.petrel.event.ErrorType;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A way for an attempt to fail, as the provider or the client tells it. */
enum FailureKind {
  RATE_LIMIT(
      45,
      ErrorType.RATE_LIMIT,
      429L,
      "rate_limit_error",
      "Rate limit reached for requests per min. Limit 5000, used 5000. Please try again later."),
  SERVER_ERROR(
      20,
      ErrorType.SERVER_ERROR,
      500L,
      "api_error",
      "The server had an error while processing your request."),
  CLIENT_TIMEOUT(
      15, ErrorType.CLIENT_TIMEOUT, null, null, "Request timed out: no response within 20 s"),
  CONTEXT_LENGTH(
      12,
      ErrorType.CONTEXT_LENGTH_EXCEEDED,
      400L,
      "invalid_request_error",
      "This model's maximum context length is exceeded by your messages. Reduce their length."),
  AUTHENTICATION(
      8, ErrorType.AUTHENTICATION, 401L, "authentication_error", "Incorrect API key provided.");

  private final int weight;
  private final ErrorType type;
  private final @Nullable Long httpStatus;
  private final @Nullable String providerType;
  private final String message;

  FailureKind(
      int weight,
      ErrorType type,
      @Nullable Long httpStatus,
      @Nullable String providerType,
      String message) {
    this.weight = weight;
    this.type = type;
    this.httpStatus = httpStatus;
    this.providerType = providerType;
    this.message = message;
  }

  static FailureKind next(RandomGenerator random) {
    int left = random.nextInt(100);
    for (FailureKind kind : values()) {
      left -= kind.weight;
      if (left < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("the weights do not add up to 100");
  }

  ErrorType type() {
    return type;
  }

  @Nullable Long httpStatus() {
    return httpStatus;
  }

  @Nullable String providerType() {
    return providerType;
  }

  String message() {
    return message;
  }
}
