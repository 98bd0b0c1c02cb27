// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.petrel.log4j2.LlmCallAppender;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.ConfigurationSource;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.message.StringMapMessage;
import org.apache.logging.log4j.status.StatusData;
import org.apache.logging.log4j.status.StatusListener;
import org.apache.logging.log4j.status.StatusLogger;
import org.jspecify.annotations.Nullable;

/** Log4j2 as a configuration file sets it up. */
final class Log4j2Log implements CallLog {

  private final LoggerContext context;
  private final Logger logger;
  private final Supplier<@Nullable Long> losses;

  /** Counts the errors that Log4j2 tells of itself: one for each record that Kafka did not take. */
  private static final class Errors implements StatusListener {
    private final LongAdder count = new LongAdder();

    @Override
    public void log(StatusData data) {
      count.increment();
    }

    @Override
    public Level getStatusLevel() {
      return Level.ERROR;
    }

    @Override
    public void close() {}
  }

  private Log4j2Log(String appender, Losses losses) {
    String xml =
        """
        <Configuration status="OFF" shutdownHook="disable">
          <Appenders>%s</Appenders>
          <Loggers><Root level="INFO"><AppenderRef ref="CALLS"/></Root></Loggers>
        </Configuration>
        """
            .formatted(appender);
    try {
      context =
          requireNonNull(
              Configurator.initialize(
                  null, new ConfigurationSource(new ByteArrayInputStream(xml.getBytes(UTF_8)))),
              "Log4j2's context");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (context.getConfiguration().getAppender("CALLS") == null) {
      throw new IllegalStateException("Log4j2 is not configured");
    }
    this.logger = context.getLogger("com.example.app.ChatService");
    this.losses = losses.of(context);
  }

  /** Finds where losses are counted. */
  private interface Losses {
    Supplier<@Nullable Long> of(LoggerContext context);
  }

  static Log4j2Log petrel(String bootstrapServers, String topic) {
    return new Log4j2Log(
        """
        <LlmCall name="CALLS" bootstrapServers="%s" topic="%s" service="support-bot"/>
        """
            .formatted(bootstrapServers, topic),
        context -> {
          LlmCallAppender appender = context.getConfiguration().getAppender("CALLS");
          return () ->
              PublisherLog.losses(requireNonNull(appender.eventPublisher(), "publisher"))
                  + appender.rejected();
        });
  }

  /**
   * The appender that Log4j2 deprecates and has no successor for, without its default of waiting
   * for each record. A second of {@code max.block.ms} stands for Kafka's minute, or it would take
   * hours to measure what happens without a broker.
   */
  static Log4j2Log kafka(String bootstrapServers, String topic) {
    Errors errors = new Errors();
    StatusLogger.getLogger().registerListener(errors);
    return new Log4j2Log(
        """
        <Kafka name="CALLS" topic="%s" syncSend="false">
          <PatternLayout pattern="%%d %%p %%c %%m{JSON}"/>
          <Property name="bootstrap.servers">%s</Property>
          <Property name="max.block.ms">1000</Property>
          <Property name="linger.ms">20</Property>
          <Property name="compression.type">lz4</Property>
        </Kafka>
        """
            .formatted(topic, bootstrapServers),
        context -> errors.count::sum);
  }

  static Log4j2Log file(String file) {
    return new Log4j2Log(
        """
        <RandomAccessFile name="CALLS" fileName="%s" immediateFlush="false">
          <PatternLayout pattern="%%d %%p %%c %%m{JSON}%%n"/>
        </RandomAccessFile>
        """
            .formatted(file),
        context -> () -> null);
  }

  @Override
  public void log(LoggedCall call) {
    logger.info(
        new StringMapMessage(16)
            .with("event", "llm_call")
            .with("outcome", call.outcome())
            .with("call_id", call.callId())
            .with("request_id", call.requestId())
            .with("tenant", call.tenant())
            .with("provider", call.provider())
            .with("request_model", call.requestModel())
            .with("response_model", call.responseModel())
            .with("operation", call.operation())
            .with("stream", call.stream())
            .with("attempt", call.attempt())
            .with("input_tokens", call.inputTokens())
            .with("output_tokens", call.outputTokens())
            .with("duration_ms", call.durationMs())
            .with("time_to_first_chunk_ms", call.timeToFirstChunkMs()));
  }

  @Override
  public @Nullable Long reportedLosses() {
    return losses.get();
  }

  @Override
  public void close() {
    context.stop();
  }
}
