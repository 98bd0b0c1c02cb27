// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.EventField;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an appender is configured with: the same settings for all logging frameworks.
 *
 * <p>Null leaves a setting at its default. Nothing is checked before {@link #start}: frameworks set
 * one property at a time, and a wrong one must not become its default. Not thread-safe.
 */
public final class AppenderSettings {
  private static final int MAX_ATTRIBUTES = 32;

  private final Function<EventPublisher.Builder, CallPublisher> publisherFactory;
  private final Map<EventField<String>, String> defaults = new LinkedHashMap<>();
  private final Map<String, String> producerProperties = new LinkedHashMap<>();
  private final Set<String> attributes = new LinkedHashSet<>();
  private @Nullable String bootstrapServers;
  private @Nullable String topic;
  private @Nullable String clientId;
  private @Nullable Integer queueMaxEvents;
  private @Nullable Long queueMaxBytes;
  private @Nullable Duration closeTimeout;
  private @Nullable String spoolDirectory;
  private @Nullable Long spoolMaxBytes;
  private @Nullable String userHashKey;
  private String tenantMdcKey = "tenant";
  private String userMdcKey = "user";

  /** Settings of an appender with a publisher of its own. */
  public AppenderSettings() {
    this(EventPublisher.Builder::build);
  }

  /** Settings of an appender whose publisher this makes, of a builder that holds them. */
  public AppenderSettings(Function<EventPublisher.Builder, CallPublisher> publisherFactory) {
    this.publisherFactory = publisherFactory;
  }

  /** See {@link EventPublisher.Builder#bootstrapServers}. Required. */
  public AppenderSettings bootstrapServers(@Nullable String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    return this;
  }

  /** See {@link EventPublisher.Builder#topic}. */
  public AppenderSettings topic(@Nullable String topic) {
    this.topic = topic;
    return this;
  }

  /** See {@link EventPublisher.Builder#clientId}. */
  public AppenderSettings clientId(@Nullable String clientId) {
    this.clientId = clientId;
    return this;
  }

  /** See {@link EventPublisher.Builder#queueMaxEvents}. */
  public AppenderSettings queueMaxEvents(@Nullable Integer queueMaxEvents) {
    this.queueMaxEvents = queueMaxEvents;
    return this;
  }

  /** See {@link EventPublisher.Builder#queueMaxBytes}. */
  public AppenderSettings queueMaxBytes(@Nullable Long queueMaxBytes) {
    this.queueMaxBytes = queueMaxBytes;
    return this;
  }

  /** See {@link EventPublisher.Builder#closeTimeout}. */
  public AppenderSettings closeTimeout(@Nullable Duration closeTimeout) {
    this.closeTimeout = closeTimeout;
    return this;
  }

  /** See {@link EventPublisher.Builder#spoolDirectory}. */
  public AppenderSettings spoolDirectory(@Nullable String spoolDirectory) {
    this.spoolDirectory = spoolDirectory;
    return this;
  }

  /** See {@link EventPublisher.Builder#spoolMaxBytes}. */
  public AppenderSettings spoolMaxBytes(@Nullable Long spoolMaxBytes) {
    this.spoolMaxBytes = spoolMaxBytes;
    return this;
  }

  /** See {@link EventPublisher.Builder#producerProperty}. */
  public AppenderSettings producerProperty(String name, String value) {
    producerProperties.put(name, value);
    return this;
  }

  /** The field's value in events of statements without one. */
  public AppenderSettings defaultOf(EventField<String> field, @Nullable String value) {
    if (value != null) {
      defaults.put(field, value);
    }
    return this;
  }

  /** A name of key-values and context entries that go to the event's {@code attributes}. */
  public AppenderSettings attribute(String name) {
    attributes.add(name.strip());
    return this;
  }

  /** The context's name for the tenant. Default {@code tenant}. */
  public AppenderSettings tenantMdcKey(@Nullable String tenantMdcKey) {
    this.tenantMdcKey = tenantMdcKey == null ? this.tenantMdcKey : tenantMdcKey;
    return this;
  }

  /** The context's name for the raw user id. Default {@code user}. */
  public AppenderSettings userMdcKey(@Nullable String userMdcKey) {
    this.userMdcKey = userMdcKey == null ? this.userMdcKey : userMdcKey;
    return this;
  }

  /**
   * The secret that user ids are hashed with, at least 16 bytes. Default: none, and no user is
   * taken from the context.
   */
  public AppenderSettings userHashKey(@Nullable String userHashKey) {
    this.userHashKey = userHashKey;
    return this;
  }

  /**
   * Starts what these settings describe; connects to nothing.
   *
   * @param trouble told in one line of statements that make no valid event, once per field
   * @throws IllegalArgumentException when a setting breaks its rule; names both, and no secret
   * @throws IllegalStateException when a required setting is missing
   */
  public StatementPublisher start(Consumer<String> trouble) {
    StatementRules rules = rules();
    return new StatementPublisher(publisherFactory.apply(publisherBuilder()), rules, trouble);
  }

  private StatementRules rules() {
    for (String name : attributes) {
      require(
          !name.isEmpty() && EventField.named(name) == null && !name.equals(CallStatement.KEY),
          "attribute must not be blank or a field of the event, was '" + name + "'");
    }
    require(
        attributes.size() <= MAX_ATTRIBUTES,
        "attribute: there can be " + MAX_ATTRIBUTES + " at most, were " + attributes.size());
    require(!tenantMdcKey.isBlank(), "tenantMdcKey must not be blank");
    require(!userMdcKey.isBlank(), "userMdcKey must not be blank");
    try {
      CallStatement statement = new CallStatement(0, StatementRules.NONE);
      for (Map.Entry<EventField<String>, String> entry : defaults.entrySet()) {
        statement.put(entry.getKey().jsonName(), entry.getValue());
      }
    } catch (InvalidStatementException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return new StatementRules(
        defaults,
        attributes,
        tenantMdcKey,
        userMdcKey,
        userHashKey == null ? null : new UserHash(userHashKey));
  }

  private EventPublisher.Builder publisherBuilder() {
    EventPublisher.Builder builder = EventPublisher.newBuilder();
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
      builder.queueMaxBytes(queueMaxBytes);
    }
    if (closeTimeout != null) {
      builder.closeTimeout(closeTimeout);
    }
    if (spoolDirectory != null) {
      builder.spoolDirectory(directory(spoolDirectory));
    }
    if (spoolMaxBytes != null) {
      builder.spoolMaxBytes(spoolMaxBytes);
    }
    producerProperties.forEach(builder::producerProperty);
    return builder;
  }

  private static Path directory(String name) {
    // Either would be a directory somewhere below that which the application was started in.
    require(!name.isBlank(), "spoolDirectory must not be blank");
    require(
        !UnresolvedReference.isIn(name),
        "spoolDirectory refers to a variable that is not set, was '" + name + "'");
    try {
      return Path.of(name.strip());
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("spoolDirectory must be a path: " + e.getMessage(), e);
    }
  }

  private static void require(boolean condition, String rule) {
    if (!condition) {
      throw new IllegalArgumentException(rule);
    }
  }
}
