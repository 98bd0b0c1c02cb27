// SPDX-License-Identifier: Apache-2.0
package dev.petrel.test.servers;

import org.jspecify.annotations.Nullable;

/**
 * The servers that all tests of one JVM share: started when first asked for, stopped when the JVM
 * ends. Tests must use names of their own for topics, groups and indices.
 *
 * <p>Containers where a Docker engine answers, child JVMs elsewhere; the system property {@code
 * petrel.test.servers} forces one or the other: see {@link ServerMode}. A server that can't be
 * started fails the test.
 *
 * <p>Thread-safe.
 */
public final class TestServers {
  private static final Object LOCK = new Object();
  private static @Nullable TestKafka kafka;
  private static @Nullable TestOpenSearch openSearch;

  private TestServers() {}

  public static TestKafka kafka() {
    synchronized (LOCK) {
      if (kafka == null) {
        kafka =
            switch (ServerMode.current()) {
              case EMBEDDED -> stoppedAtExit(PrivateKafka.start());
              case CONTAINERS -> new KafkaInContainer();
            };
      }
      return kafka;
    }
  }

  public static TestOpenSearch openSearch() {
    synchronized (LOCK) {
      if (openSearch == null) {
        openSearch =
            switch (ServerMode.current()) {
              case EMBEDDED -> stoppedAtExit(PrivateOpenSearch.start());
              case CONTAINERS -> new OpenSearchInContainer();
            };
      }
      return openSearch;
    }
  }

  private static <S extends PrivateServer<?>> S stoppedAtExit(S server) {
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop-test-server"));
    return server;
  }
}
