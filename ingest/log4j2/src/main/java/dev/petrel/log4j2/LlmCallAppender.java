// SPDX-License-Identifier: Apache-2.0
package dev.petrel.log4j2;

import dev.petrel.publisher.AppenderSettings;
import dev.petrel.publisher.CallStatement;
import dev.petrel.publisher.EventPublisher;
import dev.petrel.publisher.StatementPublisher;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.Core;
import org.apache.logging.log4j.core.ErrorHandler;
import org.apache.logging.log4j.core.Filter;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.appender.DefaultErrorHandler;
import org.apache.logging.log4j.core.config.Property;
import org.apache.logging.log4j.core.config.plugins.Plugin;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderFactory;
import org.apache.logging.log4j.message.MapMessage;
import org.apache.logging.log4j.util.ReadOnlyStringMap;
import org.jspecify.annotations.Nullable;

/**
 * A Log4j2 appender that publishes the LLM calls that an application logs.
 *
 * <p>A statement is one when it has {@code event} = {@code llm_call}, either in a {@link
 * MapMessage} or in its context data, which is where {@code log4j-slf4j2-impl} puts the key-values
 * of SLF4J: see {@link EventReading}. All other statements pass by. The text of a message is never
 * read.
 *
 * <p>Neither blocks nor throws, whatever Kafka does and whatever {@code ignoreExceptions} says. All
 * that is needed of a log event is copied before {@link #append} returns. A statement that makes no
 * valid event is counted and told to the error handler, once per field. Thread-safe.
 */
@Plugin(
    name = "LlmCall",
    category = Core.CATEGORY_NAME,
    elementType = Appender.ELEMENT_TYPE,
    printObject = true)
public final class LlmCallAppender extends AbstractAppender {

  private final StatementPublisher publisher;

  LlmCallAppender(String name, @Nullable Filter filter, AppenderSettings settings) {
    super(name, filter, null, true, Property.EMPTY_ARRAY);
    this.publisher = settings.start(this::tell);
  }

  /** What Log4j2 configures an appender with. */
  @PluginBuilderFactory
  public static LlmCallAppenderBuilder newBuilder() {
    return new LlmCallAppenderBuilder(new AppenderSettings());
  }

  @Override
  public void append(LogEvent event) {
    ReadOnlyStringMap context = event.getContextData();
    if (event.getMessage() instanceof MapMessage<?, ?> message
        && CallStatement.isCall(
            CallStatement.KEY, message.getIndexedReadOnlyStringMap().getValue(CallStatement.KEY))) {
      publish(event, statement -> EventReading.ofMessage(event, message, statement));
    } else if (context != null
        && CallStatement.isCall(CallStatement.KEY, context.getValue(CallStatement.KEY))) {
      publish(event, statement -> EventReading.ofContext(event, context, statement));
    }
  }

  private void publish(LogEvent event, StatementPublisher.Reading reading) {
    if (!StatementPublisher.isOwn(event.getLoggerName(), event.getThreadName())) {
      publisher.publish(event.getTimeMillis(), reading);
    }
  }

  /** Told once per field, where the default handler would fall silent after a few. */
  private void tell(String trouble) {
    ErrorHandler handler = getHandler();
    String text = "Appender " + getName() + ": " + trouble;
    if (handler == null || handler instanceof DefaultErrorHandler) {
      LOGGER.error(text);
    } else {
      handler.error(text);
    }
  }

  /** Statements that told of a call but made no valid event. */
  public long rejected() {
    return publisher.rejected();
  }

  /** What the events go to: for its counters, and for {@code PublisherMetrics}. */
  public @Nullable EventPublisher eventPublisher() {
    return publisher.eventPublisher();
  }

  /**
   * Sends what is queued within {@code closeTimeout}, or within {@code timeout} where that is not 0
   * and ends earlier.
   */
  @Override
  public boolean stop(long timeout, TimeUnit timeUnit) {
    setStopping();
    boolean stopped = super.stop(timeout, timeUnit, false);
    if (timeout > 0) {
      stopped &= publisher.close(Duration.ofNanos(timeUnit.toNanos(timeout)));
    } else {
      publisher.close();
    }
    setStopped();
    return stopped;
  }
}
