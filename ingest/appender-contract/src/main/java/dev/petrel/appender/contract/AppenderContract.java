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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What an appender makes of statements, where their values may be text by the time it sees them.
 */
public abstract class AppenderContract extends ContextContract {

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

  @Test
  void stop_closesThePublisher() {
    start(Map.of());
    stop();
    stop();

    assertThat(publisher.closed).isTrue();
    logCall("outcome", "success");
    assertThat(publisher.published).isEmpty();
  }
}
