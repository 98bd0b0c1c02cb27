// SPDX-License-Identifier: Apache-2.0
package dev.petrel.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import dev.petrel.event.EventField;
import dev.petrel.publisher.AppenderSettings;
import dev.petrel.publisher.CallPublisher;
import dev.petrel.publisher.CallStatement;
import dev.petrel.publisher.EventPublisher;
import dev.petrel.publisher.InvalidStatementException;
import dev.petrel.publisher.StatementPublisher;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * A Logback appender that publishes the LLM calls that an application logs.
 *
 * <p>A statement with the SLF4J key-value {@code event} = {@code llm_call} is one; its other
 * key-values are the event's fields, as {@link CallStatement} reads them. All other statements pass
 * by. The log message itself is never read. What a statement does not say of tenant, user and
 * attributes is taken from the MDC; the user only where {@link #setUserHashKey} makes it
 * publishable.
 *
 * <p>Neither blocks nor throws, whatever Kafka does. A statement that makes no valid event is
 * counted and told to Logback's status list, once per field. Configuration that cannot work leaves
 * the appender off and says so there. Thread-safe once started.
 */
public final class LlmCallAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

  private final AppenderSettings settings;
  private volatile @Nullable StatementPublisher publisher;

  /** An appender that is to be configured and started. */
  public LlmCallAppender() {
    this.settings = new AppenderSettings();
  }

  LlmCallAppender(Function<EventPublisher.Builder, CallPublisher> publisherFactory) {
    this.settings = new AppenderSettings(publisherFactory);
  }

  /** Where Kafka is: {@code host:port}, several with commas. Required. */
  public void setBootstrapServers(String bootstrapServers) {
    settings.bootstrapServers(bootstrapServers);
  }

  /** The topic. Default {@code llm-calls}. */
  public void setTopic(String topic) {
    settings.topic(topic);
  }

  /** The name towards Kafka and in JMX. Default {@code petrel-publisher-} and a number. */
  public void setClientId(String clientId) {
    settings.clientId(clientId);
  }

  /** Most events that are held. Default 10 000. */
  public void setQueueMaxEvents(int queueMaxEvents) {
    settings.queueMaxEvents(queueMaxEvents);
  }

  /** Most bytes that are held, for example {@code 16MB}, which is the default. */
  public void setQueueMaxBytes(FileSize queueMaxBytes) {
    settings.queueMaxBytes(queueMaxBytes.getSize());
  }

  /** How long {@link #stop} may take, for example {@code 5 seconds}, which is the default. */
  public void setCloseTimeout(Duration closeTimeout) {
    settings.closeTimeout(java.time.Duration.ofMillis(closeTimeout.getMilliseconds()));
  }

  /**
   * The directory where events wait on disk that memory has no room for. Default: none, and they
   * are dropped. Several applications may share it.
   */
  public void setSpoolDirectory(String spoolDirectory) {
    settings.spoolDirectory(spoolDirectory);
  }

  /** The most that this appender's files in the spool take, for example {@code 256MB}: default. */
  public void setSpoolMaxBytes(FileSize spoolMaxBytes) {
    settings.spoolMaxBytes(spoolMaxBytes.getSize());
  }

  /** A property of Kafka's producer, as {@code security.protocol=SASL_SSL}. */
  public void addProducerProperty(String nameAndValue) {
    int equals = nameAndValue.indexOf('=');
    if (equals < 1) {
      // Without the text: it may be a password.
      addError("producerProperty must be name=value");
      return;
    }
    settings.producerProperty(
        nameAndValue.substring(0, equals).strip(), nameAndValue.substring(equals + 1).strip());
  }

  /** The {@code service} of all events that name none. */
  public void setService(String service) {
    settings.defaultOf(EventField.SERVICE, service);
  }

  /** The {@code instance} of all events that name none. */
  public void setInstance(String instance) {
    settings.defaultOf(EventField.INSTANCE, instance);
  }

  /** The {@code version} of all events that name none. */
  public void setVersion(String version) {
    settings.defaultOf(EventField.VERSION, version);
  }

  /** The {@code environment} of all events that name none. */
  public void setEnvironment(String environment) {
    settings.defaultOf(EventField.ENVIRONMENT, environment);
  }

  /** A key-value or MDC entry that goes to the event's {@code attributes}. May be repeated. */
  public void addAttribute(String name) {
    settings.attribute(name);
  }

  /** The MDC's key of the tenant. Default {@code tenant}. */
  public void setTenantMdcKey(String tenantMdcKey) {
    settings.tenantMdcKey(tenantMdcKey);
  }

  /** The MDC's key of the raw user id. Default {@code user}. */
  public void setUserMdcKey(String userMdcKey) {
    settings.userMdcKey(userMdcKey);
  }

  /**
   * The secret, of 16 bytes or more, that raw user ids are hashed with, for example {@code
   * ${PETREL_USER_HASH_KEY}}. Default: none, and the MDC's user is not published.
   */
  public void setUserHashKey(String userHashKey) {
    settings.userHashKey(userHashKey);
  }

  @Override
  public void start() {
    if (isStarted()) {
      return;
    }
    try {
      publisher = settings.start(this::addWarn);
      super.start();
    } catch (IllegalArgumentException | IllegalStateException | LinkageError e) {
      addError("LLM calls are not published: " + e.getMessage(), e);
    }
  }

  @Override
  protected void append(ILoggingEvent event) {
    List<KeyValuePair> keyValues = event.getKeyValuePairs();
    StatementPublisher to = publisher;
    if (keyValues != null
        && to != null
        && tellsOfCall(keyValues)
        && !StatementPublisher.isOwn(event.getLoggerName(), event.getThreadName())) {
      to.publish(event.getTimeStamp(), statement -> read(event, keyValues, statement));
    }
  }

  private static boolean tellsOfCall(List<KeyValuePair> keyValues) {
    for (KeyValuePair keyValue : keyValues) {
      if (CallStatement.isCall(keyValue.key, keyValue.value)) {
        return true;
      }
    }
    return false;
  }

  private static void read(
      ILoggingEvent event, List<KeyValuePair> keyValues, CallStatement statement)
      throws InvalidStatementException {
    for (KeyValuePair keyValue : keyValues) {
      statement.put(keyValue.key, keyValue.value);
    }
    statement.context(event.getMDCPropertyMap()::get);
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      statement.thrown(thrown.getClassName());
    }
  }

  /** Statements that told of a call but made no valid event. */
  public long rejected() {
    StatementPublisher from = publisher;
    return from == null ? 0 : from.rejected();
  }

  /**
   * What the events go to: for its counters, and for {@code PublisherMetrics}. Null before the
   * start.
   */
  public @Nullable EventPublisher eventPublisher() {
    StatementPublisher from = publisher;
    return from == null ? null : from.eventPublisher();
  }

  @Override
  public void stop() {
    super.stop();
    StatementPublisher stopped = publisher;
    if (stopped != null) {
      stopped.close();
    }
  }
}
