// SPDX-License-Identifier: Apache-2.0
package dev.petrel.test.servers;

import java.util.Locale;
import org.testcontainers.DockerClientFactory;

/**
 * How the shared servers run. The system property {@code petrel.test.servers} says {@code
 * embedded}, {@code containers} or, its default, {@code auto}: containers where a Docker engine
 * answers.
 */
enum ServerMode {
  EMBEDDED,
  CONTAINERS;

  static final String PROPERTY = "petrel.test.servers";

  static ServerMode current() {
    return of(System.getProperty(PROPERTY, "auto"));
  }

  static ServerMode of(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "embedded" -> EMBEDDED;
      case "containers" -> CONTAINERS;
      case "auto" -> DockerClientFactory.instance().isDockerAvailable() ? CONTAINERS : EMBEDDED;
      default ->
          throw new IllegalArgumentException(
              PROPERTY + " must be embedded, containers or auto: " + value);
    };
  }
}
