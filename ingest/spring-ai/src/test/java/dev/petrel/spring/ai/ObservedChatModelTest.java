// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.MDC;
import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.anthropic.http.okhttp.AnthropicHttpClientBuilderCustomizer;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.openai.autoconfigure.OpenAiChatAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import reactor.core.scheduler.Schedulers;

/** What becomes of the calls of an application that has Petrel on its class path, and no more. */
@Timeout(60)
class ObservedChatModelTest {

  /** The options of Spring AI's prompts have a timeout of their own, before that of the client. */
  private static final OpenAiHttpClientBuilderCustomizer IMPATIENCE =
      builder ->
          builder.interceptor(
              chain ->
                  chain.withReadTimeout(1_500, TimeUnit.MILLISECONDS).proceed(chain.request()));

  private final RecordingPublisher publisher = new RecordingPublisher();
  private final FakeProvider provider = new FakeProvider();
  private final ObservationRegistry observations = ObservationRegistry.create();

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  PetrelAutoConfiguration.class,
                  ObservedModelsAutoConfiguration.class,
                  ToolCallingAutoConfiguration.class,
                  OpenAiChatAutoConfiguration.class,
                  ChatClientAutoConfiguration.class))
          .withBean("publisher", RecordingPublisher.class, () -> publisher)
          .withBean(ObservationRegistry.class, () -> observations)
          .withBean("impatience", OpenAiHttpClientBuilderCustomizer.class, () -> IMPATIENCE)
          .withPropertyValues(
              "spring.application.name=support-bot",
              "petrel.hash-key=sixteen bytes or more",
              "spring.ai.openai.api-key=some-key",
              "spring.ai.openai.chat.model=gpt-4o");

  @AfterEach
  void stopProvider() {
    provider.close();
    MDC.clear();
    assertThat(CallScope.current()).isEqualTo(CallContext.NONE);
    assertThat(provider.requestHeaders())
        .isNotEmpty()
        .noneMatch(headers -> headers.containsKey(HttpCallObserver.CONTEXT_HEADER));
  }

  /** Runs an application whose provider answers so; {@code maxRetries} is the SDK's own setting. */
  private void run(Answer answer, int maxRetries, Consumer<ApplicationContext> test) {
    application
        .withPropertyValues(
            "spring.ai.openai.base-url=" + provider.baseUri(answer),
            "spring.ai.openai.max-retries=" + maxRetries)
        .run(
            context -> {
              // As Spring Boot does where Micrometer's observations are auto-configured.
              context
                  .getBeansOfType(ObservationHandler.class)
                  .values()
                  .forEach(observations.observationConfig()::observationHandler);
              test.accept(context);
              assertThat(context.getBean(HttpCallObserver.class).failures()).isZero();
            });
  }

  private void run(Answer answer, Consumer<ApplicationContext> test) {
    run(answer, 2, test);
  }

  private static ChatClient client(ApplicationContext context) {
    return context.getBean(ChatClient.Builder.class).build();
  }

  private static ChatClient.ChatClientRequestSpec promptOfAcme(ApplicationContext context) {
    return client(context)
        .prompt("Hi")
        .advisors(
            advisors ->
                advisors
                    .param(CallContextAdvisor.TENANT, "acme")
                    .param(CallContextAdvisor.USER, "jane@example.com")
                    .param(CallContextAdvisor.FEATURE, "summary")
                    .param(ChatMemory.CONVERSATION_ID, "c-17"));
  }

  private static void assertIsOfAcme(LlmCallEvent event) {
    assertThat(event.get(EventField.TENANT)).isEqualTo("acme");
    assertThat(event.get(EventField.USER)).matches("[0-9a-f]{16}");
    assertThat(event.get(EventField.CONVERSATION_ID)).isEqualTo("c-17");
    assertThat(event.get(EventField.FEATURE)).isEqualTo("summary");
  }

  private static void assertUsage(LlmCallEvent event) {
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.get(EventField.SERVICE)).isEqualTo("support-bot");
    assertThat(event.get(EventField.PROVIDER)).isEqualTo("openai");
    assertThat(event.get(EventField.REQUEST_MODEL)).isEqualTo("gpt-4o");
    assertThat(event.get(EventField.RESPONSE_MODEL)).isEqualTo(FakeProvider.MODEL);
    assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(120);
    assertThat(event.get(EventField.OUTPUT_TOKENS)).isEqualTo(30);
    assertThat(event.get(EventField.HTTP_STATUS)).isEqualTo(200);
  }

  private List<LlmCallEvent> events(int count) {
    await().untilAsserted(() -> assertThat(publisher.events()).hasSize(count));
    return publisher.events();
  }

  @Test
  void call_becomesAnEvent() {
    run(
        Answer.OK,
        context -> {
          ChatModel model = context.getBean(ChatModel.class);
          assertThat(model.call("Hi")).isEqualTo("Hello");
          LlmCallEvent event = events(1).get(0);
          assertUsage(event);
          assertThat(event.get(EventField.REQUEST_ID)).isEqualTo("req_ok");
          assertThat(event.get(EventField.TENANT)).isNull();
        });
  }

  @Test
  void call_ofAChatModel_hasTheContextOfTheThread() {
    run(
        Answer.OK,
        context -> {
          ChatModel model = context.getBean(ChatModel.class);
          MDC.put("tenant", "of-the-mdc");
          String unused = model.call("Hi");
          CallScope scope = CallContext.ofTenant("acme").open();
          unused = model.call("Hi");
          scope.close();

          assertThat(events(2))
              .extracting(event -> event.get(EventField.TENANT))
              .containsExactly("of-the-mdc", "acme");
        });
  }

  @Test
  void call_ofAChatClient_hasWhatItsParametersSay() {
    run(
        Answer.OK,
        context -> {
          assertThat(promptOfAcme(context).call().content()).isEqualTo("Hello");
          assertIsOfAcme(events(1).get(0));
        });
  }

  @Test
  void stream_subscribedOnAnotherThread_hasWhatItsParametersSay() {
    run(
        Answer.STREAM,
        context -> {
          List<String> words =
              promptOfAcme(context).stream()
                  .content()
                  .subscribeOn(Schedulers.boundedElastic())
                  .collectList()
                  .block();

          assertThat(words).hasSizeGreaterThanOrEqualTo(20);
          LlmCallEvent event = events(1).get(0);
          assertUsage(event);
          assertIsOfAcme(event);
          assertThat(event.get(EventField.STREAM)).isTrue();
          assertThat(event.get(EventField.TIME_TO_FIRST_CHUNK_MS)).isPositive();
        });
  }

  @Test
  void stream_hasTheContextOfReactor_elseOfTheSubscribingThread() {
    run(
        Answer.STREAM,
        context -> {
          ChatClient client = client(context);
          MDC.put("tenant", "of-the-mdc");
          String unused = client.prompt("Hi").stream().content().blockLast();
          CallScope scope = CallContext.ofTenant("of-the-thread").open();
          unused = client.prompt("Hi").stream().content().blockLast();
          unused =
              client.prompt("Hi").stream()
                  .content()
                  .contextWrite(view -> view.put(CallContext.class, CallContext.ofTenant("acme")))
                  .subscribeOn(Schedulers.parallel())
                  .blockLast();
          scope.close();

          assertThat(events(3))
              .extracting(event -> event.get(EventField.TENANT))
              .containsExactly("of-the-mdc", "of-the-thread", "acme");
        });
  }

  @Test
  void stream_ofAChatModel_hasTheContextThatItsPromptCarries() {
    run(
        Answer.STREAM,
        context -> {
          ChatModel model = context.getBean(ChatModel.class);
          Prompt prompt =
              context
                  .getBean(ContextPrompts.class)
                  .carrying(model, new Prompt("Hi"), CallContext.ofTenant("acme"));
          var unused = model.stream(prompt).subscribeOn(Schedulers.parallel()).blockLast();

          LlmCallEvent event = events(1).get(0);
          assertUsage(event);
          assertThat(event.get(EventField.TENANT)).isEqualTo("acme");
        });
  }

  @Test
  void retries_areAttemptsOfOneCall() {
    provider.answerNext(Answer.SERVER_ERROR, Answer.RATE_LIMIT);
    run(
        Answer.OK,
        context -> {
          String unused = promptOfAcme(context).call().content();
          assertRetries(events(3));
        });
  }

  @Test
  void retries_ofAStream_areAttemptsOfOneCall() {
    provider.answerNext(Answer.SERVER_ERROR, Answer.RATE_LIMIT);
    run(
        Answer.STREAM,
        context -> {
          String unused = promptOfAcme(context).stream().content().blockLast();
          assertRetries(events(3));
        });
  }

  private static void assertRetries(List<LlmCallEvent> events) {
    assertThat(events)
        .extracting(event -> event.get(EventField.ATTEMPT))
        .containsExactly(0L, 1L, 2L);
    assertThat(events)
        .extracting(event -> event.get(EventField.CALL_ID))
        .doesNotContainNull()
        .containsOnly(events.get(0).get(EventField.CALL_ID));
    assertThat(events)
        .extracting(event -> event.get(EventField.ERROR_TYPE))
        .containsExactly(ErrorType.SERVER_ERROR, ErrorType.RATE_LIMIT, null);
    assertThat(events)
        .extracting(event -> event.get(EventField.RETRIED_ERROR_TYPE))
        .containsExactly(null, ErrorType.SERVER_ERROR, ErrorType.RATE_LIMIT);
    assertThat(events).allSatisfy(ObservedChatModelTest::assertIsOfAcme);
    assertUsage(events.get(2));
  }

  @ParameterizedTest
  @CsvSource({
    "BAD_KEY, AUTHENTICATION, 401",
    "RATE_LIMIT, RATE_LIMIT, 429",
    "QUOTA, QUOTA_EXHAUSTED, 429",
    "BAD_PARAMETER, INVALID_REQUEST, 400",
    "CONTEXT_LENGTH, CONTEXT_LENGTH_EXCEEDED, 400",
    "SERVER_ERROR, SERVER_ERROR, 500",
    "OVERLOADED, OVERLOADED, 503",
    "CUT, STREAM_INTERRUPTED, 200",
    "GARBAGE, STREAM_INTERRUPTED, 200",
    "SILENT, CLIENT_TIMEOUT,",
  })
  void failedCall_hasItsType(Answer answer, ErrorType type, @Nullable Long status) {
    run(
        answer,
        0,
        context -> {
          assertThatThrownBy(() -> promptOfAcme(context).call().content())
              .isInstanceOf(RuntimeException.class);
          assertFailure(events(1).get(0), type, status);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "BAD_KEY, AUTHENTICATION, 401",
    "RATE_LIMIT, RATE_LIMIT, 429",
    "QUOTA, QUOTA_EXHAUSTED, 429",
    "CONTEXT_LENGTH, CONTEXT_LENGTH_EXCEEDED, 400",
    "SERVER_ERROR, SERVER_ERROR, 500",
    "OVERLOADED, OVERLOADED, 503",
    "STREAM_CUT, STREAM_INTERRUPTED, 200",
    "STREAM_STALLED, STREAM_INTERRUPTED, 200",
    "STREAM_ERROR, SERVER_ERROR, 200",
    "SILENT, CLIENT_TIMEOUT,",
  })
  void failedStream_hasItsType(Answer answer, ErrorType type, @Nullable Long status) {
    run(
        answer,
        0,
        context -> {
          assertThatThrownBy(() -> promptOfAcme(context).stream().content().blockLast())
              .isInstanceOf(RuntimeException.class);
          assertFailure(events(1).get(0), type, status);
        });
  }

  private static void assertFailure(LlmCallEvent event, ErrorType type, @Nullable Long status) {
    assertThat(event.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(type);
    assertThat(event.get(EventField.HTTP_STATUS)).isEqualTo(status);
    assertIsOfAcme(event);
  }

  @Test
  void streamThatEndsEarly_isInterrupted_thoughTheModelDoesNotMind() {
    run(
        Answer.STREAM_ENDED_EARLY,
        context -> {
          String unused = promptOfAcme(context).stream().content().blockLast();
          assertFailure(events(1).get(0), ErrorType.STREAM_INTERRUPTED, 200L);
        });
  }

  @Test
  void streamThatIsCancelled_endsAtOnce_orWithItsExchange() {
    run(
        Answer.STREAM_STALLED,
        context -> {
          String unused = promptOfAcme(context).stream().content().blockFirst();
          // The SDK closes the exchange only when its thread does not wait for data just then.
          assertThat(events(1).get(0).get(EventField.ERROR_TYPE))
              .isIn(ErrorType.CANCELLED, ErrorType.STREAM_INTERRUPTED);
          assertIsOfAcme(events(1).get(0));
        });
  }

  @Test
  void anthropicModels_areObservedToo() {
    run(
        Answer.BAD_KEY,
        context -> {
          ChatModel model =
              AnthropicChatModel.builder()
                  .options(
                      AnthropicChatOptions.builder()
                          .baseUrl(provider.baseUri(Answer.BAD_KEY).resolve(".").toString())
                          .apiKey("some-key")
                          .model("claude-sonnet-4-5")
                          .maxTokens(77)
                          .maxRetries(0)
                          .build())
                  .httpClientBuilderCustomizer(
                      context.getBean(AnthropicHttpClientBuilderCustomizer.class))
                  .build();
          Prompt prompt =
              context
                  .getBean(ContextPrompts.class)
                  .carrying(model, new Prompt("Hi"), CallContext.ofTenant("acme"));
          assertThatThrownBy(() -> model.call(prompt)).isInstanceOf(RuntimeException.class);
          assertThatThrownBy(() -> model.stream(prompt).blockLast())
              .isInstanceOf(RuntimeException.class);

          assertThat(events(2))
              .allSatisfy(
                  event -> {
                    assertThat(event.get(EventField.PROVIDER)).isEqualTo("anthropic");
                    assertThat(event.get(EventField.REQUEST_MODEL)).isEqualTo("claude-sonnet-4-5");
                    assertThat(event.get(EventField.ERROR_TYPE))
                        .isEqualTo(ErrorType.AUTHENTICATION);
                    assertThat(event.get(EventField.TENANT)).isEqualTo("acme");
                  });
        });
  }
}
