// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import dev.petrel.event.ErrorType;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;

/**
 * How each provider tells each error. Types and codes are the providers' own, the sentences are
 * not.
 */
final class Failures {

  /** The parameter that {@link #UNSUPPORTED_PARAMETER} names. */
  static final String PARAMETER = "max_tokens";

  /** A refusal of {@link #PARAMETER} by a model that no longer takes it. */
  static final Failure UNSUPPORTED_PARAMETER =
      Failure.answered(
              ErrorType.INVALID_REQUEST,
              400,
              "invalid_request_error",
              "unsupported_parameter",
              "The parameter 'max_tokens' is not supported by this model; send"
                  + " 'max_completion_tokens'")
          .withParam(PARAMETER);

  private static final Map<ErrorType, Failure> WITHOUT_ANSWER =
      byType(
          Failure.unanswered(
              ErrorType.CLIENT_TIMEOUT, "read", SocketTimeoutException.class, "Read timed out"),
          Failure.unanswered(
              ErrorType.NETWORK, "reset", SocketException.class, "Connection reset by peer"),
          Failure.unanswered(
              ErrorType.CANCELLED, "caller", CancellationException.class, "The caller hung up"));

  private static final Map<ErrorType, Failure> OPENAI =
      byType(
          Failure.answered(
                  ErrorType.RATE_LIMIT,
                  429,
                  "requests",
                  "rate_limit_exceeded",
                  "The rate limit on requests per min is reached; slow down")
              .withDetail("requests"),
          Failure.answered(
              ErrorType.QUOTA_EXHAUSTED,
              429,
              "insufficient_quota",
              "insufficient_quota",
              "The credit of this organization is used up; look at plan and billing"),
          Failure.answered(
              ErrorType.OVERLOADED,
              503,
              "service_unavailable_error",
              "server_is_overloaded",
              "The servers are overloaded at the moment"),
          Failure.answered(
              ErrorType.SERVER_ERROR,
              500,
              "server_error",
              null,
              "An internal error came up while the request was processed"),
          Failure.answered(
              ErrorType.PROVIDER_TIMEOUT, 504, null, null, "The upstream did not answer in time"),
          Failure.answered(
              ErrorType.AUTHENTICATION,
              401,
              "invalid_request_error",
              "invalid_api_key",
              "The API key is missing or not correct"),
          Failure.answered(
                  ErrorType.CONTEXT_LENGTH_EXCEEDED,
                  400,
                  "invalid_request_error",
                  "context_length_exceeded",
                  "Messages and answer are longer than the model's context window")
              .withParam("messages"),
          Failure.answered(
                  ErrorType.INVALID_REQUEST,
                  400,
                  "invalid_request_error",
                  "invalid_value",
                  "The schema of the tool is not valid")
              .withParam("tools[0].function"),
          Failure.answered(
              ErrorType.CONTENT_FILTER,
              400,
              "invalid_request_error",
              "content_policy_violation",
              "The request was stopped by the safety system"));

  private static final Map<ErrorType, Failure> ANTHROPIC =
      byType(
          Failure.answered(
                  ErrorType.RATE_LIMIT,
                  429,
                  "rate_limit_error",
                  null,
                  "This request would pass the organization's limit of requests per minute")
              .withDetail("requests"),
          Failure.answered(
              ErrorType.QUOTA_EXHAUSTED,
              402,
              "billing_error",
              null,
              "There is a problem with the billing of this organization"),
          Failure.answered(
              ErrorType.OVERLOADED, 529, "overloaded_error", null, "The API is overloaded"),
          Failure.answered(
              ErrorType.SERVER_ERROR, 500, "api_error", null, "An internal error came up"),
          Failure.answered(
              ErrorType.PROVIDER_TIMEOUT, 504, "timeout_error", null, "The request took too long"),
          Failure.answered(
              ErrorType.AUTHENTICATION,
              401,
              "authentication_error",
              null,
              "The x-api-key header is missing or not valid"),
          Failure.answered(
              ErrorType.CONTEXT_LENGTH_EXCEEDED,
              400,
              "invalid_request_error",
              null,
              "The prompt is too long: it is over the maximum of 200000 tokens"),
          Failure.answered(
              ErrorType.INVALID_REQUEST,
              400,
              "invalid_request_error",
              null,
              "messages.1.content: a text block must not be empty"),
          Failure.answered(
              ErrorType.CONTENT_FILTER,
              400,
              "invalid_request_error",
              null,
              "The output was blocked by the content filtering policy"));

  private static final Map<ErrorType, Failure> GEMINI =
      byType(
          Failure.answered(
                  ErrorType.RATE_LIMIT,
                  429,
                  "RESOURCE_EXHAUSTED",
                  null,
                  "The quota GenerateRequestsPerMinutePerProjectPerModel is exceeded; retry later")
              .withDetail("per_minute"),
          Failure.answered(
                  ErrorType.QUOTA_EXHAUSTED,
                  429,
                  "RESOURCE_EXHAUSTED",
                  null,
                  "The quota GenerateRequestsPerDayPerProjectPerModel is exceeded")
              .withDetail("per_day"),
          Failure.answered(
              ErrorType.OVERLOADED, 503, "UNAVAILABLE", null, "The model is overloaded"),
          Failure.answered(
              ErrorType.SERVER_ERROR, 500, "INTERNAL", null, "An internal error came up"),
          Failure.answered(
              ErrorType.PROVIDER_TIMEOUT,
              504,
              "DEADLINE_EXCEEDED",
              null,
              "The deadline was over before the operation was"),
          Failure.answered(
              ErrorType.AUTHENTICATION,
              401,
              "UNAUTHENTICATED",
              null,
              "The request has no credentials that are valid"),
          Failure.answered(
              ErrorType.CONTEXT_LENGTH_EXCEEDED,
              400,
              "INVALID_ARGUMENT",
              null,
              "The input token count exceeds the maximum number of tokens allowed"),
          Failure.answered(
              ErrorType.INVALID_REQUEST,
              400,
              "INVALID_ARGUMENT",
              null,
              "A part of the request has no value"),
          Failure.answered(
              ErrorType.CONTENT_FILTER,
              400,
              "PROHIBITED_CONTENT",
              null,
              "The prompt was blocked for its content"));

  private Failures() {}

  /** How a call to this provider fails for this reason. */
  static Failure of(SimulatedProvider provider, ErrorType type) {
    Failure unanswered = WITHOUT_ANSWER.get(type);
    Failure failure = unanswered == null ? answersOf(provider).get(type) : unanswered;
    if (failure == null) {
      throw new IllegalArgumentException(provider + " has no words for " + type);
    }
    return failure;
  }

  /** All that can happen to calls of this provider. */
  static List<Failure> allOf(SimulatedProvider provider) {
    return List.copyOf(answersOf(provider).values());
  }

  private static Map<ErrorType, Failure> answersOf(SimulatedProvider provider) {
    return switch (provider) {
      case OPENAI -> OPENAI;
      case ANTHROPIC -> ANTHROPIC;
      case GEMINI -> GEMINI;
    };
  }

  private static Map<ErrorType, Failure> byType(Failure... failures) {
    Map<ErrorType, Failure> byType = new EnumMap<>(ErrorType.class);
    for (Failure failure : failures) {
      byType.put(failure.type(), failure);
    }
    return byType;
  }
}
