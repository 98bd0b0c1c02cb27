// SPDX-License-Identifier: Apache-2.0
package dev.petrel.spring.ai;

import dev.petrel.http.HttpCallObserver;
import dev.petrel.publisher.EventPublisher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The application's settings {@code petrel.*}. What is absent has the default of {@link
 * EventPublisher.Builder} and {@link HttpCallObserver.Builder}, which also check the values.
 *
 * @param enabled whether calls are observed at all
 * @param kafka where events go
 * @param queue what waits in memory
 * @param spool what waits on disk
 * @param closeTimeout how long the end of the application may wait for events to be sent
 * @param service {@code service} of all events; absent, the name of the application
 * @param instance {@code instance} of all events
 * @param version {@code version} of all events
 * @param environment {@code environment} of all events
 * @param provider whose API answers at hosts that are nobody's own
 * @param hashKey the secret with which users and API keys are hashed
 * @param tenantMdcKey the MDC's name for the tenant
 * @param userMdcKey the MDC's name for the raw user id
 * @param stallTimeout after how long without any byte an attempt is told of as stalled
 */
@ConfigurationProperties("petrel")
record PetrelProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue Kafka kafka,
    @DefaultValue Queue queue,
    @DefaultValue Spool spool,
    @Nullable Duration closeTimeout,
    @Nullable String service,
    @Nullable String instance,
    @Nullable String version,
    @Nullable String environment,
    @Nullable String provider,
    @Nullable String hashKey,
    @DefaultValue("tenant") String tenantMdcKey,
    @DefaultValue("user") String userMdcKey,
    @Nullable Duration stallTimeout) {

  /**
   * Where events go.
   *
   * @param bootstrapServers {@code host:port}, several with commas; without it nothing is observed
   * @param topic the topic
   * @param clientId the name towards Kafka
   * @param properties of Kafka's producer, such as {@code security.protocol}
   */
  record Kafka(
      @Nullable String bootstrapServers,
      @Nullable String topic,
      @Nullable String clientId,
      @DefaultValue Map<String, String> properties) {

    /** Without the properties, which may hold passwords. */
    @Override
    public String toString() {
      return "Kafka{bootstrapServers=%s, topic=%s}".formatted(bootstrapServers, topic);
    }
  }

  /**
   * What waits in memory.
   *
   * @param maxEvents most events
   * @param maxSize most bytes
   */
  record Queue(@Nullable Integer maxEvents, @Nullable DataSize maxSize) {}

  /**
   * What waits on disk.
   *
   * @param directory where; absent, nowhere
   * @param maxSize most bytes
   */
  record Spool(@Nullable Path directory, @Nullable DataSize maxSize) {}

  /** A builder with these settings. */
  EventPublisher.Builder publisher() {
    EventPublisher.Builder builder = EventPublisher.newBuilder();
    with(kafka.bootstrapServers(), builder::bootstrapServers);
    with(kafka.topic(), builder::topic);
    with(kafka.clientId(), builder::clientId);
    kafka.properties().forEach(builder::producerProperty);
    with(queue.maxEvents(), builder::queueMaxEvents);
    with(queue.maxSize(), size -> builder.queueMaxBytes(size.toBytes()));
    with(spool.directory(), builder::spoolDirectory);
    with(spool.maxSize(), size -> builder.spoolMaxBytes(size.toBytes()));
    with(closeTimeout, builder::closeTimeout);
    return builder;
  }

  /**
   * Gives a builder these settings.
   *
   * @param applicationName the {@code service} where none is set; null when unknown
   */
  HttpCallObserver.Builder applyTo(
      HttpCallObserver.Builder builder, @Nullable String applicationName) {
    with(service == null ? applicationName : service, builder::service);
    with(instance, builder::instance);
    with(version, builder::version);
    with(environment, builder::environment);
    with(provider, builder::provider);
    with(hashKey, builder::hashKey);
    with(stallTimeout, builder::stallTimeout);
    return builder.mdcKeys(tenantMdcKey, userMdcKey);
  }

  private static <T> void with(@Nullable T value, Consumer<T> setting) {
    // An environment variable that is set to nothing is one that is not set.
    if (value != null && !(value instanceof String text && text.isBlank())) {
      setting.accept(value);
    }
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "PetrelProperties{enabled=%s, kafka=%s, service=%s, environment=%s}"
        .formatted(enabled, kafka, service, environment);
  }
}
