// SPDX-License-Identifier: Apache-2.0
package dev.petrel.log4j2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.appender.contract.AppenderContract;
import dev.petrel.event.EventField;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/** Statements are logged with SLF4J's key-values, which log4j-slf4j2-impl turns into context. */
class Slf4jStatementsTest extends AppenderContract {
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
    LoggingEventBuilder builder = LoggerFactory.getLogger(logger).atInfo().setCause(thrown);
    keyValues.forEach(builder::addKeyValue);
    builder.log("the message with the {}", "prompt");
    log4j.settle();
  }

  @Override
  protected void withContext(Map<String, String> mdc, Runnable statements) {
    mdc.forEach(MDC::put);
    try {
      statements.run();
    } finally {
      mdc.keySet().forEach(MDC::remove);
    }
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
  void append_publishesNoUser_withoutAKey() {
    start(Map.of());
    logCall("outcome", "success", "user", "0123456789abcdef");

    assertThat(onlyEvent().get(EventField.USER)).isNull();
  }

  @Test
  void append_hashesEveryUser_withAKey() {
    start(Map.of("userHashKey", "a key that nobody must see", "userMdcKey", "login"));
    logCall("outcome", "success", "user", "0123456789abcdef");

    assertThat(onlyEvent().get(EventField.USER))
        .matches("[0-9a-f]{16}")
        .isNotEqualTo("0123456789abcdef");
  }

  @Test
  void append_takesFieldsFromTheContext() {
    start(Map.of());
    withContext(Map.of("feature", "chat"), () -> logCall("outcome", "success"));

    assertThat(onlyEvent().get(EventField.FEATURE)).isEqualTo("chat");
  }
}
