// SPDX-License-Identifier: Apache-2.0
package dev.petrel.log4j2;

import dev.petrel.event.EventField;
import dev.petrel.publisher.AppenderSettings;
import java.time.Duration;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.appender.rolling.FileSize;
import org.apache.logging.log4j.core.config.plugins.PluginBuilderAttribute;
import org.apache.logging.log4j.core.config.plugins.PluginElement;
import org.apache.logging.log4j.core.util.Builder;
import org.apache.logging.log4j.status.StatusLogger;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link LlmCallAppender} of a configuration's attributes, which have the names of the
 * setters here. A number that cannot be read is told to the status logger, and the default used.
 *
 * <p>Null leaves a setting at its default. {@code ignoreExceptions} and a layout have no effect.
 * Not thread-safe.
 */
public final class LlmCallAppenderBuilder extends AbstractAppender.Builder<LlmCallAppenderBuilder>
    implements Builder<LlmCallAppender> {

  private static final Logger LOGGER = StatusLogger.getLogger();

  private final AppenderSettings settings;
  @PluginBuilderAttribute private @Nullable String bootstrapServers;
  @PluginBuilderAttribute private @Nullable String topic;
  @PluginBuilderAttribute private @Nullable String clientId;
  @PluginBuilderAttribute private @Nullable String queueMaxEvents;
  @PluginBuilderAttribute private @Nullable String queueMaxBytes;
  @PluginBuilderAttribute private @Nullable String closeTimeoutMillis;
  @PluginBuilderAttribute private @Nullable String spoolDirectory;
  @PluginBuilderAttribute private @Nullable String spoolMaxBytes;
  @PluginBuilderAttribute private @Nullable String service;
  @PluginBuilderAttribute private @Nullable String instance;
  @PluginBuilderAttribute private @Nullable String version;
  @PluginBuilderAttribute private @Nullable String environment;
  @PluginBuilderAttribute private @Nullable String attributes;
  @PluginBuilderAttribute private @Nullable String tenantMdcKey;
  @PluginBuilderAttribute private @Nullable String userMdcKey;

  @PluginBuilderAttribute(sensitive = true)
  private @Nullable String userHashKey;

  @PluginElement("ProducerProperty")
  private ProducerProperty @Nullable [] producerProperties;

  LlmCallAppenderBuilder(AppenderSettings settings) {
    this.settings = settings;
  }

  /** Where Kafka is: {@code host:port}, several with commas. Required. */
  public LlmCallAppenderBuilder setBootstrapServers(@Nullable String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    return this;
  }

  /** The topic. Default {@code llm-calls}. */
  public LlmCallAppenderBuilder setTopic(@Nullable String topic) {
    this.topic = topic;
    return this;
  }

  /** The name towards Kafka and in JMX. Default {@code petrel-publisher-} and a number. */
  public LlmCallAppenderBuilder setClientId(@Nullable String clientId) {
    this.clientId = clientId;
    return this;
  }

  /** Most events that are held. Default 10 000. */
  public LlmCallAppenderBuilder setQueueMaxEvents(@Nullable String queueMaxEvents) {
    this.queueMaxEvents = queueMaxEvents;
    return this;
  }

  /** Most bytes that are held, for example {@code 16 MB}, which is the default. */
  public LlmCallAppenderBuilder setQueueMaxBytes(@Nullable String queueMaxBytes) {
    this.queueMaxBytes = queueMaxBytes;
    return this;
  }

  /** How long stopping may take, in ms. Default 5000. */
  public LlmCallAppenderBuilder setCloseTimeoutMillis(@Nullable String closeTimeoutMillis) {
    this.closeTimeoutMillis = closeTimeoutMillis;
    return this;
  }

  /**
   * The directory where events wait on disk that memory has no room for. Default: none, and they
   * are dropped. Several applications may share it.
   */
  public LlmCallAppenderBuilder setSpoolDirectory(@Nullable String spoolDirectory) {
    this.spoolDirectory = spoolDirectory;
    return this;
  }

  /** The most that this appender's files in the spool take. Default {@code 256 MB}. */
  public LlmCallAppenderBuilder setSpoolMaxBytes(@Nullable String spoolMaxBytes) {
    this.spoolMaxBytes = spoolMaxBytes;
    return this;
  }

  /** The {@code service} of all events that name none. */
  public LlmCallAppenderBuilder setService(@Nullable String service) {
    this.service = service;
    return this;
  }

  /** The {@code instance} of all events that name none. */
  public LlmCallAppenderBuilder setInstance(@Nullable String instance) {
    this.instance = instance;
    return this;
  }

  /** The {@code version} of all events that name none. */
  public LlmCallAppenderBuilder setVersion(@Nullable String version) {
    this.version = version;
    return this;
  }

  /** The {@code environment} of all events that name none. */
  public LlmCallAppenderBuilder setEnvironment(@Nullable String environment) {
    this.environment = environment;
    return this;
  }

  /**
   * Key-values and ThreadContext entries that go to the event's {@code attributes}, with commas.
   */
  public LlmCallAppenderBuilder setAttributes(@Nullable String attributes) {
    this.attributes = attributes;
    return this;
  }

  /** The ThreadContext's key of the tenant. Default {@code tenant}. */
  public LlmCallAppenderBuilder setTenantMdcKey(@Nullable String tenantMdcKey) {
    this.tenantMdcKey = tenantMdcKey;
    return this;
  }

  /** The ThreadContext's key of the raw user id. Default {@code user}. */
  public LlmCallAppenderBuilder setUserMdcKey(@Nullable String userMdcKey) {
    this.userMdcKey = userMdcKey;
    return this;
  }

  /**
   * The secret, of 16 bytes or more, that raw user ids are hashed with, for example {@code
   * ${env:PETREL_USER_HASH_KEY}}. Default: none, and the context's user is not published.
   */
  public LlmCallAppenderBuilder setUserHashKey(@Nullable String userHashKey) {
    this.userHashKey = userHashKey;
    return this;
  }

  /** Properties of Kafka's producer. */
  public LlmCallAppenderBuilder setProducerProperties(ProducerProperty... producerProperties) {
    this.producerProperties = producerProperties.clone();
    return this;
  }

  /**
   * The appender, or null when it cannot be configured like this: the status logger says why. An
   * application runs on without it.
   */
  @Override
  public @Nullable LlmCallAppender build() {
    try {
      if (getName() == null) {
        throw new IllegalStateException("name is not set");
      }
      return new LlmCallAppender(getName(), getFilter(), configured());
    } catch (IllegalArgumentException | IllegalStateException | LinkageError e) {
      LOGGER.error("Appender {}: LLM calls are not published: {}", getName(), e.getMessage(), e);
      return null;
    }
  }

  private AppenderSettings configured() {
    Integer closeMillis = number("closeTimeoutMillis", closeTimeoutMillis);
    Integer maxEvents = number("queueMaxEvents", queueMaxEvents);
    settings
        .bootstrapServers(bootstrapServers)
        .topic(topic)
        .clientId(clientId)
        .queueMaxEvents(maxEvents)
        .queueMaxBytes(bytes(queueMaxBytes))
        .closeTimeout(closeMillis == null ? null : Duration.ofMillis(closeMillis))
        .spoolDirectory(spoolDirectory)
        .spoolMaxBytes(bytes(spoolMaxBytes))
        .defaultOf(EventField.SERVICE, service)
        .defaultOf(EventField.INSTANCE, instance)
        .defaultOf(EventField.VERSION, version)
        .defaultOf(EventField.ENVIRONMENT, environment)
        .tenantMdcKey(tenantMdcKey)
        .userMdcKey(userMdcKey)
        .userHashKey(userHashKey);
    if (attributes != null) {
      for (String attribute : attributes.split(",", -1)) {
        settings.attribute(attribute);
      }
    }
    if (producerProperties != null) {
      for (ProducerProperty property : producerProperties) {
        settings.producerProperty(property.name(), property.value());
      }
    }
    return settings;
  }

  /** Null also for what is no size: Log4j2 says so. */
  private static @Nullable Long bytes(@Nullable String text) {
    long size = text == null ? -1 : FileSize.parse(text.strip(), -1);
    return size == -1 ? null : size;
  }

  private @Nullable Integer number(String name, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Integer.valueOf(text.strip());
    } catch (NumberFormatException e) {
      LOGGER.error(
          "Appender {}: {} must be a whole number, was '{}'; the default is used",
          getName(),
          name,
          text);
      return null;
    }
  }
}
