// SPDX-License-Identifier: Apache-2.0
package dev.petrel.logback;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.status.Status;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.publisher.EventPublisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

class LlmCallAppenderTest extends AppenderContract {
  private final LoggerContext context = Configured.newContext();
  private LlmCallAppender appender;

  @AfterEach
  void stopContext() {
    context.stop();
  }

  @Override
  void start(Map<String, String> defaults) {
    appender = new LlmCallAppender(builder -> publisher);
    appender.setContext(context);
    defaults.forEach(
        (field, value) -> {
          switch (field) {
            case "service" -> appender.setService(value);
            case "environment" -> appender.setEnvironment(value);
            case "instance" -> appender.setInstance(value);
            case "version" -> appender.setVersion(value);
            default -> throw new AssertionError(field);
          }
        });
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
  }

  @Override
  void log(String logger, Throwable thrown, Object... keysAndValues) {
    LoggingEventBuilder builder = context.getLogger(logger).atInfo().setCause(thrown);
    pairs(keysAndValues).forEach(builder::addKeyValue);
    builder.log("the message with the prompt");
  }

  @Override
  void withContext(Map<String, String> mdc, Runnable statements) {
    mdc.forEach(MDC::put);
    try {
      statements.run();
    } finally {
      MDC.clear();
    }
  }

  @Override
  long rejected() {
    return appender.rejected();
  }

  @Override
  List<String> warnings() {
    return statuses(Status.WARN);
  }

  @Override
  void stop() {
    appender.stop();
  }

  @Test
  void start_leavesTheAppenderOff_withoutBootstrapServers() throws Exception {
    Configured.configure(context, "");

    assertThat(configured().isStarted()).isFalse();
    assertThat(statuses(Status.ERROR)).anyMatch(m -> m.contains("bootstrapServers is not set"));
    log(LOGGER, null, "event", "llm_call", "outcome", "success");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<bootstrapServers>kafka</bootstrapServers>",
        "<bootstrapServers>kafka:9092</bootstrapServers><topic>a b</topic>",
        "<bootstrapServers>kafka:9092</bootstrapServers><queueMaxEvents>0</queueMaxEvents>",
        "<bootstrapServers>kafka:9092</bootstrapServers><producerProperty>acks=0</producerProperty>",
      })
  void start_leavesTheAppenderOff_whenConfiguredWrongly(String settings) throws Exception {
    Configured.configure(context, settings);

    assertThat(configured().isStarted()).isFalse();
    assertThat(statuses(Status.ERROR)).anyMatch(m -> m.contains("LLM calls are not published"));
  }

  @Test
  void start_takesItsSettingsFromXml() throws Exception {
    Configured.configure(
        context,
        """
        <bootstrapServers>127.0.0.1:9</bootstrapServers>
        <topic>calls</topic>
        <clientId>app</clientId>
        <queueMaxEvents>100</queueMaxEvents>
        <queueMaxBytes>1MB</queueMaxBytes>
        <closeTimeout>100 milliseconds</closeTimeout>
        <producerProperty>security.protocol=SASL_SSL</producerProperty>
        <producerProperty>sasl.jaas.config=a=b secret;</producerProperty>
        <service>bot</service>
        <instance>bot-1</instance>
        <version>1</version>
        <environment>prod</environment>
        """);

    assertThat(configured().isStarted()).isTrue();
    assertThat(statuses(Status.ERROR)).isEmpty();
    assertThat(statuses(Status.WARN)).isEmpty();
  }

  @Test
  void addProducerProperty_doesNotRepeatWhatItRefuses() throws Exception {
    Configured.configure(
        context,
        "<bootstrapServers>kafka:9092</bootstrapServers><producerProperty>SECRET</producerProperty>");

    assertThat(statuses(Status.ERROR)).anyMatch(m -> m.contains("must be name=value"));
    assertThat(statuses(Status.ERROR)).noneMatch(m -> m.contains("SECRET"));
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
    }
    assertThat(publisher.published).isEmpty();
  }

  private LlmCallAppender configured() {
    return (LlmCallAppender) context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("LLM");
  }

  private List<String> statuses(int level) {
    return context.getStatusManager().getCopyOfStatusList().stream()
        .filter(status -> status.getLevel() == level)
        .map(Status::getMessage)
        .toList();
  }
}
