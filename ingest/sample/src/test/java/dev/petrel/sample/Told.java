// SPDX-License-Identifier: Apache-2.0
package dev.petrel.sample;

import static java.util.Objects.requireNonNull;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.UsageSource;
import dev.petrel.hook.contract.FakeProvider.Answer;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an event tells of an attempt by itself, whoever made it. */
record Told(
    Outcome outcome,
    @Nullable ErrorType errorType,
    @Nullable Long httpStatus,
    @Nullable Boolean isFinal,
    @Nullable UsageSource usageSource,
    @Nullable Long inputTokens,
    @Nullable Long outputTokens,
    @Nullable Long retryAfterMs) {

  private static final Map<Answer, Told> EXPECTED = new EnumMap<>(Answer.class);

  static {
    answered(Answer.OK, Outcome.SUCCESS, null);
    answered(Answer.STREAM, Outcome.SUCCESS, null);
    answered(Answer.TRUNCATED, Outcome.TRUNCATED, null);
    answered(Answer.FILTERED, Outcome.REFUSED, ErrorType.CONTENT_FILTER);
    refused(Answer.BAD_KEY, ErrorType.AUTHENTICATION, 401L, null);
    refused(Answer.RATE_LIMIT, ErrorType.RATE_LIMIT, 429L, 150L);
    refused(Answer.QUOTA, ErrorType.QUOTA_EXHAUSTED, 429L, null);
    refused(Answer.BAD_PARAMETER, ErrorType.INVALID_REQUEST, 400L, null);
    refused(Answer.CONTEXT_LENGTH, ErrorType.CONTEXT_LENGTH_EXCEEDED, 400L, null);
    refused(Answer.SERVER_ERROR, ErrorType.SERVER_ERROR, 500L, null);
    refused(Answer.OVERLOADED, ErrorType.OVERLOADED, 503L, null);
    refused(Answer.SILENT, ErrorType.CLIENT_TIMEOUT, null, null);
    refused(Answer.CLOSED, ErrorType.NETWORK, null, null);
    broken(Answer.CUT, ErrorType.STREAM_INTERRUPTED);
    broken(Answer.GARBAGE, ErrorType.STREAM_INTERRUPTED);
    broken(Answer.STREAM_CUT, ErrorType.STREAM_INTERRUPTED);
    broken(Answer.STREAM_ENDED_EARLY, ErrorType.STREAM_INTERRUPTED);
    broken(Answer.STREAM_STALLED, ErrorType.STREAM_INTERRUPTED);
    broken(Answer.STREAM_ERROR, ErrorType.SERVER_ERROR);
  }

  /** An answer with usage, after which no attempt follows. */
  private static void answered(Answer answer, Outcome outcome, @Nullable ErrorType type) {
    EXPECTED.put(
        answer, new Told(outcome, type, 200L, true, UsageSource.REPORTED, 120L, 30L, null));
  }

  /** No answer, so no usage that could be missing; only the client knows whether it is the end. */
  private static void refused(
      Answer answer, ErrorType type, @Nullable Long status, @Nullable Long retryAfterMs) {
    EXPECTED.put(
        answer, new Told(Outcome.ERROR, type, status, null, null, null, null, retryAfterMs));
  }

  /** The start of an answer, without its usage. */
  private static void broken(Answer answer, ErrorType type) {
    EXPECTED.put(
        answer, new Told(Outcome.ERROR, type, 200L, null, UsageSource.MISSING, null, null, null));
  }

  /** What is to be told of this answer. */
  static Told of(Answer answer) {
    return requireNonNull(EXPECTED.get(answer), answer.name());
  }

  /** What the event tells. */
  static Told by(LlmCallEvent event) {
    return new Told(
        event.outcome(),
        event.get(EventField.ERROR_TYPE),
        event.get(EventField.HTTP_STATUS),
        event.get(EventField.FINAL),
        event.get(EventField.USAGE_SOURCE),
        event.get(EventField.INPUT_TOKENS),
        event.get(EventField.OUTPUT_TOKENS),
        event.get(EventField.RETRY_AFTER_MS));
  }
}
