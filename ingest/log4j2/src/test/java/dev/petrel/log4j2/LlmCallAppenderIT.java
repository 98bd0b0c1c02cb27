// SPDX-License-Identifier: Apache-2.0
package dev.petrel.log4j2;

import dev.petrel.appender.contract.KafkaAppenderContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;

class LlmCallAppenderIT extends KafkaAppenderContract {
  private static final String LOGGER = "com.example.app.ChatService";

  private final Counting ofKafka = new Counting();
  private Configured log4j;

  /** An appender that counts what Kafka's client logs. */
  private static final class Counting extends AbstractAppender {
    private final AtomicLong count = new AtomicLong();

    Counting() {
      super("COUNT", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      if (event.getLoggerName().startsWith("org.apache.kafka.")) {
        count.incrementAndGet();
      }
    }
  }

  @AfterEach
  void restore() {
    log4j.close();
  }

  @Override
  protected void start(
      String bootstrapServers, String topic, Duration closeTimeout, Path spoolDirectory) {
    String spool =
        spoolDirectory == null
            ? ""
            : "spoolDirectory=\"%s\" spoolMaxBytes=\"1 MB\"".formatted(spoolDirectory);
    log4j = new Configured(Level.ERROR);
    log4j.load(
        "xml",
        """
        <Configuration>
          <Appenders>
            <LlmCall name="LLM" bootstrapServers="%s" topic="%s" service="bot"
                closeTimeoutMillis="%d" %s/>
          </Appenders>
          <Loggers>
            <Root level="DEBUG"><AppenderRef ref="LLM"/></Root>
          </Loggers>
        </Configuration>
        """
            .formatted(bootstrapServers, topic, closeTimeout.toMillis(), spool));
    LoggerContext context = (LoggerContext) LogManager.getContext(false);
    ofKafka.start();
    context.getConfiguration().addAppender(ofKafka);
    context.getConfiguration().getRootLogger().addAppender(ofKafka, null, null);
  }

  @Override
  protected void log(Map<String, String> context, Throwable thrown, Map<String, Object> keyValues) {
    Configured.withThreadContext(context, () -> log4j.log(LOGGER, thrown, keyValues));
  }

  @Override
  protected void log(String message) {
    LogManager.getLogger(LOGGER).info(message);
  }

  @Override
  protected long statementsOfKafka() {
    return ofKafka.count.get();
  }

  @Override
  protected void stop() {
    log4j.close();
  }
}
