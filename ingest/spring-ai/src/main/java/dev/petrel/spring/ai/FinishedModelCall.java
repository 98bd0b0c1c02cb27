// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.UsageSource;
import dev.petrel.event.errors.Classification;
import dev.petrel.event.errors.ErrorClassifier;
import dev.petrel.event.errors.ErrorReport;
import dev.petrel.event.redaction.Redactor;
import dev.petrel.http.FinishReasons;
import dev.petrel.http.HttpAttempt;
import dev.petrel.http.HttpCallObserver;
import dev.petrel.publisher.PendingCall;
import dev.petrel.spring.ai.UnobservedModelHandler.Start;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.prompt.ChatOptions;

/** A chat model's call that is over, as Spring AI's observation shows it. */
final class FinishedModelCall implements PendingCall {

  private static final double NANOS_PER_MS = 1e6;
  private final HttpCallObserver observer;
  private final Start start;
  private final double durationMs;
  private final String provider;
  private final boolean isStream;
  private final @Nullable ChatOptions options;
  private final @Nullable ChatResponseMetadata metadata;
  private final @Nullable Throwable failure;
  private final Outcome outcome;

  /** Keeps neither prompt nor answer. */
  FinishedModelCall(
      HttpCallObserver observer, ChatModelObservationContext call, Start start, long endNanos) {
    this.observer = observer;
    this.start = start;
    durationMs = Math.max(endNanos - start.nanos(), 0) / NANOS_PER_MS;
    provider = canonical(call.getOperationMetadata().provider());
    isStream = call.isStreaming();
    options = call.getRequest().getOptions();
    ChatResponse response = call.getResponse();
    metadata = response == null ? null : response.getMetadata();
    failure = call.getError() == null ? null : HttpAttempt.withoutWrappers(call.getError());
    outcome = outcome(response);
  }

  /** The provider's name in OpenTelemetry, for Spring AI's. */
  private static String canonical(String provider) {
    return switch (provider) {
      case "bedrock_converse" -> "aws.bedrock";
      case "google_genai" -> "gcp.gemini";
      case "vertex_ai" -> "gcp.vertex_ai";
      default -> provider;
    };
  }

  private Outcome outcome(@Nullable ChatResponse response) {
    if (failure instanceof CancellationException || failure instanceof InterruptedException) {
      return Outcome.CANCELLED;
    }
    if (failure != null) {
      return Outcome.ERROR;
    }
    if (response == null) {
      // Only a stream that nobody read to its end has neither an answer nor an error.
      return isStream ? Outcome.CANCELLED : Outcome.ERROR;
    }
    return FinishReasons.outcome(
        response.getResult() == null ? null : response.getResult().getMetadata().getFinishReason());
  }

  @Override
  public Outcome outcome() {
    return outcome;
  }

  @Override
  public int estimatedBytes() {
    return 1_000;
  }

  @Override
  public LlmCallEvent toEvent() {
    LlmCallEvent.Builder event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, UUID.randomUUID().toString())
            .set(EventField.CALL_ID, UUID.randomUUID().toString())
            .set(EventField.TIMESTAMP, start.millis())
            .set(EventField.OUTCOME, outcome)
            .set(EventField.FINAL, true)
            .set(EventField.PROVIDER, provider)
            .set(EventField.OPERATION, "chat")
            .set(EventField.STREAM, isStream)
            .set(EventField.DURATION_MS, durationMs)
            .set(EventField.SDK, "spring-ai");
    if (options != null) {
      event.set(EventField.REQUEST_MODEL, text(options.getModel()));
      Integer maxTokens = options.getMaxTokens();
      event.set(EventField.MAX_OUTPUT_TOKENS, maxTokens == null ? null : Long.valueOf(maxTokens));
    }
    if (metadata != null) {
      event.set(EventField.RESPONSE_MODEL, text(metadata.getModel()));
      putUsage(event, metadata.getUsage());
    }
    putError(event);
    return observer.complete(event, start.context()).build();
  }

  private static void putUsage(LlmCallEvent.Builder event, @Nullable Usage usage) {
    // Spring AI has zeros for what was not told, and no call is without input.
    boolean isReported =
        usage != null && usage.getPromptTokens() != null && usage.getPromptTokens() > 0;
    event.set(EventField.USAGE_SOURCE, isReported ? UsageSource.REPORTED : UsageSource.MISSING);
    if (usage != null && isReported) {
      event.set(EventField.INPUT_TOKENS, Long.valueOf(usage.getPromptTokens()));
      Integer output = usage.getCompletionTokens();
      event.set(EventField.OUTPUT_TOKENS, output == null ? null : Long.valueOf(output));
    }
  }

  private void putError(LlmCallEvent.Builder event) {
    if (outcome == Outcome.REFUSED) {
      event.set(EventField.ERROR_TYPE, ErrorType.CONTENT_FILTER);
    }
    if (outcome != Outcome.ERROR && outcome != Outcome.CANCELLED) {
      return;
    }
    Classification found =
        ErrorClassifier.standard()
            .classify(
                new ErrorReport(
                    provider,
                    null,
                    Map.of(),
                    failure == null ? null : failure.getMessage(),
                    failure,
                    outcome == Outcome.CANCELLED));
    event
        .set(EventField.ERROR_TYPE, found.type())
        .set(EventField.ERROR_DETAIL, found.detail())
        .set(EventField.PROVIDER_ERROR_TYPE, found.providerType())
        .set(EventField.PROVIDER_ERROR_CODE, found.providerCode());
    if (found.message() != null) {
      event.set(
          EventField.ERROR_MESSAGE,
          Redactor.standard().redact(found.message(), EventField.MESSAGE_LENGTH));
    }
    if (failure != null) {
      event.set(EventField.EXCEPTION_CLASS, failure.getClass().getName());
    }
  }

  private static @Nullable String text(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }

  /** Without the failure: its message may quote a prompt or a key. */
  @Override
  public String toString() {
    return "FinishedModelCall{" + provider + " " + outcome.wireName() + "}";
  }
}
