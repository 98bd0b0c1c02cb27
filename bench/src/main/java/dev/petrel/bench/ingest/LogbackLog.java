// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import dev.petrel.logback.LlmCallAppender;
import java.io.ByteArrayInputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.MDC;

/** Logback as a configuration file sets it up, beside that of the measuring JVM itself. */
final class LogbackLog implements CallLog {

  private final LoggerContext context = new LoggerContext();
  private final Logger logger;
  private final Supplier<@Nullable Long> losses;

  private LogbackLog(String appender, String level, Losses losses) {
    context.setMDCAdapter(requireNonNull(MDC.getMDCAdapter(), "MDC adapter"));
    context.start();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    String xml =
        """
        <configuration>
          %s
          <root level="%s"><appender-ref ref="CALLS"/></root>
        </configuration>
        """
            .formatted(appender, level);
    try {
      configurator.doConfigure(new ByteArrayInputStream(xml.getBytes(UTF_8)));
    } catch (JoranException e) {
      throw new IllegalStateException("Logback is not configured", e);
    }
    for (Status status : context.getStatusManager().getCopyOfStatusList()) {
      if (status.getLevel() >= Status.WARN) {
        throw new IllegalStateException("Logback is not configured: " + status);
      }
    }
    this.logger = context.getLogger("com.example.app.ChatService");
    this.losses = losses.of(context);
  }

  /** Finds where losses are counted. */
  private interface Losses {
    Supplier<@Nullable Long> of(LoggerContext context);
  }

  static LogbackLog petrel(String bootstrapServers, String topic) {
    return new LogbackLog(
        """
        <appender name="CALLS" class="dev.petrel.logback.LlmCallAppender">
          <bootstrapServers>%s</bootstrapServers>
          <topic>%s</topic>
          <service>support-bot</service>
        </appender>
        """
            .formatted(bootstrapServers, topic),
        "INFO",
        context -> {
          LlmCallAppender appender =
              (LlmCallAppender) context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("CALLS");
          return () ->
              PublisherLog.losses(requireNonNull(appender.eventPublisher(), "publisher"))
                  + appender.rejected();
        });
  }

  static LogbackLog asyncFile(String file) {
    return new LogbackLog(
        """
        <appender name="FILE" class="ch.qos.logback.core.FileAppender">
          <file>%s</file>
          <encoder><pattern>%%d %%p %%c %%kvp %%m%%n</pattern></encoder>
        </appender>
        <appender name="CALLS" class="ch.qos.logback.classic.AsyncAppender">
          <appender-ref ref="FILE"/>
        </appender>
        """
            .formatted(file),
        "INFO",
        context -> () -> null);
  }

  static LogbackLog logstashFile(String file) {
    return new LogbackLog(
        """
        <appender name="FILE" class="ch.qos.logback.core.FileAppender">
          <file>%s</file>
          <encoder class="net.logstash.logback.encoder.LogstashEncoder"/>
        </appender>
        <appender name="CALLS"
            class="net.logstash.logback.appender.LoggingEventAsyncDisruptorAppender">
          <appender-ref ref="FILE"/>
          <listener class="%s"/>
        </appender>
        """
            .formatted(file, FailureCounter.class.getName()),
        "INFO",
        context -> FailureCounter::failures);
  }

  static LogbackLog logstashTcp(String address) {
    return new LogbackLog(
        """
        <appender name="CALLS" class="net.logstash.logback.appender.LogstashTcpSocketAppender">
          <destination>%s</destination>
          <encoder class="net.logstash.logback.encoder.LogstashEncoder"/>
          <listener class="%s"/>
        </appender>
        """
            .formatted(address, FailureCounter.class.getName()),
        "INFO",
        context -> FailureCounter::failures);
  }

  static LogbackLog off() {
    return new LogbackLog(
        "<appender name=\"CALLS\" class=\"ch.qos.logback.core.helpers.NOPAppender\"/>",
        "OFF",
        context -> () -> null);
  }

  @Override
  public void log(LoggedCall call) {
    logger
        .atInfo()
        .addKeyValue("event", "llm_call")
        .addKeyValue("outcome", call.outcome())
        .addKeyValue("call_id", call.callId())
        .addKeyValue("request_id", call.requestId())
        .addKeyValue("tenant", call.tenant())
        .addKeyValue("provider", call.provider())
        .addKeyValue("request_model", call.requestModel())
        .addKeyValue("response_model", call.responseModel())
        .addKeyValue("operation", call.operation())
        .addKeyValue("stream", call.stream())
        .addKeyValue("attempt", call.attempt())
        .addKeyValue("input_tokens", call.inputTokens())
        .addKeyValue("output_tokens", call.outputTokens())
        .addKeyValue("duration_ms", call.durationMs())
        .addKeyValue("time_to_first_chunk_ms", call.timeToFirstChunkMs())
        .log(LoggedCall.MESSAGE);
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
