// SPDX-License-Identifier: Apache-2.0
package dev.petrel.logback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every appender of Petrel does, whatever the logging framework. */
abstract class AppenderContract {
  static final String LOGGER = "com.example.app.ChatService";

  final FakeCallPublisher publisher = new FakeCallPublisher();

  /** Starts an appender with these fields as defaults of all events. */
  abstract void start(Map<String, String> defaults);

  /** Logs a statement at info level; keys and values take turns. */
  abstract void log(String logger, Throwable thrown, Object... keysAndValues);

  /** Logs within this context. */
  abstract void withContext(Map<String, String> context, Runnable statements);

  /** Statements that made no valid event. */
  abstract long rejected();

  /** What the framework was told about the appender's trouble. */
  abstract List<String> warnings();

  abstract void stop();

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
  }

  @Test
  void append_takesJavaTypes() {
    start(Map.of());
    logCall(
        "outcome",
        Outcome.ERROR,
        "error_type",
        ErrorType.RATE_LIMIT,
        "retry_after_ms",
        Duration.ofSeconds(2),
        "attributes",
        Map.of("queue", "night"));

    LlmCallEvent event = onlyEvent();
    assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.RATE_LIMIT);
    assertThat(event.get(EventField.RETRY_AFTER_MS)).isEqualTo(2_000);
    assertThat(event.get(EventField.ATTRIBUTES)).containsEntry("queue", "night");
  }

  @Test
  void append_leavesOtherStatementsAlone() {
    start(Map.of());
    log(LOGGER, null);
    log(LOGGER, null, "outcome", "success");
    log(LOGGER, null, "event", "login", "outcome", "success");
    log(LOGGER, null, "event", null);

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
            "dev.petrel.logback.LlmCallAppender")) {
      log(logger, null, "event", "llm_call", "outcome", "success");
    }
    assertThat(publisher.published).isEmpty();
  }

  @Test
  void append_takesTheClassOfTheException_neverItsMessage() {
    start(Map.of());
    log(
        LOGGER,
        new IOException("prompt and key"),
        "event",
        "llm_call",
        "outcome",
        "error",
        "error_type",
        "network");

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
        "event",
        "llm_call",
        "outcome",
        "error",
        "exception_class",
        "com.example.Wrapped",
        "error_message",
        "connection reset");

    LlmCallEvent event = onlyEvent();
    assertThat(event.get(EventField.EXCEPTION_CLASS)).isEqualTo("com.example.Wrapped");
    assertThat(event.get(EventField.ERROR_MESSAGE)).isEqualTo("connection reset");
  }

  @Test
  void append_fillsInContextAndDefaults() {
    start(Map.of("service", "bot", "environment", "prod", "instance", "bot-1", "version", "2.1"));
    withContext(
        Map.of("tenant", "acme", "user", "5f1d", "feature", "not taken"),
        () -> {
          logCall("outcome", "success");
          logCall("outcome", "success", "tenant", "globex", "service", "other");
        });

    LlmCallEvent filled = publisher.published.get(0);
    assertThat(filled.get(EventField.TENANT)).isEqualTo("acme");
    assertThat(filled.get(EventField.USER)).isNull();
    assertThat(filled.get(EventField.FEATURE)).isNull();
    assertThat(filled.get(EventField.SERVICE)).isEqualTo("bot");
    assertThat(filled.get(EventField.ENVIRONMENT)).isEqualTo("prod");
    assertThat(filled.get(EventField.INSTANCE)).isEqualTo("bot-1");
    assertThat(filled.get(EventField.VERSION)).isEqualTo("2.1");
    LlmCallEvent explicit = publisher.published.get(1);
    assertThat(explicit.get(EventField.TENANT)).isEqualTo("globex");
    assertThat(explicit.get(EventField.SERVICE)).isEqualTo("other");
  }

  @Test
  void append_rejectsWhatMakesNoValidEvent_andSaysSoOncePerField() {
    start(Map.of());
    for (int i = 0; i < 3; i++) {
      logCall("outcome", "success", "input_tokens", -5);
      logCall("outcome", "SECRET");
      logCall("tenant", "acme");
      logCall("outcome", "success", "attributes", new Object());
      logCall("outcome", "success", "error_type", "tls");
    }

    assertThat(publisher.published).isEmpty();
    assertThat(rejected()).isEqualTo(15);
    assertThat(warnings())
        .hasSize(4)
        .anyMatch(warning -> warning.contains("input_tokens"))
        .anyMatch(warning -> warning.contains("outcome"))
        .anyMatch(warning -> warning.contains("attributes"))
        .anyMatch(warning -> warning.contains("error_type"))
        .noneMatch(warning -> warning.contains("SECRET"));
  }

  @Test
  void append_outlivesAValueThatThrows() {
    start(Map.of());
    logCall(
        "outcome",
        "success",
        "tenant",
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("SECRET");
          }
        });
    logCall("outcome", "success");

    assertThat(publisher.published).hasSize(1);
    assertThat(rejected()).isEqualTo(1);
    assertThat(warnings()).noneMatch(warning -> warning.contains("SECRET"));
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
  void stop_closesThePublisher() {
    start(Map.of());
    stop();

    assertThat(publisher.closed).isTrue();
    logCall("outcome", "success");
    assertThat(publisher.published).isEmpty();
  }

  final void logCall(Object... keysAndValues) {
    Object[] all = Arrays.copyOf(keysAndValues, keysAndValues.length + 2);
    all[keysAndValues.length] = "event"; // its place does not matter
    all[keysAndValues.length + 1] = "llm_call";
    log(LOGGER, null, all);
  }

  static Map<String, Object> pairs(Object... keysAndValues) {
    Map<String, Object> pairs = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      pairs.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return pairs;
  }

  private LlmCallEvent onlyEvent() {
    assertThat(publisher.published).hasSize(1);
    return publisher.published.get(0);
  }
}
