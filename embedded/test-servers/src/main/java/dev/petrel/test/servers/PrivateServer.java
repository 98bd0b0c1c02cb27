// SPDX-License-Identifier: Apache-2.0
package dev.petrel.test.servers;

import dev.petrel.processes.EmbeddedServer;
import dev.petrel.processes.ServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A child JVM of one test's own, which it may stop, kill and start again: on the same port, with
 * the same data. Its directory is deleted when it is closed.
 */
abstract class PrivateServer<S extends EmbeddedServer> implements AutoCloseable {
  private final Function<ServerOptions, S> start;
  private final ServerOptions options;
  private S server;

  PrivateServer(Function<Path, ServerOptions> defaults, Function<ServerOptions, S> start) {
    this.start = start;
    ServerOptions firstOptions = defaults.apply(temporaryDirectory());
    this.server = start.apply(firstOptions);
    this.options = firstOptions.withPort(server.port());
  }

  private static Path temporaryDirectory() {
    try {
      // Where `mvn clean` finds what a killed test leaves.
      Path target = Path.of("target");
      return Files.isDirectory(target)
          ? Files.createTempDirectory(target.toAbsolutePath(), "test-server-")
          : Files.createTempDirectory("petrel-test-server-");
    } catch (IOException e) {
      throw new UncheckedIOException("No directory for a test server", e);
    }
  }

  final synchronized S server() {
    return server;
  }

  /** Ends it in good order; clients see it go. */
  public final synchronized void stop() {
    server.stop();
  }

  /** Ends it as a crash would. */
  public final synchronized void kill() {
    server.kill();
  }

  /** Starts it again after {@link #stop} or {@link #kill}, on the same port. */
  public final synchronized void restart() {
    server.stop();
    server = start.apply(options);
  }

  @Override
  public final synchronized void close() {
    server.stop();
    try (Stream<Path> files = Files.walk(options.dataDirectory())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (NoSuchFileException e) {
      // Closed before.
    } catch (IOException e) {
      throw new UncheckedIOException("Can't delete " + options.dataDirectory(), e);
    }
  }
}
