// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * A server that runs as a child JVM of this one. It ends when this JVM does, even when that is
 * killed, and goes on where it was when it is started again on the same data directory.
 *
 * <p>Thread-safe.
 */
public abstract sealed class EmbeddedServer implements AutoCloseable
    permits EmbeddedKafka, EmbeddedOpenSearch {
  private final StartedServer server;

  EmbeddedServer(StartedServer server) {
    this.server = server;
  }

  /** {@code kafka} or {@code opensearch}. */
  public final String name() {
    return server.name();
  }

  /** The port on 127.0.0.1 that clients connect to. */
  public final int port() {
    return server.port();
  }

  public final long pid() {
    return server.process().pid();
  }

  public final boolean isAlive() {
    return server.process().isAlive();
  }

  /** What the child JVM printed; some MiB are kept. */
  public final Path logFile() {
    return server.process().logFile();
  }

  /** Completes with the exit code when the child ends, whoever ended it. */
  public final CompletableFuture<Integer> onExit() {
    return server.process().onExit();
  }

  /**
   * Asks the child to end (SIGTERM), waits for it, and kills it after 15 s. Does nothing the second
   * time.
   */
  public final void stop() {
    server.process().stop();
    server.directory().close();
  }

  /** Ends the child at once (SIGKILL), as a crash would. */
  public final void kill() {
    server.process().kill();
    server.directory().close();
  }

  @Override
  public final void close() {
    stop();
  }

  @Override
  public final String toString() {
    return "%s{port=%d, pid=%d, alive=%s}".formatted(name(), port(), pid(), isAlive());
  }
}
