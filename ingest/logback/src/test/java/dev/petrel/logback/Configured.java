// SPDX-License-Identifier: Apache-2.0
package dev.petrel.logback;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/** Logback as an application's logback.xml sets it up. */
final class Configured {
  private Configured() {}

  /** A context beside that of the tests. */
  static LoggerContext newContext() {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(MDC.getMDCAdapter());
    context.start();
    return context;
  }

  /** Configures an appender LLM at the root with these settings, and what else is given. */
  static void configure(LoggerContext context, String level, String settings, String more)
      throws JoranException {
    String xml =
        """
        <configuration>
          <appender name="LLM" class="dev.petrel.logback.LlmCallAppender">
            %s
          </appender>
          <root level="%s"><appender-ref ref="LLM"/></root>
          %s
        </configuration>
        """
            .formatted(settings, level, more);
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(new ByteArrayInputStream(xml.getBytes(UTF_8)));
  }

  static List<String> statuses(LoggerContext context, int level) {
    return context.getStatusManager().getCopyOfStatusList().stream()
        .filter(status -> status.getLevel() >= level)
        .map(Status::getMessage)
        .toList();
  }

  static void log(Logger logger, Throwable thrown, Map<String, ?> keyValues) {
    LoggingEventBuilder builder = logger.atInfo().setCause(thrown);
    keyValues.forEach((key, value) -> builder.addKeyValue(key, (Object) value));
    builder.log("the message with the prompt");
  }

  static void withMdc(Map<String, String> mdc, Runnable statements) {
    mdc.forEach(MDC::put);
    try {
      statements.run();
    } finally {
      mdc.keySet().forEach(MDC::remove);
    }
  }
}
