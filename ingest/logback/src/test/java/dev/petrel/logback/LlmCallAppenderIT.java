// SPDX-License-Identifier: Apache-2.0
package dev.petrel.logback;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.AppenderBase;
import dev.petrel.appender.contract.KafkaAppenderContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In the context that Kafka's client logs to. */
class LlmCallAppenderIT extends KafkaAppenderContract {
  private static final AtomicLong OF_KAFKA = new AtomicLong();

  private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
  private final Logger log = context.getLogger("com.example.app.ChatService");

  /** An appender that counts what Kafka's client logs. */
  public static final class Counting extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLoggerName().startsWith("org.apache.kafka.")) {
        OF_KAFKA.incrementAndGet();
      }
    }
  }

  @AfterEach
  void restore() throws Exception {
    context.reset();
    new ContextInitializer(context).autoConfig();
  }

  @Override
  protected void start(
      String bootstrapServers, String topic, Duration closeTimeout, Path spoolDirectory)
      throws Exception {
    OF_KAFKA.set(0);
    context.reset();
    context.start(); // one that is stopped would not stop once more
    Configured.configure(
        context,
        "DEBUG",
        """
        <bootstrapServers>%s</bootstrapServers>
        <topic>%s</topic>
        <service>bot</service>
        <closeTimeout>%d milliseconds</closeTimeout>
        %s
        """
            .formatted(bootstrapServers, topic, closeTimeout.toMillis(), spool(spoolDirectory)),
        """
        <appender name="COUNT" class="%s"/>
        <root><appender-ref ref="COUNT"/></root>
        """
            .formatted(Counting.class.getName()));
  }

  private static String spool(Path directory) {
    return directory == null
        ? ""
        : "<spoolDirectory>%s</spoolDirectory><spoolMaxBytes>1MB</spoolMaxBytes>"
            .formatted(directory);
  }

  @Override
  protected void log(Map<String, String> mdc, Throwable thrown, Map<String, Object> keyValues) {
    Configured.withMdc(mdc, () -> Configured.log(log, thrown, keyValues));
  }

  @Override
  protected void log(String message) {
    log.info(message);
  }

  @Override
  protected long statementsOfKafka() {
    return OF_KAFKA.get();
  }

  @Override
  protected void stop() {
    context.stop();
  }
}
