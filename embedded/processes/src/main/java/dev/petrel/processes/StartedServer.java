// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server that answers, with what must be given up when it stops. */
record StartedServer(String name, int port, DataDirectory directory, ServerProcess process) {
  private static final Logger LOG = LoggerFactory.getLogger(StartedServer.class);

  // A port that was found free can be taken before the server binds it.
  private static final int ATTEMPTS = 3;

  // Longer than the time after which the servers halt themselves.
  private static final Duration LEFTOVER_TIMEOUT = Duration.ofSeconds(20);

  static StartedServer start(ServerKind kind, ServerOptions options) {
    DataDirectory directory = DataDirectory.open(options.dataDirectory());
    boolean started = false;
    try {
      awaitLeftover(kind.name(), kind.lockFile(directory.path()));
      StartedServer server = start(kind, options, directory, 1);
      started = true;
      return server;
    } finally {
      if (!started) {
        directory.close();
      }
    }
  }

  private static StartedServer start(
      ServerKind kind, ServerOptions options, DataDirectory directory, int attempt) {
    if (options.port() != 0) {
      Ports.requireFree(options.port(), kind.name(), kind.useRunningOption(options.port()));
    }
    int port = options.port() == 0 ? Ports.free() : options.port();
    List<String> flags = new ArrayList<>(ServerProcess.flags(directory.path(), options.heap()));
    flags.addAll(kind.flags());
    long before = System.nanoTime();
    ServerProcess process =
        ServerProcess.spawn(
            kind.name(),
            kind.folder(),
            directory.path(),
            flags,
            kind.mainAndArguments(directory.path(), port, Ports.freeBesides(port)));
    try {
      process.awaitReady(options.startTimeout(), () -> kind.answers(port));
    } catch (ServerStartException e) {
      if (attempt < ATTEMPTS && process.lostRaceForPort()) {
        return start(kind, options, directory, attempt + 1);
      }
      throw e;
    }
    LOG.atInfo()
        .addKeyValue("server", kind.name())
        .addKeyValue("port", port)
        .addKeyValue("pid", process.pid())
        .log("Started in {} ms", (System.nanoTime() - before) / 1_000_000);
    return new StartedServer(kind.name(), port, directory, process);
  }

  // The child of a parent that was killed takes a moment to notice and to end.
  private static void awaitLeftover(String name, Path lockFile) {
    long deadline = System.nanoTime() + LEFTOVER_TIMEOUT.toNanos();
    try {
      while (isLocked(lockFile)) {
        if (System.nanoTime() - deadline > 0) {
          throw new ServerStartException(
              "Another process holds %s, a %s of an earlier Petrel perhaps: stop it or use --data-dir"
                  .formatted(lockFile, name));
        }
        Thread.sleep(100);
      }
    } catch (IOException e) {
      throw new ServerStartException(
          "Can't see whether %s is locked: %s".formatted(lockFile, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerStartException("Interrupted while %s started".formatted(name), e);
    }
  }

  private static boolean isLocked(Path lockFile) throws IOException {
    if (!Files.exists(lockFile)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
      @Nullable FileLock lock = channel.tryLock();
      return lock == null;
    }
  }
}
