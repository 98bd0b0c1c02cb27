// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How to start an embedded server. {@link EmbeddedKafka#options} and {@link
 * EmbeddedOpenSearch#options} give each server's defaults.
 *
 * @param dataDirectory the server's own directory, made where absent; made absolute
 * @param port on 127.0.0.1; 0 picks a free one at each start
 * @param heap the most heap of the child JVM, such as {@code 512m}
 * @param startTimeout after which a server that does not answer is killed
 */
public record ServerOptions(Path dataDirectory, int port, String heap, Duration startTimeout) {
  // A start takes 5 s, and has taken 100 s while eight builds ran on two cores.
  static final Duration DEFAULT_START_TIMEOUT = Duration.ofMinutes(3);

  public ServerOptions {
    dataDirectory = dataDirectory.toAbsolutePath().normalize();
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port must be between 0 and 65535: " + port);
    }
    if (!heap.matches("[1-9][0-9]*[mMgG]")) {
      throw new IllegalArgumentException("heap must be a size such as 512m or 2g: " + heap);
    }
    if (startTimeout.isNegative() || startTimeout.isZero()) {
      throw new IllegalArgumentException("startTimeout must be positive: " + startTimeout);
    }
  }

  public ServerOptions withPort(int port) {
    return new ServerOptions(dataDirectory, port, heap, startTimeout);
  }

  public ServerOptions withHeap(String heap) {
    return new ServerOptions(dataDirectory, port, heap, startTimeout);
  }

  public ServerOptions withStartTimeout(Duration startTimeout) {
    return new ServerOptions(dataDirectory, port, heap, startTimeout);
  }
}
