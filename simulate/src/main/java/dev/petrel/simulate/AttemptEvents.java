// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.UsageSource;
import org.jspecify.annotations.Nullable;

/** What the hooks in applications would publish of attempts. */
final class AttemptEvents {

  private static final String SIMULATED_PRICES = "simulated";

  private AttemptEvents() {}

  /**
   * The event of an attempt.
   *
   * @param version of the calling service
   * @param credential fingerprint of the key that was sent, null when none was
   * @param last whether no further attempt follows
   * @param requestNumber what the provider's request id is made of
   */
  static LlmCallEvent event(
      Simulation.Attempt attempt,
      Answer answer,
      String version,
      @Nullable String credential,
      boolean last,
      long requestNumber) {
    SimulatedCall call = attempt.call();
    LlmCallEvent.Builder event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, call.id() + "-" + attempt.number())
            .set(EventField.TIMESTAMP, attempt.startsAt())
            .set(EventField.CALL_ID, call.id())
            .set(EventField.ATTEMPT, (long) attempt.number())
            .set(EventField.FINAL, last)
            .set(EventField.VERSION, version)
            .set(EventField.CREDENTIAL, credential)
            .set(EventField.DURATION_MS, micros(answer.millis()))
            .set(EventField.RATELIMIT, answer.rateLimit());
    setCaller(call, event);
    setRequest(call, event);
    if (attempt.retried() != null) {
      event
          .set(EventField.RETRY_DELAY_MS, attempt.delayMillis())
          .set(EventField.RETRIED_ERROR_TYPE, attempt.retried());
    }
    Failure failure = answer.failure();
    if (failure == null) {
      setAnswer(call, answer, event);
    } else {
      setFailure(call, failure, event);
    }
    if (answer.retryAfter() >= 0) {
      event.set(EventField.RETRY_AFTER_MS, answer.retryAfter());
    }
    if (failure == null || failure.status() != 0) {
      event.set(EventField.REQUEST_ID, call.provider().requestId(requestNumber));
    }
    return event.build();
  }

  private static void setCaller(SimulatedCall call, LlmCallEvent.Builder event) {
    SimulatedService service = call.service();
    event
        .set(EventField.TENANT, call.tenant())
        .set(EventField.USER, call.user())
        .set(EventField.CONVERSATION_ID, call.conversation())
        .set(EventField.SERVICE, service.name())
        .set(EventField.INSTANCE, service.instance(call.instance()))
        .set(EventField.ENVIRONMENT, "prod")
        .set(EventField.FEATURE, call.feature())
        .set(EventField.SDK, service.sdk(call.provider()));
  }

  private static void setRequest(SimulatedCall call, LlmCallEvent.Builder event) {
    SimulatedProvider provider = call.provider();
    event
        .set(EventField.PROVIDER, provider.wireName())
        .set(EventField.SERVER_ADDRESS, provider.serverAddress())
        .set(EventField.REGION, provider.region())
        .set(EventField.OPERATION, "chat")
        .set(EventField.REQUEST_MODEL, call.model().name())
        .set(EventField.STREAM, call.service().streams())
        .set(EventField.MAX_OUTPUT_TOKENS, call.service().maxOutputTokens())
        .set(EventField.CONTEXT_WINDOW, call.model().contextWindow());
  }

  private static void setAnswer(SimulatedCall call, Answer answer, LlmCallEvent.Builder event) {
    boolean cut = call.outputTokens() >= call.service().maxOutputTokens();
    event
        .set(EventField.OUTCOME, cut ? Outcome.TRUNCATED : Outcome.SUCCESS)
        .set(EventField.HTTP_STATUS, 200L)
        .set(EventField.RESPONSE_MODEL, call.model().answersAs())
        .set(EventField.INPUT_TOKENS, call.inputTokens())
        .set(EventField.CACHE_READ_TOKENS, call.cachedTokens())
        .set(EventField.OUTPUT_TOKENS, call.outputTokens())
        .set(EventField.USAGE_SOURCE, UsageSource.REPORTED)
        .set(
            EventField.COST_NANO_USD,
            call.model().costNanoUsd(call.inputTokens(), call.cachedTokens(), call.outputTokens()))
        .set(EventField.PRICE_VERSION, SIMULATED_PRICES);
    if (!Double.isNaN(answer.firstChunkMillis())) {
      event.set(EventField.TIME_TO_FIRST_CHUNK_MS, micros(answer.firstChunkMillis()));
    }
  }

  private static void setFailure(SimulatedCall call, Failure failure, LlmCallEvent.Builder event) {
    event
        .set(EventField.OUTCOME, outcomeOf(failure.type()))
        .set(EventField.ERROR_TYPE, failure.type())
        .set(EventField.ERROR_DETAIL, failure.detail())
        .set(EventField.HTTP_STATUS, failure.status() == 0 ? null : (long) failure.status())
        .set(EventField.PROVIDER_ERROR_TYPE, failure.providerType())
        .set(EventField.PROVIDER_ERROR_CODE, failure.code())
        .set(EventField.PROVIDER_ERROR_PARAM, failure.param())
        .set(EventField.EXCEPTION_CLASS, failure.exceptionClass())
        .set(EventField.ERROR_MESSAGE, failure.message());
    if (failure.type() == ErrorType.CLIENT_TIMEOUT) {
      // Nobody reports the usage of an answer that never came; the client knows what it has asked.
      event
          .set(EventField.INPUT_TOKENS, call.inputTokens())
          .set(EventField.USAGE_SOURCE, UsageSource.ESTIMATED);
    } else {
      event.set(EventField.USAGE_SOURCE, UsageSource.MISSING);
    }
  }

  private static Outcome outcomeOf(ErrorType type) {
    return switch (type) {
      case CONTENT_FILTER -> Outcome.REFUSED;
      case CANCELLED -> Outcome.CANCELLED;
      default -> Outcome.ERROR;
    };
  }

  /** Milliseconds, to the microsecond. */
  private static double micros(double millis) {
    return Math.round(millis * 1000) / 1000.0;
  }
}
