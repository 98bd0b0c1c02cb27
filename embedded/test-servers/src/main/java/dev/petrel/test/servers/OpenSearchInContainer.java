// SPDX-License-Identifier: Apache-2.0
package dev.petrel.test.servers;

import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * An OpenSearch node in a container, with the settings of the embedded one that tests can see.
 * Testcontainers removes it when the JVM ends.
 */
final class OpenSearchInContainer implements TestOpenSearch {
  private static final int PORT = 9200;

  private final GenericContainer<?> container =
      new GenericContainer<>(Images.of("opensearch"))
          .withEnv("discovery.type", "single-node")
          .withEnv("DISABLE_SECURITY_PLUGIN", "true")
          .withEnv("DISABLE_INSTALL_DEMO_CONFIG", "true")
          .withEnv("cluster.routing.allocation.disk.threshold_enabled", "false")
          .withEnv("OPENSEARCH_JAVA_OPTS", "-Xms512m -Xmx512m")
          .withExposedPorts(PORT)
          .waitingFor(
              Wait.forHttp("/_cluster/health?wait_for_status=yellow")
                  .forPort(PORT)
                  .withStartupTimeout(Duration.ofMinutes(3)));

  OpenSearchInContainer() {
    container.start();
  }

  @Override
  public String url() {
    return "http://%s:%d".formatted(container.getHost(), container.getMappedPort(PORT));
  }
}
