// SPDX-License-Identifier: Apache-2.0
package dev.petrel.logback;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayInputStream;
import org.slf4j.MDC;

/** Logback as an application's logback.xml sets it up, beside that of the tests. */
final class Configured {
  private Configured() {}

  static LoggerContext newContext() {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(MDC.getMDCAdapter());
    context.start();
    return context;
  }

  /** Configures an appender LLM at the root with these settings. */
  static void configure(LoggerContext context, String settings) throws JoranException {
    String xml =
        """
        <configuration>
          <appender name="LLM" class="dev.petrel.logback.LlmCallAppender">
            %s
          </appender>
          <root level="INFO"><appender-ref ref="LLM"/></root>
        </configuration>
        """
            .formatted(settings);
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(new ByteArrayInputStream(xml.getBytes(UTF_8)));
  }
}
