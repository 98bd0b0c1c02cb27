// SPDX-License-Identifier: Apache-2.0
package dev.petrel.logback;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.publisher.CallPublisher;
import dev.petrel.publisher.CallStatement;
import dev.petrel.publisher.EventPublisher;
import dev.petrel.publisher.InvalidStatementException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * A Logback appender that publishes the LLM calls that an application logs.
 *
 * <p>A statement with the SLF4J key-value {@code event} = {@code llm_call} is one; its other
 * key-values are the event's fields, as {@link CallStatement} reads them. All other statements pass
 * by. The log message itself is never read. Where a statement has no {@code tenant}, that of the
 * MDC is taken; {@code user} is not, as an MDC usually holds the raw id.
 *
 * <p>Neither blocks nor throws, whatever Kafka does. A statement that makes no valid event is
 * counted and told to Logback's status list, once per field. Configuration that cannot work leaves
 * the appender off and says so there. Thread-safe once started.
 */
public final class LlmCallAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

  /** Loggers whose statements come of publishing. */
  private static final List<String> OWN_LOGGERS =
      List.of("org.apache.kafka.", "dev.petrel.publisher.", "dev.petrel.logback.");

  private final Function<EventPublisher.Builder, CallPublisher> publisherFactory;
  private final Map<EventField<String>, String> defaults = new LinkedHashMap<>();
  private final Map<String, String> producerProperties = new LinkedHashMap<>();
  private final Set<String> reportedFields = ConcurrentHashMap.newKeySet();
  private final LongAdder rejected = new LongAdder();
  private @Nullable String bootstrapServers;
  private @Nullable String topic;
  private @Nullable String clientId;
  private @Nullable Integer queueMaxEvents;
  private @Nullable FileSize queueMaxBytes;
  private @Nullable Duration closeTimeout;
  private volatile @Nullable CallPublisher publisher;

  /** An appender that is to be configured and started. */
  public LlmCallAppender() {
    this(EventPublisher.Builder::build);
  }

  LlmCallAppender(Function<EventPublisher.Builder, CallPublisher> publisherFactory) {
    this.publisherFactory = publisherFactory;
  }

  /** Where Kafka is: {@code host:port}, several with commas. Required. */
  public void setBootstrapServers(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /** The topic. Default {@code llm-calls}. */
  public void setTopic(String topic) {
    this.topic = topic;
  }

  /** The name towards Kafka and in JMX. Default {@code petrel-publisher-} and a number. */
  public void setClientId(String clientId) {
    this.clientId = clientId;
  }

  /** Most events that are held. Default 10 000. */
  public void setQueueMaxEvents(int queueMaxEvents) {
    this.queueMaxEvents = queueMaxEvents;
  }

  /** Most bytes that are held, for example {@code 16MB}, which is the default. */
  public void setQueueMaxBytes(FileSize queueMaxBytes) {
    this.queueMaxBytes = queueMaxBytes;
  }

  /** How long {@link #stop} may take, for example {@code 5 seconds}, which is the default. */
  public void setCloseTimeout(Duration closeTimeout) {
    this.closeTimeout = closeTimeout;
  }

  /** A property of Kafka's producer, as {@code security.protocol=SASL_SSL}. */
  public void addProducerProperty(String nameAndValue) {
    int equals = nameAndValue.indexOf('=');
    if (equals < 1) {
      // Without the text: it may be a password.
      addError("producerProperty must be name=value");
      return;
    }
    producerProperties.put(
        nameAndValue.substring(0, equals).strip(), nameAndValue.substring(equals + 1).strip());
  }

  /** The {@code service} of all events that name none. */
  public void setService(String service) {
    defaults.put(EventField.SERVICE, service);
  }

  /** The {@code instance} of all events that name none. */
  public void setInstance(String instance) {
    defaults.put(EventField.INSTANCE, instance);
  }

  /** The {@code version} of all events that name none. */
  public void setVersion(String version) {
    defaults.put(EventField.VERSION, version);
  }

  /** The {@code environment} of all events that name none. */
  public void setEnvironment(String environment) {
    defaults.put(EventField.ENVIRONMENT, environment);
  }

  @Override
  public void start() {
    if (isStarted()) {
      return;
    }
    try {
      checkDefaults();
      publisher = publisherFactory.apply(configure(EventPublisher.newBuilder()));
      super.start();
    } catch (InvalidStatementException
        | IllegalArgumentException
        | IllegalStateException
        | LinkageError e) {
      addError("LLM calls are not published: " + e.getMessage(), e);
    }
  }

  private void checkDefaults() throws InvalidStatementException {
    CallStatement statement = new CallStatement(0);
    for (Map.Entry<EventField<String>, String> entry : defaults.entrySet()) {
      statement.put(entry.getKey().jsonName(), entry.getValue());
    }
  }

  private EventPublisher.Builder configure(EventPublisher.Builder builder) {
    if (bootstrapServers != null) {
      builder.bootstrapServers(bootstrapServers);
    }
    if (topic != null) {
      builder.topic(topic);
    }
    if (clientId != null) {
      builder.clientId(clientId);
    }
    if (queueMaxEvents != null) {
      builder.queueMaxEvents(queueMaxEvents);
    }
    if (queueMaxBytes != null) {
      builder.queueMaxBytes(queueMaxBytes.getSize());
    }
    if (closeTimeout != null) {
      builder.closeTimeout(java.time.Duration.ofMillis(closeTimeout.getMilliseconds()));
    }
    producerProperties.forEach(builder::producerProperty);
    return builder;
  }

  @Override
  protected void append(ILoggingEvent event) {
    List<KeyValuePair> keyValues = event.getKeyValuePairs();
    CallPublisher to = publisher;
    if (keyValues == null || to == null || !tellsOfCall(keyValues) || isOwn(event)) {
      return;
    }
    try {
      to.publish(toEvent(event, keyValues));
    } catch (InvalidStatementException e) {
      reject(e.field(), e.getMessage());
    } catch (RuntimeException e) {
      // A value whose toString fails, for example; its text is none of ours to tell.
      reject("", e.getClass().getName());
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

  private static boolean isOwn(ILoggingEvent event) {
    String logger = event.getLoggerName();
    return EventPublisher.isPublisherThread()
        || (logger != null && OWN_LOGGERS.stream().anyMatch(logger::startsWith));
  }

  private LlmCallEvent toEvent(ILoggingEvent event, List<KeyValuePair> keyValues)
      throws InvalidStatementException {
    CallStatement statement = new CallStatement(event.getTimeStamp());
    for (KeyValuePair keyValue : keyValues) {
      statement.put(keyValue.key, keyValue.value);
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      statement.thrown(thrown.getClassName());
    }
    Map<String, String> mdc = event.getMDCPropertyMap();
    statement.fallback(EventField.TENANT, mdc.get(EventField.TENANT.jsonName()));
    for (Map.Entry<EventField<String>, String> entry : defaults.entrySet()) {
      statement.fallback(entry.getKey(), entry.getValue());
    }
    return statement.toEvent();
  }

  private void reject(String field, @Nullable String rule) {
    rejected.increment();
    if (reportedFields.add(field)) {
      addWarn(
          "an LLM call was logged that makes no valid event and is not published: "
              + rule
              + " (further ones like it are only counted)");
    }
  }

  /** Statements that told of a call but made no valid event. */
  public long rejected() {
    return rejected.sum();
  }

  @Override
  public void stop() {
    super.stop();
    CallPublisher closed = publisher;
    publisher = null;
    if (closed != null) {
      closed.close();
    }
  }
}
