// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.UsageSource;
import dev.petrel.hook.contract.RecordingPublisher;
import dev.petrel.http.CallContext;
import dev.petrel.http.CallScope;
import dev.petrel.http.HttpCallObserver;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.net.SocketTimeoutException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

class UnobservedModelHandlerTest {

  private final RecordingPublisher publisher = new RecordingPublisher();
  private final HttpCallObserver observer =
      HttpCallObserver.newBuilder(publisher).service("support-bot").build();
  private final ObservationRegistry registry = ObservationRegistry.create();

  UnobservedModelHandlerTest() {
    registry
        .observationConfig()
        .observationHandler(new UnobservedModelHandler(observer, publisher));
  }

  private void call(
      String provider,
      boolean isStream,
      @Nullable ChatResponse response,
      @Nullable Throwable failure) {
    ChatModelObservationContext context =
        ChatModelObservationContext.builder()
            .provider(provider)
            .streaming(isStream)
            .prompt(
                new Prompt("Hi", ChatOptions.builder().model("some-model").maxTokens(77).build()))
            .build();
    Observation observation =
        Observation.createNotStarted("gen_ai.client.operation", () -> context, registry).start();
    if (response != null) {
      context.setResponse(response);
    }
    if (failure != null) {
      observation.error(failure);
    }
    observation.stop();
  }

  private static ChatResponse response(String finishReason) {
    return new ChatResponse(
        List.of(
            new Generation(
                new AssistantMessage("Hello"),
                ChatGenerationMetadata.builder().finishReason(finishReason).build())),
        ChatResponseMetadata.builder()
            .model("some-model-2026")
            .usage(new DefaultUsage(120, 30))
            .build());
  }

  private LlmCallEvent onlyEvent() {
    assertThat(publisher.events()).hasSize(1);
    return publisher.events().remove(0);
  }

  @Test
  void call_becomesAnEvent() {
    CallScope scope = CallContext.ofTenant("acme").withFeature("summary").open();
    call("bedrock_converse", false, response("stop"), null);
    scope.close();

    LlmCallEvent event = onlyEvent();
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.get(EventField.PROVIDER)).isEqualTo("aws.bedrock");
    assertThat(event.get(EventField.REQUEST_MODEL)).isEqualTo("some-model");
    assertThat(event.get(EventField.RESPONSE_MODEL)).isEqualTo("some-model-2026");
    assertThat(event.get(EventField.MAX_OUTPUT_TOKENS)).isEqualTo(77);
    assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(120);
    assertThat(event.get(EventField.OUTPUT_TOKENS)).isEqualTo(30);
    assertThat(event.get(EventField.USAGE_SOURCE)).isEqualTo(UsageSource.REPORTED);
    assertThat(event.get(EventField.STREAM)).isFalse();
    assertThat(event.get(EventField.ATTEMPT)).isNull();
    assertThat(event.get(EventField.CALL_ID)).isNotBlank();
    assertThat(event.get(EventField.DURATION_MS)).isNotNegative();
    assertThat(event.get(EventField.SERVICE)).isEqualTo("support-bot");
    assertThat(event.get(EventField.TENANT)).isEqualTo("acme");
    assertThat(event.get(EventField.FEATURE)).isEqualTo("summary");
  }

  @Test
  void call_thatAnHttpClientShows_isNotToldTwice() {
    call("openai", false, response("stop"), null);
    call("anthropic", true, response("stop"), null);

    assertThat(publisher.events()).isEmpty();
  }

  @Test
  void outcome_isThatOfTheFinishReason() {
    call("ollama", false, response("LENGTH"), null);
    assertThat(onlyEvent().outcome()).isEqualTo(Outcome.TRUNCATED);

    call("google_genai", false, response("SAFETY"), null);
    LlmCallEvent refused = onlyEvent();
    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.CONTENT_FILTER);
  }

  @Test
  void failure_isClassified_byItsCauseOrItsText() {
    call("ollama", false, null, new RuntimeException(new SocketTimeoutException("Read timed out")));
    LlmCallEvent timeout = onlyEvent();
    assertThat(timeout.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(timeout.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.CLIENT_TIMEOUT);
    assertThat(timeout.get(EventField.EXCEPTION_CLASS))
        .isEqualTo("java.net.SocketTimeoutException");
    assertThat(timeout.get(EventField.USAGE_SOURCE)).isNull();

    call(
        "mistral_ai",
        false,
        null,
        new IllegalStateException("HTTP 429 - {\"message\":\"Requests rate limit exceeded\"}"));
    assertThat(onlyEvent().get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.RATE_LIMIT);
  }

  @Test
  void streamWithoutAnswerAndError_isCancelled() {
    call("ollama", true, null, null);

    assertThat(onlyEvent().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void usageOfZero_isMissing() {
    call("ollama", true, new ChatResponse(response("stop").getResults()), null);

    LlmCallEvent event = onlyEvent();
    assertThat(event.get(EventField.USAGE_SOURCE)).isEqualTo(UsageSource.MISSING);
    assertThat(event.get(EventField.INPUT_TOKENS)).isNull();
  }
}
