// SPDX-License-Identifier: Apache-2.0
package dev.petrel.log4j2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.appender.contract.TypedAppenderContract;
import dev.petrel.event.EventField;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.ErrorHandler;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.impl.MutableLogEvent;
import org.apache.logging.log4j.message.StringMapMessage;
import org.apache.logging.log4j.util.SortedArrayStringMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Statements are messages that are maps. */
class LlmCallAppenderTest extends TypedAppenderContract {
  private final Configured log4j = new Configured(Level.WARN);
  private StartedAppender started;

  @AfterEach
  void restore() {
    log4j.close();
  }

  @Override
  protected void start(Map<String, String> settings) {
    started = StartedAppender.start(log4j, publisher, settings);
  }

  @Override
  protected void log(String logger, Throwable thrown, Map<String, Object> keyValues) {
    log4j.log(logger, thrown, keyValues);
  }

  @Override
  protected void withContext(Map<String, String> context, Runnable statements) {
    Configured.withThreadContext(context, statements);
  }

  @Override
  protected long rejected() {
    return started.rejected();
  }

  @Override
  protected List<String> trouble() {
    return started.trouble();
  }

  @Override
  protected void stop() {
    started.stop();
  }

  @Test
  void append_takesStrings() {
    start(Map.of());
    log4j.log(
        LOGGER,
        new StringMapMessage()
            .with("event", "llm_call")
            .with("outcome", "success")
            .with("input_tokens", 812));

    assertThat(onlyEvent().get(EventField.INPUT_TOKENS)).isEqualTo(812);
  }

  @Test
  void append_keepsNothingOfAnEventThatIsUsedAgain() {
    start(Map.of());
    MutableLogEvent event = new MutableLogEvent();
    SortedArrayStringMap context = new SortedArrayStringMap();
    for (String tenant : List.of("acme", "globex")) {
      event.clear();
      context.clear();
      context.putValue("event", "llm_call");
      context.putValue("outcome", "success");
      context.putValue("tenant", tenant);
      event.setLoggerName(LOGGER);
      event.setTimeMillis(1_764_000_000_000L);
      event.setContextData(context);
      started.appender().append(event);
    }

    assertThat(publisher.published())
        .extracting(call -> call.get(EventField.TENANT))
        .containsExactly("acme", "globex");
    assertThat(publisher.published())
        .allSatisfy(call -> assertThat(call.timestamp()).isEqualTo(1_764_000_000_000L));
  }

  @Test
  void append_tellsTheErrorHandler_andNeverThrows_whateverIgnoreExceptionsSays() {
    List<String> told = new ArrayList<>();
    started = StartedAppender.start(log4j, publisher, Map.of("ignoreExceptions", "false"));
    started
        .appender()
        .setHandler(
            new ErrorHandler() {
              @Override
              public void error(String message) {
                told.add(message);
              }

              @Override
              public void error(String message, Throwable thrown) {
                told.add(message + thrown);
              }

              @Override
              public void error(String message, LogEvent event, Throwable thrown) {
                told.add(message + thrown);
              }
            });
    logCall("outcome", "success", "input_tokens", -5);
    logCall("outcome", "success", "input_tokens", -5);

    assertThat(started.appender().ignoreExceptions()).isTrue();
    assertThat(told).singleElement().asString().contains("Appender LLM").contains("input_tokens");
    assertThat(rejected()).isEqualTo(2);
    assertThat(trouble()).isEmpty();
  }

  @Test
  void stop_takesNoLongerThanItMay() {
    start(Map.of());

    assertThat(started.appender().stop(20, TimeUnit.SECONDS)).isTrue();
    assertThat(started.appender().isStopped()).isTrue();
    logCall("outcome", "success");
    assertThat(publisher.published()).isEmpty();
  }
}
