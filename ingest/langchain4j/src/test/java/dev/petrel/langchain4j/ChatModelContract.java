// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.hook.contract.FakeProvider;
import dev.petrel.hook.contract.FakeProvider.Answer;
import dev.petrel.hook.contract.RecordingPublisher;
import dev.petrel.http.CallContext;
import dev.petrel.http.CallScope;
import dev.petrel.http.HttpCallObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of calls of LangChain4j's models for OpenAI, whichever client they use. */
@Timeout(60)
abstract class ChatModelContract {

  private static final ChatRequest REQUEST =
      ChatRequest.builder().messages(UserMessage.from("Hi")).build();
  private static final ChatRequestOptions OF_ACME =
      ChatRequestOptions.builder()
          .addListenerAttribute(CallContextListener.TENANT, "acme")
          .addListenerAttribute(CallContextListener.USER, "jane@example.com")
          .addListenerAttribute(CallContextListener.CONVERSATION_ID, "c-17")
          .addListenerAttribute(CallContextListener.FEATURE, "summary")
          .build();

  final RecordingPublisher publisher = new RecordingPublisher();
  final FakeProvider provider = new FakeProvider();
  final HttpCallObserver observer =
      HttpCallObserver.newBuilder(publisher)
          .service("support-bot")
          .hashKey("sixteen bytes or more")
          .build();

  /** A builder of the clients under test. */
  abstract HttpClientBuilder clients();

  @AfterEach
  void stopProvider() {
    provider.close();
    assertThat(CallScope.current()).isEqualTo(CallContext.NONE);
    assertThat(observer.failures()).isZero();
  }

  /** Time-outs only where one is to run out: else a busy machine would make more of them. */
  private static Duration timeout(Answer answer) {
    return answer.isEndless() ? Duration.ofMillis(700) : Duration.ofSeconds(30);
  }

  private ChatModel model(Answer answer) {
    return OpenAiChatModel.builder()
        .httpClientBuilder(clients())
        .baseUrl(provider.baseUri(answer).toString())
        .apiKey("some-key")
        .modelName("gpt-4o")
        .timeout(timeout(answer))
        .maxRetries(1)
        .listeners(new CallContextListener())
        .build();
  }

  private StreamingChatModel streamingModel(Answer answer) {
    return OpenAiStreamingChatModel.builder()
        .httpClientBuilder(clients())
        .baseUrl(provider.baseUri(answer).toString())
        .apiKey("some-key")
        .modelName("gpt-4o")
        .timeout(timeout(answer))
        .listeners(new CallContextListener())
        .build();
  }

  @Test
  void chat_becomesAnEvent() {
    ChatResponse response = model(Answer.OK).chat(REQUEST, OF_ACME);

    assertThat(response.aiMessage().text()).isEqualTo("Hello");
    LlmCallEvent event = events(1).get(0);
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.get(EventField.REQUEST_MODEL)).isEqualTo("gpt-4o");
    assertThat(event.get(EventField.RESPONSE_MODEL)).isEqualTo(FakeProvider.MODEL);
    assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(120);
    assertThat(event.get(EventField.OUTPUT_TOKENS)).isEqualTo(30);
    assertThat(event.get(EventField.HTTP_STATUS)).isEqualTo(200);
    assertThat(event.get(EventField.REQUEST_ID)).isEqualTo("req_ok");
    assertThat(event.get(EventField.SERVICE)).isEqualTo("support-bot");
    assertIsOfAcme(event);
  }

  private static void assertIsOfAcme(LlmCallEvent event) {
    assertThat(event.get(EventField.TENANT)).isEqualTo("acme");
    assertThat(event.get(EventField.USER)).matches("[0-9a-f]{16}");
    assertThat(event.get(EventField.CONVERSATION_ID)).isEqualTo("c-17");
    assertThat(event.get(EventField.FEATURE)).isEqualTo("summary");
  }

  @ParameterizedTest
  @CsvSource({
    "BAD_KEY, AUTHENTICATION, 401, 1",
    "RATE_LIMIT, RATE_LIMIT, 429, 2",
    "QUOTA, QUOTA_EXHAUSTED, 429, 2",
    "CONTEXT_LENGTH, CONTEXT_LENGTH_EXCEEDED, 400, 1",
    "SERVER_ERROR, SERVER_ERROR, 500, 2",
    "OVERLOADED, OVERLOADED, 503, 2",
    "SILENT, CLIENT_TIMEOUT,, 2"
  })
  void failedChat_hasAnEventForEachAttempt(
      Answer answer, ErrorType type, @Nullable Long status, int attempts) {
    ChatModel model = model(answer);
    assertThatThrownBy(() -> model.chat(REQUEST, OF_ACME)).isInstanceOf(RuntimeException.class);

    assertThat(events(attempts))
        .allSatisfy(
            event -> {
              assertThat(event.outcome()).isEqualTo(Outcome.ERROR);
              assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(type);
              assertThat(event.get(EventField.HTTP_STATUS)).isEqualTo(status);
              assertIsOfAcme(event);
            });
  }

  @Test
  void retriedChat_isOneCall() {
    provider.answerNext(Answer.SERVER_ERROR, Answer.OK);
    ChatResponse unused = model(Answer.OK).chat(REQUEST, OF_ACME);

    List<LlmCallEvent> events = events(2);
    assertThat(events)
        .extracting(LlmCallEvent::outcome)
        .containsExactly(Outcome.ERROR, Outcome.SUCCESS);
    assertThat(events).extracting(event -> event.get(EventField.ATTEMPT)).containsExactly(0L, 1L);
    assertThat(events.get(1).get(EventField.CALL_ID))
        .isEqualTo(events.get(0).get(EventField.CALL_ID));
    assertThat(events.get(1).get(EventField.RETRIED_ERROR_TYPE)).isEqualTo(ErrorType.SERVER_ERROR);
    assertThat(events.get(1).get(EventField.RETRY_DELAY_MS)).isGreaterThan(100);
    assertThat(events).allSatisfy(ChatModelContract::assertIsOfAcme);
  }

  @Test
  void attributes_completeWhatTheThreadHas_andNoMore() throws Exception {
    ChatModel model = model(Answer.OK);
    CallContext ofGlobex = CallContext.ofTenant("globex").withFeature("search");
    ChatResponse unused = ofGlobex.call(() -> model.chat(REQUEST));
    unused =
        ofGlobex.call(
            () ->
                model.chat(
                    REQUEST,
                    ChatRequestOptions.builder()
                        .addListenerAttribute(CallContextListener.TENANT, "acme")
                        .addListenerAttribute(CallContextListener.USER, " ")
                        .build()));
    unused = model.chat(REQUEST);

    assertThat(events(3))
        .extracting(event -> event.get(EventField.TENANT))
        .containsExactly("globex", "acme", null);
    assertThat(publisher.events())
        .extracting(event -> event.get(EventField.FEATURE))
        .containsExactly("search", "search", null);
    assertThat(publisher.events()).allSatisfy(e -> assertThat(e.get(EventField.USER)).isNull());
  }

  @Test
  void stream_becomesAnEventWithTheUsageOfItsEnd() throws Exception {
    Collector answer = new Collector();
    streamingModel(Answer.STREAM).chat(REQUEST, OF_ACME, answer);
    assertThat(CallScope.current()).isEqualTo(CallContext.NONE);

    assertThat(answer.text()).startsWith("word word ");
    LlmCallEvent event = events(1).get(0);
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.get(EventField.STREAM)).isTrue();
    assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(120);
    assertThat(event.get(EventField.OUTPUT_TOKENS)).isEqualTo(30);
    assertThat(event.get(EventField.REQUEST_ID)).isEqualTo("req_stream");
    assertThat(event.get(EventField.TIME_TO_FIRST_CHUNK_MS)).isPositive();
    assertIsOfAcme(event);
  }

  @ParameterizedTest
  @CsvSource({
    "BAD_KEY, AUTHENTICATION, 401",
    "RATE_LIMIT, RATE_LIMIT, 429",
    "QUOTA, QUOTA_EXHAUSTED, 429",
    "CONTEXT_LENGTH, CONTEXT_LENGTH_EXCEEDED, 400",
    "SERVER_ERROR, SERVER_ERROR, 500",
    "SILENT, CLIENT_TIMEOUT,",
    "CLOSED, NETWORK,",
    "STREAM_CUT, STREAM_INTERRUPTED, 200",
    "STREAM_ENDED_EARLY, STREAM_INTERRUPTED, 200",
    "STREAM_ERROR, SERVER_ERROR, 200"
  })
  void failedStream_hasItsType(Answer answer, ErrorType type, @Nullable Long status) {
    streamingModel(answer).chat(REQUEST, OF_ACME, new Collector());

    LlmCallEvent event = events(1).get(0);
    assertThat(event.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(type);
    assertThat(event.get(EventField.HTTP_STATUS)).isEqualTo(status);
    assertIsOfAcme(event);
  }

  @Test
  void cancelledStream_isNoError() {
    streamingModel(Answer.STREAM_STALLED)
        .chat(
            REQUEST,
            OF_ACME,
            new Collector() {
              @Override
              public void onPartialResponse(
                  PartialResponse partialResponse, PartialResponseContext context) {
                context.streamingHandle().cancel();
              }
            });

    assertThat(events(1).get(0).outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void streamThatFailsBeforeItsRequest_leavesNothingToTheNextCall() {
    StreamingChatModel failing =
        new StreamingChatModel() {
          @Override
          public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
            throw new UnsupportedOperationException("tools");
          }

          @Override
          public List<ChatModelListener> listeners() {
            return List.of(new CallContextListener());
          }
        };
    assertThatThrownBy(() -> failing.chat(REQUEST, OF_ACME, new Collector()))
        .isInstanceOf(UnsupportedOperationException.class);
    ChatResponse unused = model(Answer.OK).chat(REQUEST);

    assertThat(events(1).get(0).get(EventField.TENANT)).isNull();
  }

  List<LlmCallEvent> events(int count) {
    await().untilAsserted(() -> assertThat(publisher.events()).hasSize(count));
    return publisher.events();
  }

  /** Waits for a stream's end. */
  private static class Collector implements StreamingChatResponseHandler {
    private final CompletableFuture<String> text = new CompletableFuture<>();

    String text() throws Exception {
      return text.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void onPartialResponse(String partialResponse) {}

    @Override
    public void onCompleteResponse(ChatResponse response) {
      text.complete(response.aiMessage().text());
    }

    @Override
    public void onError(Throwable error) {
      text.completeExceptionally(error);
    }
  }
}
