// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.UsageSource;
import dev.petrel.event.errors.Classification;
import dev.petrel.event.errors.ErrorClassifier;
import dev.petrel.event.errors.ErrorReport;
import dev.petrel.event.errors.RequestIds;
import dev.petrel.event.prices.Cost;
import dev.petrel.event.prices.Usage;
import dev.petrel.event.redaction.Redactor;
import dev.petrel.publisher.PendingCall;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that has ended. Made on the caller's thread, at little cost; classified, priced and
 * made an event of on the publisher's. Thread-safe.
 */
final class FinishedAttempt implements PendingCall {

  private static final int MAX_TEXT = EventField.TEXT_LENGTH;
  private static final double NANOS_PER_MS = 1e6;

  /**
   * How it ended.
   *
   * @param outcome as far as it is known without classifying
   * @param failure what the client threw, null for nothing
   * @param nanos when, on {@link System#nanoTime}
   * @param firstChunkNanos when the first bytes of the answer came; null when none did
   */
  record Ending(
      Outcome outcome, @Nullable Throwable failure, long nanos, @Nullable Long firstChunkNanos) {}

  private final HttpCallObserver observer;
  private final RequestFacts request;
  private final @Nullable Integer status;
  private final Map<String, String> responseHeaders;
  private final Ending ending;
  private final Retries.Place place;

  // What the readers found; they themselves are not kept, as a retry keeps this.
  private final @Nullable String requestModel;
  private final @Nullable Boolean stream;
  private final @Nullable Long maxOutputTokens;
  private final @Nullable String responseModel;
  private final @Nullable String tier;
  private final @Nullable UsageCounts usage;
  private final boolean isStreamed;
  private @Nullable String errorText;
  private @Nullable Classification classification;

  FinishedAttempt(
      HttpCallObserver observer,
      RequestFacts request,
      RequestReader sent,
      @Nullable Integer status,
      Map<String, String> responseHeaders,
      @Nullable AnswerReader answer,
      Ending ending) {
    this.observer = observer;
    this.request = request;
    this.status = status;
    this.responseHeaders = responseHeaders;
    this.ending = ending;
    requestModel = sent.model() == null ? request.endpoint().model() : sent.model();
    stream = request.endpoint().stream() ? Boolean.TRUE : sent.stream();
    maxOutputTokens = sent.maxOutputTokens();
    responseModel = answer == null ? null : answer.model();
    tier = answer == null ? null : answer.tier();
    usage = answer == null ? null : answer.usage();
    isStreamed = answer != null && answer.isStreamed();
    errorText = answer == null ? null : answer.errorText();
    Retries.Request key = new Retries.Request(request.address(), sent.digest());
    place = observer.retries().place(key, request.startedNanos(), request.toldNumber());
    if (ending.outcome() == Outcome.ERROR) {
      observer.retries().failed(key, new Retries.Failed(place, ending.nanos(), this));
    }
  }

  @Override
  public Outcome outcome() {
    return ending.outcome();
  }

  @Override
  public int estimatedBytes() {
    String text = errorText;
    return 1_000 + (text == null ? 0 : text.length());
  }

  /** Why it failed; worked out once. */
  synchronized @Nullable Classification classification() {
    if (classification == null
        && (ending.outcome() == Outcome.ERROR || ending.outcome() == Outcome.CANCELLED)) {
      classification =
          ErrorClassifier.standard()
              .classify(
                  new ErrorReport(
                      request.endpoint().provider(),
                      status,
                      responseHeaders,
                      errorText,
                      ending.failure(),
                      ending.outcome() == Outcome.CANCELLED));
      errorText = null;
    }
    return classification;
  }

  @Override
  public LlmCallEvent toEvent() {
    LlmCallEvent.Builder event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, UUID.randomUUID().toString())
            .set(EventField.TIMESTAMP, request.startedMs())
            .set(EventField.OUTCOME, ending.outcome())
            .set(EventField.STREAM, stream)
            .set(EventField.MAX_OUTPUT_TOKENS, maxOutputTokens)
            .set(EventField.HTTP_STATUS, status == null ? null : Long.valueOf(status))
            .set(EventField.DURATION_MS, ms(ending.nanos()))
            .set(EventField.RATELIMIT, RateLimitHeaders.of(responseHeaders, observer.now()));
    if (isStreamed && ending.firstChunkNanos() != null) {
      event.set(EventField.TIME_TO_FIRST_CHUNK_MS, ms(ending.firstChunkNanos()));
    }
    putTexts(event);
    putPlace(event);
    putError(event);
    putUsage(event);
    String model = responseModel == null ? requestModel : responseModel;
    if (model != null) {
      event.set(
          EventField.CONTEXT_WINDOW,
          observer.settings().prices().contextWindow(request.endpoint().provider(), model));
    }
    observer.settings().complete(event, request.context());
    return event.build();
  }

  private double ms(long nanos) {
    return Math.max(nanos - request.startedNanos(), 0) / NANOS_PER_MS;
  }

  private void putTexts(LlmCallEvent.Builder event) {
    put(event, EventField.PROVIDER, request.endpoint().provider());
    put(event, EventField.OPERATION, request.endpoint().operation());
    put(event, EventField.SERVER_ADDRESS, request.host());
    put(event, EventField.REGION, responseHeaders.get("x-ms-region"));
    put(event, EventField.REQUEST_MODEL, requestModel);
    put(event, EventField.RESPONSE_MODEL, responseModel);
    put(event, EventField.SDK, request.sdk());
    put(event, EventField.REQUEST_ID, RequestIds.of(responseHeaders, null));
    if (request.key() != null) {
      put(event, EventField.CREDENTIAL, observer.settings().fingerprint(request.key()));
    }
  }

  private void putPlace(LlmCallEvent.Builder event) {
    event.set(EventField.CALL_ID, place.callId()).set(EventField.ATTEMPT, place.number());
    if (ending.outcome() != Outcome.ERROR) {
      event.set(EventField.FINAL, true);
    }
    Retries.Failed before = place.before();
    if (before != null) {
      long waited = Math.max(request.startedNanos() - before.endedNanos(), 0);
      event.set(EventField.RETRY_DELAY_MS, waited / 1_000_000);
      Classification why = before.attempt().classification();
      event.set(EventField.RETRIED_ERROR_TYPE, why == null ? null : why.type());
    }
  }

  private void putError(LlmCallEvent.Builder event) {
    Classification found = classification();
    if (found == null) {
      if (ending.outcome() == Outcome.REFUSED) {
        event.set(EventField.ERROR_TYPE, ErrorType.CONTENT_FILTER);
      }
      return;
    }
    event.set(EventField.ERROR_TYPE, found.type());
    put(event, EventField.ERROR_DETAIL, found.detail());
    put(event, EventField.PROVIDER_ERROR_TYPE, found.providerType());
    put(event, EventField.PROVIDER_ERROR_CODE, found.providerCode());
    put(event, EventField.PROVIDER_ERROR_PARAM, found.providerParam());
    put(event, EventField.REQUEST_ID, found.requestId());
    if (found.message() != null) {
      // Before the event cuts it: what is left of a key that is cut may not look like one.
      event.set(
          EventField.ERROR_MESSAGE,
          Redactor.standard().redact(found.message(), EventField.MESSAGE_LENGTH));
    }
    event.set(EventField.RETRY_AFTER_MS, found.retryAfterMs());
    if (ending.failure() != null) {
      put(event, EventField.EXCEPTION_CLASS, ending.failure().getClass().getName());
    }
  }

  private void putUsage(LlmCallEvent.Builder event) {
    if (usage == null || status == null || status >= 400) {
      return; // No answer, no usage that could be missing.
    }
    event.set(
        EventField.USAGE_SOURCE, usage.isReported() ? UsageSource.REPORTED : UsageSource.MISSING);
    put(event, EventField.INPUT_TOKENS, usage.input());
    put(event, EventField.OUTPUT_TOKENS, usage.output());
    put(event, EventField.CACHE_READ_TOKENS, usage.cacheRead());
    put(event, EventField.CACHE_WRITE_TOKENS, usage.cacheWrite());
    put(event, EventField.REASONING_TOKENS, usage.reasoning());
    if (usage.isReported()) {
      putCost(event, usage);
    }
  }

  private void putCost(LlmCallEvent.Builder event, UsageCounts counts) {
    Cost cost =
        observer
            .settings()
            .prices()
            .cost(
                Usage.newBuilder()
                    .provider(request.endpoint().provider())
                    .requestModel(requestModel)
                    .responseModel(responseModel)
                    .serviceTier(tier)
                    .inputTokens(counts.input())
                    .outputTokens(counts.output())
                    .cacheReadTokens(counts.cacheRead())
                    .cacheWriteTokens(counts.cacheWrite())
                    .cacheWrite1hTokens(counts.cacheWriteOneHour())
                    .reasoningTokens(counts.reasoning())
                    .build());
    if (cost != null) {
      event.set(EventField.COST_NANO_USD, cost.nanoUsd());
      put(event, EventField.PRICE_VERSION, cost.priceVersion());
    }
  }

  private static void put(LlmCallEvent.Builder event, EventField<Long> field, long count) {
    if (count != UsageCounts.UNKNOWN) {
      event.set(field, count);
    }
  }

  static void put(LlmCallEvent.Builder event, EventField<String> field, @Nullable String text) {
    if (text != null && !text.isBlank()) {
      event.set(field, text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT));
    }
  }

  /** Without the failure: its message may quote a prompt or a key. */
  @Override
  public String toString() {
    return "FinishedAttempt{" + request + " " + ending.outcome().wireName() + "}";
  }
}
