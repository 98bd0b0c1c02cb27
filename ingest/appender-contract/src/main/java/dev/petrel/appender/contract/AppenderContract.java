// SPDX-License-Identifier: Apache-2.0
package dev.petrel.appender.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.publisher.EventPublisher;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an appender makes of statements whose values are text by the time it sees them. */
public abstract class AppenderContract {

  /** A logger of an application. */
  protected static final String LOGGER = "com.example.app.ChatService";

  private static final String HASH_KEY = "a key that nobody must see";

  /** HMAC-SHA-256 of {@code jane@example.com} with {@link #HASH_KEY}, by OpenSSL. */
  private static final String JANE = "ec48b924933a9f69";

  /** What the appender under test publishes to. */
  protected final FakeCallPublisher publisher = new FakeCallPublisher();

  /**
   * Starts an appender with these settings by name: {@code service}, {@code environment}, {@code
   * instance}, {@code version}, {@code attributes} (with commas), {@code tenantMdcKey}, {@code
   * userMdcKey}, {@code userHashKey}.
   */
  protected abstract void start(Map<String, String> settings);

  /** Logs a statement at info level; returns when it has been through the appender. */
  protected abstract void log(
      String logger, @Nullable Throwable thrown, Map<String, @Nullable Object> keyValues);

  /** Logs within this context. */
  protected abstract void withContext(Map<String, String> context, Runnable statements);

  /** Statements that made no valid event. */
  protected abstract long rejected();

  /** What the framework was told about the appender's trouble: warnings and errors. */
  protected abstract List<String> trouble();

  /** Stops the appender. */
  protected abstract void stop();

  @Test
  void append_publishesACall() {
    start(Map.of());
    logCall(
        "tenant", "acme",
        "provider", "openai",
        "request_model", "gpt-4o",
        "outcome", "success",
        "input_tokens", 812,
        "stream", true,
        "duration_ms", 1234.5);

    LlmCallEvent event = onlyEvent();
    assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(event.get(EventField.TENANT)).isEqualTo("acme");
    assertThat(event.get(EventField.PROVIDER)).isEqualTo("openai");
    assertThat(event.get(EventField.REQUEST_MODEL)).isEqualTo("gpt-4o");
    assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(812);
    assertThat(event.get(EventField.STREAM)).isTrue();
    assertThat(event.get(EventField.DURATION_MS)).isEqualTo(1234.5);
    assertThat(event.eventId()).hasSize(36);
    assertThat(System.currentTimeMillis() - event.timestamp()).isBetween(1_234L, 60_000L);
    assertThat(rejected()).isZero();
    assertThat(trouble()).isEmpty();
  }

  @Test
  void append_understandsJavaTypes() {
    start(Map.of());
    logCall(
        "outcome",
        Outcome.ERROR,
        "error_type",
        ErrorType.RATE_LIMIT,
        "retry_after_ms",
        Duration.ofSeconds(2),
        "duration_ms",
        Duration.ofNanos(1_500_000),
        "timestamp",
        Instant.ofEpochMilli(1_764_000_000_123L));

    LlmCallEvent event = onlyEvent();
    assertThat(event.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.RATE_LIMIT);
    assertThat(event.get(EventField.RETRY_AFTER_MS)).isEqualTo(2_000);
    assertThat(event.get(EventField.DURATION_MS)).isEqualTo(1.5);
    assertThat(event.timestamp()).isEqualTo(1_764_000_000_123L);
  }

  @Test
  void append_takesNullAndBlankForUnknown() {
    start(Map.of("attributes", "queue"));
    logCall(
        "outcome",
        "success",
        "tenant",
        null,
        "input_tokens",
        null,
        "user",
        null,
        "queue",
        null,
        "feature",
        " ");

    LlmCallEvent event = onlyEvent();
    assertThat(event.get(EventField.TENANT)).isNull();
    assertThat(event.get(EventField.INPUT_TOKENS)).isNull();
    assertThat(event.get(EventField.USER)).isNull();
    assertThat(event.get(EventField.FEATURE)).isNull();
    assertThat(event.get(EventField.ATTRIBUTES)).isNull();
    assertThat(rejected()).isZero();
  }

  @Test
  void append_leavesOtherStatementsAlone() {
    start(Map.of());
    log(LOGGER, null, pairs());
    log(LOGGER, null, pairs("outcome", "success"));
    log(LOGGER, null, pairs("event", "login", "outcome", "success"));
    log(LOGGER, null, pairs("event", null));

    assertThat(publisher.published).isEmpty();
    assertThat(rejected()).isZero();
  }

  @Test
  void append_leavesItsOwnLoggersAlone() {
    start(Map.of());
    for (String logger :
        List.of(
            "org.apache.kafka.clients.NetworkClient",
            "dev.petrel.publisher.EventPublisher",
            "dev.petrel.logback.LlmCallAppender",
            "dev.petrel.log4j2.LlmCallAppender")) {
      log(logger, null, pairs("event", "llm_call", "outcome", "success"));
    }
    assertThat(publisher.published).isEmpty();
  }

  @Test
  void append_ignoresThePublishersOwnThread() throws Exception {
    start(Map.of());
    CountDownLatch logged = new CountDownLatch(1);
    LoggingInterceptor.onSend =
        () -> {
          logCall("outcome", "success");
          logged.countDown();
        };
    try (EventPublisher other =
        EventPublisher.newBuilder()
            .bootstrapServers("127.0.0.1:9")
            .producerProperty("interceptor.classes", LoggingInterceptor.class.getName())
            .closeTimeout(Duration.ZERO)
            .build()) {
      other.publish(
          LlmCallEvent.newBuilder()
              .set(EventField.EVENT_ID, "e-1")
              .set(EventField.TIMESTAMP, System.currentTimeMillis())
              .set(EventField.OUTCOME, Outcome.SUCCESS)
              .build());
      assertThat(logged.await(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      LoggingInterceptor.onSend = () -> {};
    }
    assertThat(publisher.published).isEmpty();
  }

  @Test
  void append_takesTheClassOfTheException_neverItsMessage() {
    start(Map.of());
    log(
        LOGGER,
        new IOException("prompt and key"),
        pairs("event", "llm_call", "outcome", "error", "error_type", "network"));

    LlmCallEvent event = onlyEvent();
    assertThat(event.get(EventField.EXCEPTION_CLASS)).isEqualTo("java.io.IOException");
    assertThat(event.get(EventField.ERROR_MESSAGE)).isNull();
  }

  @Test
  void append_takesWhatTheStatementSaysOfTheException() {
    start(Map.of());
    log(
        LOGGER,
        new IOException("prompt and key"),
        pairs(
            "event",
            "llm_call",
            "outcome",
            "error",
            "exception_class",
            "com.example.Wrapped",
            "error_message",
            "connection reset"));

    LlmCallEvent event = onlyEvent();
    assertThat(event.get(EventField.EXCEPTION_CLASS)).isEqualTo("com.example.Wrapped");
    assertThat(event.get(EventField.ERROR_MESSAGE)).isEqualTo("connection reset");
  }

  @Test
  void append_fillsInContextAndDefaults() {
    start(Map.of("service", "bot", "environment", "prod", "instance", "bot-1", "version", "2.1"));
    withContext(
        Map.of("tenant", "acme", "user", "jane@example.com"),
        () -> {
          logCall("outcome", "success");
          logCall("outcome", "success", "tenant", "globex", "service", "other");
        });

    LlmCallEvent filled = publisher.published.get(0);
    assertThat(filled.get(EventField.TENANT)).isEqualTo("acme");
    assertThat(filled.get(EventField.USER)).isNull();
    assertThat(filled.get(EventField.SERVICE)).isEqualTo("bot");
    assertThat(filled.get(EventField.ENVIRONMENT)).isEqualTo("prod");
    assertThat(filled.get(EventField.INSTANCE)).isEqualTo("bot-1");
    assertThat(filled.get(EventField.VERSION)).isEqualTo("2.1");
    LlmCallEvent explicit = publisher.published.get(1);
    assertThat(explicit.get(EventField.TENANT)).isEqualTo("globex");
    assertThat(explicit.get(EventField.SERVICE)).isEqualTo("other");
  }

  @Test
  void append_hashesTheContextsUser_whenThereIsAKey() {
    start(Map.of("userHashKey", HASH_KEY));
    withContext(Map.of("user", "jane@example.com"), () -> logCall("outcome", "success"));
    // A raw id may look like a hash; in the context it is none.
    withContext(Map.of("user", "507f1f77bcf86cd799439011"), () -> logCall("outcome", "success"));

    assertThat(publisher.published.get(0).get(EventField.USER)).isEqualTo(JANE);
    assertThat(publisher.published.get(1).get(EventField.USER))
        .matches("[0-9a-f]{16}")
        .isNotEqualTo("507f1f77bcf86cd799439011".substring(0, 16));
  }

  @Test
  void append_hashesTheUserThatAStatementNames_whenThereIsAKey() {
    start(Map.of("userHashKey", HASH_KEY));
    logCall("outcome", "success", "user", "jane@example.com");

    assertThat(onlyEvent().get(EventField.USER)).isEqualTo(JANE);
  }

  @Test
  void append_findsTenantAndUserUnderOtherNames() {
    start(Map.of("userHashKey", HASH_KEY, "tenantMdcKey", "customer", "userMdcKey", "login"));
    withContext(
        Map.of("customer", "acme", "login", "jane@example.com"),
        () -> logCall("outcome", "success"));

    assertThat(onlyEvent().get(EventField.TENANT)).isEqualTo("acme");
    assertThat(onlyEvent().get(EventField.USER)).isEqualTo(JANE);
  }

  @Test
  void append_takesTheAttributesThatAreAllowed() {
    start(Map.of("attributes", "region_group, queue,absent"));
    withContext(
        Map.of("region_group", "eu", "queue", "day", "path", "/secret"),
        () -> logCall("outcome", "success", "queue", "night", "path", "/other"));
    logCall("outcome", "success", "path", "/other");

    assertThat(publisher.published.get(0).get(EventField.ATTRIBUTES))
        .isEqualTo(Map.of("region_group", "eu", "queue", "night"));
    assertThat(publisher.published.get(1).get(EventField.ATTRIBUTES)).isNull();
  }

  @Test
  void append_rejectsWhatMakesNoValidEvent_andSaysSoOncePerField() {
    start(Map.of("attributes", "queue"));
    for (int i = 0; i < 3; i++) {
      logCall("outcome", "success", "input_tokens", -5);
      logCall("outcome", "SECRET");
      logCall("tenant", "acme");
      logCall("outcome", "success", "attributes", "SECRET");
      logCall("outcome", "success", "queue", "SECRET".repeat(50));
      logCall("outcome", "success", "error_type", "tls");
      logCall("outcome", "error", "http_status", 42);
      logCall("outcome", "success", "duration_ms", "SECRET");
      logCall("outcome", "success", "timestamp", 1_764_000_000);
    }

    assertThat(publisher.published).isEmpty();
    assertThat(rejected()).isEqualTo(27);
    assertThat(trouble())
        .hasSize(7)
        .anyMatch(told -> told.contains("input_tokens"))
        .anyMatch(told -> told.contains("outcome"))
        .anyMatch(told -> told.contains("attributes"))
        .anyMatch(told -> told.contains("error_type"))
        .anyMatch(told -> told.contains("http_status"))
        .anyMatch(told -> told.contains("duration_ms"))
        .anyMatch(told -> told.contains("timestamp"))
        .noneMatch(told -> told.contains("SECRET"));
  }

  @Test
  void append_outlivesAPublisherThatFails() {
    start(Map.of());
    publisher.refuses = true;
    logCall("outcome", "success");
    publisher.refuses = false;
    publisher.thrown = new IllegalStateException("a bug");
    logCall("outcome", "success");
    publisher.thrown = null;
    logCall("outcome", "success");

    assertThat(publisher.published).hasSize(1);
  }

  @Test
  void append_losesAndMixesNothing_whenManyThreadsLog() throws Exception {
    start(Map.of());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String tenant = "t-" + i;
      Thread thread =
          new Thread(
              () -> {
                for (int j = 0; j < 50; j++) {
                  String call = tenant + "-" + j;
                  withContext(
                      Map.of("tenant", tenant),
                      () -> logCall("outcome", "success", "call_id", call));
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(publisher.published).hasSize(200);
    assertThat(publisher.published.stream().map(event -> event.get(EventField.CALL_ID)))
        .doesNotHaveDuplicates();
    assertThat(publisher.published)
        .allSatisfy(
            event ->
                assertThat(event.get(EventField.CALL_ID))
                    .startsWith(event.get(EventField.TENANT) + "-"));
  }

  static Stream<Arguments> start_leavesTheAppenderOff_whenASettingIsWrong() {
    return Stream.of(
        Arguments.of("userHashKey", "SECRET"),
        Arguments.of("userHashKey", ""),
        Arguments.of("userHashKey", "${env:SECRET_OF_THE_APPLICATION}"),
        Arguments.of("userHashKey", "SECRET_OF_THE_APPLICATION_IS_UNDEFINED"),
        Arguments.of("attribute", "queue,tenant"),
        Arguments.of("attribute", "event"),
        Arguments.of("attribute", "a,,b"),
        Arguments.of("tenantMdcKey", " "),
        Arguments.of("userMdcKey", " "),
        Arguments.of("service", "SECRET".repeat(50)));
  }

  @ParameterizedTest
  @MethodSource
  void start_leavesTheAppenderOff_whenASettingIsWrong(String setting, String value) {
    start(Map.of(setting.equals("attribute") ? "attributes" : setting, value));
    logCall("outcome", "success");

    assertThat(publisher.published).isEmpty();
    assertThat(trouble())
        .anyMatch(told -> told.contains("LLM calls are not published") && told.contains(setting))
        .noneMatch(told -> told.contains("SECRET"));
  }

  @Test
  void stop_closesThePublisher() {
    start(Map.of());
    stop();
    stop();

    assertThat(publisher.closed).isTrue();
    logCall("outcome", "success");
    assertThat(publisher.published).isEmpty();
  }

  /** Logs a statement that tells of a call; keys and values take turns. */
  protected final void logCall(@Nullable Object... keysAndValues) {
    @Nullable Object[] all = Arrays.copyOf(keysAndValues, keysAndValues.length + 2);
    all[keysAndValues.length] = "event"; // its place does not matter
    all[keysAndValues.length + 1] = "llm_call";
    log(LOGGER, null, pairs(all));
  }

  /** Keys and values, which take turns. */
  protected static Map<String, @Nullable Object> pairs(@Nullable Object... keysAndValues) {
    Map<String, @Nullable Object> pairs = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      pairs.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return pairs;
  }

  /** The one event that was published. */
  protected final LlmCallEvent onlyEvent() {
    assertThat(publisher.published).hasSize(1);
    return publisher.published.get(0);
  }
}
