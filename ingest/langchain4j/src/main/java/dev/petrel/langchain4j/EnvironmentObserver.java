// SPDX-License-Identifier: Apache-2.0
package dev.petrel.langchain4j;

import dev.petrel.http.HttpCallObserver;
import dev.petrel.publisher.EventPublisher;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The observer that environment variables configure: {@code PETREL_KAFKA_BOOTSTRAP_SERVERS},
 * without which there is none, {@code PETREL_SERVICE}, {@code PETREL_ENVIRONMENT}, {@code
 * PETREL_INSTANCE}, {@code PETREL_VERSION}, {@code PETREL_PROVIDER} and {@code PETREL_HASH_KEY}.
 *
 * <p>Bad values are told once, and then there is none: an application does not stay down for them.
 */
final class EnvironmentObserver {

  private static final Logger log = LoggerFactory.getLogger(EnvironmentObserver.class);

  private EnvironmentObserver() {}

  /** The process's only one, made when first asked for; null when none is configured. */
  static @Nullable HttpCallObserver shared() {
    return Holder.SHARED;
  }

  private static final class Holder {
    static final @Nullable HttpCallObserver SHARED = of(System.getenv());
  }

  static @Nullable HttpCallObserver of(Map<String, String> environment) {
    String servers = environment.get("PETREL_KAFKA_BOOTSTRAP_SERVERS");
    if (servers == null || servers.isBlank()) {
      return null;
    }
    try {
      EventPublisher publisher = EventPublisher.newBuilder().bootstrapServers(servers).build();
      try {
        HttpCallObserver observer = observer(environment, publisher);
        Runtime.getRuntime().addShutdownHook(new Thread(publisher::close, "petrel-close"));
        return observer;
      } catch (RuntimeException e) {
        publisher.close();
        throw e;
      }
    } catch (RuntimeException e) {
      log.warn("LLM calls are not observed, as a PETREL_ variable is bad: {}", e.getMessage());
      return null;
    }
  }

  private static HttpCallObserver observer(
      Map<String, String> environment, EventPublisher publisher) {
    HttpCallObserver.Builder builder = HttpCallObserver.newBuilder(publisher);
    put(environment, "PETREL_SERVICE", builder::service);
    put(environment, "PETREL_ENVIRONMENT", builder::environment);
    put(environment, "PETREL_INSTANCE", builder::instance);
    put(environment, "PETREL_VERSION", builder::version);
    put(environment, "PETREL_PROVIDER", builder::provider);
    put(environment, "PETREL_HASH_KEY", builder::hashKey);
    return builder.build();
  }

  private static void put(Map<String, String> environment, String name, Consumer<String> setting) {
    String value = environment.get(name);
    if (value != null && !value.isBlank()) {
      setting.accept(value);
    }
  }
}
