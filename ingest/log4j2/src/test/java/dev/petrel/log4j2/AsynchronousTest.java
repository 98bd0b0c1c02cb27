// SPDX-License-Identifier: Apache-2.0
package dev.petrel.log4j2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.appender.contract.FakeCallPublisher;
import dev.petrel.event.EventField;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AsyncAppender;
import org.apache.logging.log4j.core.async.AsyncLoggerContext;
import org.apache.logging.log4j.core.config.AppenderRef;
import org.apache.logging.log4j.core.config.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of statements on their way through other threads. */
class AsynchronousTest {
  private static final int STATEMENTS = 500;

  private final FakeCallPublisher publisher = new FakeCallPublisher();
  private final Configured log4j = new Configured(Level.WARN);

  @AfterEach
  void restore() {
    log4j.close();
  }

  @Test
  void loggers_areAsynchronous_inTheRunForThem() {
    boolean expected = System.getProperty("log4j2.contextSelector") != null;

    assertThat(LogManager.getContext(false) instanceof AsyncLoggerContext).isEqualTo(expected);
  }

  @Test
  void append_getsEveryStatementAsItWasLogged_behindAnAsyncAppender() {
    StartedAppender started = StartedAppender.start(log4j, publisher, Map.of());
    Configuration configuration = ((LoggerContext) LogManager.getContext(false)).getConfiguration();
    AsyncAppender asynchronous =
        AsyncAppender.newBuilder()
            .setName("ASYNC")
            .setConfiguration(configuration)
            .setAppenderRefs(new AppenderRef[] {AppenderRef.createAppenderRef("LLM", null, null)})
            .build();
    asynchronous.start();
    configuration.addAppender(asynchronous);
    configuration.getRootLogger().removeAppender("LLM");
    configuration.getRootLogger().addAppender(asynchronous, null, null);

    logAndChange();
    asynchronous.stop();

    assertThat(started.rejected()).isZero();
    assertThatAllArrived();
  }

  @Test
  void append_getsEveryStatementAsItWasLogged() {
    StartedAppender started = StartedAppender.start(log4j, publisher, Map.of());

    logAndChange();

    assertThat(started.rejected()).isZero();
    assertThatAllArrived();
  }

  /** Logs in both ways, with a context that changes at once. */
  private void logAndChange() {
    Logger slf4j = LoggerFactory.getLogger("com.example.App");
    for (int i = 0; i < STATEMENTS; i++) {
      String call = "c-" + i;
      Configured.withThreadContext(
          Map.of("tenant", "t-" + call),
          () ->
              slf4j
                  .atInfo()
                  .addKeyValue("event", "llm_call")
                  .addKeyValue("outcome", "success")
                  .addKeyValue("call_id", call)
                  .log("done {}", call));
      Configured.withThreadContext(
          Map.of("tenant", "t-m" + call),
          () ->
              LogManager.getLogger("com.example.App")
                  .info(
                      new Configured.CallMessage(
                          Map.of(
                              "event", "llm_call", "outcome", "success", "call_id", "m" + call))));
    }
    log4j.settle();
  }

  private void assertThatAllArrived() {
    assertThat(publisher.published()).hasSize(2 * STATEMENTS);
    assertThat(publisher.published().stream().map(event -> event.get(EventField.CALL_ID)))
        .doesNotHaveDuplicates();
    assertThat(publisher.published())
        .allSatisfy(
            event ->
                assertThat(event.get(EventField.TENANT))
                    .isEqualTo("t-" + event.get(EventField.CALL_ID)));
  }
}
