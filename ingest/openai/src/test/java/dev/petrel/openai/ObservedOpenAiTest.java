// SPDX-License-Identifier: Apache-2.0
package dev.petrel.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.core.ClientOptions;
import com.openai.core.Timeout;
import com.openai.core.http.AsyncStreamResponse;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.OpenAIException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.services.async.chat.ChatCompletionServiceAsync;
import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.hook.contract.FakeProvider;
import dev.petrel.hook.contract.FakeProvider.Answer;
import dev.petrel.hook.contract.RecordingPublisher;
import dev.petrel.http.CallContext;
import dev.petrel.http.HttpCallObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.slf4j.MDC;

/** What becomes of the calls of the SDK itself, with its own retries. */
@org.junit.jupiter.api.Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class ObservedOpenAiTest {

  private final RecordingPublisher publisher = new RecordingPublisher();
  private final FakeProvider provider = new FakeProvider();
  private final HttpCallObserver observer = HttpCallObserver.newBuilder(publisher).build();

  @AfterEach
  void stopProvider() {
    MDC.clear();
    provider.close();
  }

  private Consumer<ClientOptions.Builder> options(Answer answer) {
    return options ->
        options
            .apiKey("some-key")
            .baseUrl(provider.baseUri(answer).toString())
            .timeout(
                Timeout.builder()
                    .read(answer.isEndless() ? Duration.ofMillis(1_500) : Duration.ofSeconds(30))
                    .build());
  }

  private OpenAIClient client(Answer answer) {
    return ObservedOpenAi.client(observer, options(answer));
  }

  private OpenAIClientAsync asyncClient(Answer answer) {
    return ObservedOpenAi.asyncClient(observer, options(answer));
  }

  private static ChatCompletionCreateParams hello() {
    return ChatCompletionCreateParams.builder().model("gpt-4o").addUserMessage("Hi").build();
  }

  private static ChatCompletionCreateParams helloStreamed() {
    return hello().toBuilder()
        .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
        .build();
  }

  private List<LlmCallEvent> events(int count) {
    await().untilAsserted(() -> assertThat(publisher.events()).hasSize(count));
    assertThat(observer.failures()).isZero();
    return publisher.events();
  }

  private static void assertUsage(LlmCallEvent event) {
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.get(EventField.REQUEST_MODEL)).isEqualTo("gpt-4o");
    assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(120);
    assertThat(event.get(EventField.OUTPUT_TOKENS)).isEqualTo(30);
  }

  private static void assertRetries(List<LlmCallEvent> events) {
    assertThat(events)
        .extracting(event -> event.get(EventField.ATTEMPT))
        .containsExactly(0L, 1L, 2L);
    assertThat(events).extracting(event -> event.get(EventField.CALL_ID)).doesNotContainNull();
    assertThat(events)
        .extracting(event -> event.get(EventField.CALL_ID))
        .containsOnly(events.get(0).get(EventField.CALL_ID));
    assertThat(events)
        .extracting(event -> event.get(EventField.ERROR_TYPE))
        .containsExactly(ErrorType.SERVER_ERROR, ErrorType.RATE_LIMIT, null);
    assertThat(events)
        .extracting(event -> event.get(EventField.RETRIED_ERROR_TYPE))
        .containsExactly(null, ErrorType.SERVER_ERROR, ErrorType.RATE_LIMIT);
    assertThat(events.get(0).get(EventField.RETRY_DELAY_MS)).isNull();
    assertThat(events.get(1).get(EventField.RETRY_DELAY_MS)).isPositive();
    // The SDK does as the provider's retry-after-ms says.
    assertThat(events.get(2).get(EventField.RETRY_DELAY_MS)).isBetween(100L, 5_000L);
    assertUsage(events.get(2));
  }

  @Test
  void create_becomesAnEvent() {
    var completion = client(Answer.OK).chat().completions().create(hello());

    assertThat(completion.choices().get(0).message().content()).contains("Hello");
    LlmCallEvent event = events(1).get(0);
    assertUsage(event);
    assertThat(event.get(EventField.SDK)).startsWith("OpenAIClientImpl/Java");
    assertThat(event.get(EventField.ATTEMPT)).isZero();
  }

  @Test
  void create_ofTheAsyncClient_becomesAnEvent() {
    var completion = asyncClient(Answer.OK).chat().completions().create(hello()).join();

    assertThat(completion.choices()).hasSize(1);
    assertUsage(events(1).get(0));
  }

  @Test
  void createStreaming_becomesAnEventWithTheUsageOfItsEnd() {
    try (StreamResponse<ChatCompletionChunk> chunks =
        client(Answer.STREAM).chat().completions().createStreaming(helloStreamed())) {
      assertThat(chunks.stream()).hasSize(22);
    }

    LlmCallEvent event = events(1).get(0);
    assertUsage(event);
    assertThat(event.get(EventField.STREAM)).isTrue();
    assertThat(event.get(EventField.TIME_TO_FIRST_CHUNK_MS)).isPositive();
  }

  @Test
  void createStreaming_closedEarly_isCancelled() {
    try (StreamResponse<ChatCompletionChunk> chunks =
        client(Answer.STREAM_STALLED).chat().completions().createStreaming(helloStreamed())) {
      assertThat(chunks.stream().findFirst()).isPresent();
    }

    assertThat(events(1).get(0).outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void createStreaming_thatBreaks_isInterrupted() {
    for (Answer answer : new Answer[] {Answer.STREAM_CUT, Answer.STREAM_STALLED}) {
      publisher.events().clear();
      assertThatThrownBy(
              () -> {
                try (StreamResponse<ChatCompletionChunk> chunks =
                    client(answer).chat().completions().createStreaming(helloStreamed())) {
                  long unused = chunks.stream().count();
                }
              })
          .isInstanceOf(RuntimeException.class);

      assertThat(events(1).get(0).get(EventField.ERROR_TYPE))
          .isEqualTo(ErrorType.STREAM_INTERRUPTED);
    }
  }

  @Test
  void createStreaming_withAnErrorInTheStream_isNotGivenUp() {
    assertThatThrownBy(
            () -> {
              try (StreamResponse<ChatCompletionChunk> chunks =
                  client(Answer.STREAM_ERROR)
                      .chat()
                      .completions()
                      .createStreaming(helloStreamed())) {
                long unused = chunks.stream().count();
              }
            })
        .isInstanceOf(OpenAIException.class);

    LlmCallEvent event = events(1).get(0);
    assertThat(event.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.SERVER_ERROR);
  }

  @Test
  void retries_areAttemptsOfOneCall() throws Exception {
    provider.answerNext(Answer.SERVER_ERROR, Answer.RATE_LIMIT);
    OpenAIClient client = client(Answer.OK);
    var unused =
        CallContext.ofTenant("acme").call(() -> client.chat().completions().create(hello()));

    assertRetries(events(3));
    assertThat(events(3))
        .extracting(event -> event.get(EventField.TENANT))
        .containsExactly("acme", "acme", "acme");
  }

  @Test
  void retries_ofTheAsyncClient_areAttemptsOfOneCall() {
    provider.answerNext(Answer.SERVER_ERROR, Answer.RATE_LIMIT);
    OpenAIClientAsync client = asyncClient(Answer.OK);
    var unused = client.chat().completions().create(hello()).join();

    assertRetries(events(3));
  }

  @Test
  void asyncClient_hasTheContextOfTheCallersThread_andTellsNobody() throws Exception {
    provider.answerNext(Answer.SERVER_ERROR, Answer.RATE_LIMIT);
    ChatCompletionServiceAsync completions = asyncClient(Answer.OK).chat().completions();
    MDC.put("tenant", "of-the-mdc");
    var unused =
        CallContext.ofTenant("acme")
            .withFeature("summary")
            .call(() -> completions.create(hello()))
            .join();
    unused = completions.withRawResponse().create(hello()).join().parse();
    MDC.clear();
    unused = completions.create(hello()).join();

    assertThat(events(5))
        .extracting(event -> event.get(EventField.TENANT))
        .containsExactly("acme", "acme", "acme", "of-the-mdc", null);
    assertThat(events(5).get(2).get(EventField.FEATURE)).isEqualTo("summary");
    assertThat(provider.requestHeaders())
        .hasSize(5)
        .noneMatch(headers -> headers.containsKey(HttpCallObserver.CONTEXT_HEADER));
  }

  @Test
  void createStreaming_ofTheAsyncClient_hasTheContextOfTheCallersThread() throws Exception {
    OpenAIClientAsync client = asyncClient(Answer.STREAM);
    AtomicInteger chunks = new AtomicInteger();
    AsyncStreamResponse<ChatCompletionChunk> stream =
        CallContext.ofTenant("acme")
            .call(() -> client.chat().completions().createStreaming(helloStreamed()));
    var unused = stream.subscribe(chunk -> chunks.incrementAndGet()).onCompleteFuture().join();

    assertThat(chunks).hasValue(22);
    LlmCallEvent event = events(1).get(0);
    assertUsage(event);
    assertThat(event.get(EventField.TENANT)).isEqualTo("acme");
    assertThat(provider.requestHeaders().get(0)).doesNotContainKey(HttpCallObserver.CONTEXT_HEADER);
  }

  @Test
  void asyncClient_throwsAsTheSdkDoes() {
    assertThatThrownBy(
            () -> asyncClient(Answer.BAD_KEY).chat().completions().create(hello()).join())
        .hasCauseInstanceOf(UnauthorizedException.class);
    ChatCompletionCreateParams none = null;
    assertThatThrownBy(() -> asyncClient(Answer.OK).chat().completions().create(none))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void otherRequests_tellNobodyOfTheContextEither() throws Exception {
    OpenAIClientAsync client = asyncClient(Answer.OK);
    var unused =
        CallContext.ofTenant("acme").call(() -> client.models().list().exceptionally(e -> null));

    await().untilAsserted(() -> assertThat(provider.requestHeaders()).hasSize(1));
    assertThat(provider.requestHeaders().get(0)).doesNotContainKey(HttpCallObserver.CONTEXT_HEADER);
    assertThat(publisher.events()).isEmpty();
  }

  @Test
  void retries_withoutTheSdksNumbers_areAttemptsOfOneCall() {
    provider.answerNext(Answer.SERVER_ERROR, Answer.RATE_LIMIT);
    OpenAIClient client =
        ObservedOpenAi.client(observer, options(Answer.OK).andThen(o -> o.disableTelemetry(true)));
    var unused = client.chat().completions().create(hello());

    assertRetries(events(3));
  }

  @Test
  void amplification_isAttemptsPerCall() {
    OpenAIClient client = client(Answer.OK);
    provider.answerNext(Answer.OVERLOADED, Answer.OVERLOADED, Answer.OK, Answer.OK);
    for (int i = 0; i < 2; i++) {
      var unused = client.chat().completions().create(hello());
    }

    List<LlmCallEvent> events = events(4);
    long calls = events.stream().map(event -> event.get(EventField.CALL_ID)).distinct().count();
    assertThat((double) events.size() / calls).isEqualTo(2.0);
  }

  @Test
  void exhaustedQuota_isToldInRetriedAttemptsToo() {
    assertThatThrownBy(() -> client(Answer.QUOTA).chat().completions().create(hello()))
        .hasMessageContaining("quota");

    assertThat(events(3))
        .extracting(event -> event.get(EventField.ERROR_TYPE))
        .containsOnly(ErrorType.QUOTA_EXHAUSTED);
  }

  @Test
  void whatIsNotRetried_isOneEvent() {
    assertThatThrownBy(() -> client(Answer.BAD_KEY).chat().completions().create(hello()))
        .isInstanceOf(UnauthorizedException.class);
    assertThat(events(1).get(0).get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.AUTHENTICATION);

    publisher.events().clear();
    assertThatThrownBy(() -> client(Answer.CONTEXT_LENGTH).chat().completions().create(hello()))
        .isInstanceOf(BadRequestException.class);
    assertThat(events(1).get(0).get(EventField.ERROR_TYPE))
        .isEqualTo(ErrorType.CONTEXT_LENGTH_EXCEEDED);

    publisher.events().clear();
    assertThatThrownBy(() -> client(Answer.GARBAGE).chat().completions().create(hello()))
        .isInstanceOf(RuntimeException.class);
    assertThat(events(1).get(0).outcome()).isEqualTo(Outcome.ERROR);
  }

  @Test
  void cancelledFuture_endsNothing_asTheSdkDoesNotPassItOn() {
    OpenAIClientAsync client =
        ObservedOpenAi.asyncClient(observer, options(Answer.SILENT).andThen(o -> o.maxRetries(0)));
    CompletableFuture<?> call = client.chat().completions().create(hello());
    call.cancel(true);

    assertThat(events(1).get(0).get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.CLIENT_TIMEOUT);
  }
}
