// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The child JVM of an embedded server, and what it printed. */
final class ServerProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);

  // Longer than the time after which the servers halt themselves.
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(50);

  private final String name;
  private final Process process;
  private final BoundedLog log;
  private final Thread drain;

  /** Asks a server once whether it does its work. */
  interface Readiness {
    boolean answers() throws InterruptedException;
  }

  private ServerProcess(String name, Process process, BoundedLog log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.drain =
        Thread.ofPlatform()
            .daemon()
            .name(name + "-output")
            .unstarted(() -> log.drain(process.getInputStream()));
  }

  /**
   * Starts the main class of an embedded server, with {@code directory} as its working directory.
   *
   * @param name of the server, and of its log file
   * @param folder of its jars
   */
  static ServerProcess spawn(
      String name,
      String folder,
      Path directory,
      List<String> flags,
      List<String> mainAndArguments) {
    Path jar = ServerJars.find(folder);
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(Path.of("/bin/sh"))) {
      // Ctrl-C and a closed terminal reach the whole process group: the parent decides alone when
      // and in which order its servers stop. A JVM leaves a signal ignored that it finds ignored.
      command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", jar.toString()));
    command.addAll(mainAndArguments);
    try {
      Path logs = Files.createDirectories(directory.resolve("logs"));
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
      // What the user means for one JVM, such as a debugger's port, does not fit two.
      builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
      // glibc otherwise keeps up to eight arenas a core.
      builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "2");
      ServerProcess server =
          new ServerProcess(name, builder.start(), new BoundedLog(logs.resolve(name + ".log")));
      server.drain.start();
      return server;
    } catch (IOException e) {
      throw new ServerStartException("Can't start %s: %s".formatted(name, e), e);
    }
  }

  /** The flags of every embedded server. */
  static List<String> flags(Path directory, String heap) {
    List<String> flags = new ArrayList<>();
    flags.add("-Xmx" + heap);
    // Gives back memory that it does not use: 50 MB less than the serial collector takes in an idle
    // server, and no more under load.
    flags.add("-XX:+UseG1GC");
    flags.add("-XX:+ExitOnOutOfMemoryError");
    flags.add("-XX:-UsePerfData");
    flags.add("-XX:ErrorFile=" + directory.resolve("logs").resolve("hs_err_%p.log"));
    flags.add("-Djava.awt.headless=true");
    flags.add("-Djava.io.tmpdir=" + emptyTemporaryDirectory(directory));
    flags.add("--enable-native-access=ALL-UNNAMED");
    int feature = Runtime.version().feature();
    if (feature >= 24) {
      flags.add("--sun-misc-unsafe-memory-access=allow");
    }
    if (feature >= 25) {
      // A million documents in OpenSearch: 470 to 620 MB with it, 640 to 710 MB without.
      flags.add("-XX:+UseCompactObjectHeaders");
    }
    return flags;
  }

  // Native libraries are unpacked here, and stay when the server is killed.
  private static Path emptyTemporaryDirectory(Path directory) {
    Path temporary = directory.resolve("tmp");
    try {
      if (Files.exists(temporary)) {
        try (Stream<Path> files = Files.walk(temporary)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
      return Files.createDirectories(temporary);
    } catch (IOException e) {
      throw new UncheckedIOException("Can't empty " + temporary, e);
    }
  }

  /**
   * Waits until the server answers.
   *
   * @throws ServerStartException if it ends or does not answer in time; it is dead by then
   */
  void awaitReady(Duration timeout, Readiness ready) {
    long deadline = System.nanoTime() + timeout.toNanos();
    boolean answers = false;
    try {
      while (process.isAlive() && !answers) {
        if (System.nanoTime() - deadline > 0) {
          throw new ServerStartException(
              "%s did not answer within %d s; see %s, which ends with%n%s"
                  .formatted(name, timeout.toSeconds(), log.file(), log.tail()));
        }
        answers = ready.answers();
        if (!answers) {
          Thread.sleep(POLL);
        }
      }
      if (!answers) {
        drain.join(TimeUnit.SECONDS.toMillis(5));
        throw new ServerStartException(
            "%s ended during its start with exit code %d; see %s, which ends with%n%s"
                .formatted(name, process.exitValue(), log.file(), log.tail()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      answers = false;
      throw new ServerStartException("Interrupted while %s started".formatted(name), e);
    } finally {
      if (!answers) {
        kill();
      }
    }
  }

  /** Whether another process was faster to bind a port that had been free. */
  boolean lostRaceForPort() {
    return log.tail().contains("Address already in use");
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  CompletableFuture<Integer> onExit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  Path logFile() {
    return log.file();
  }

  void stop() {
    // By its handle: Process.destroy also closes the streams, and with them goes what the server
    // says
    // while it stops.
    process.toHandle().destroy();
    if (!endsWithin(STOP_TIMEOUT)) {
      LOG.atWarn()
          .addKeyValue("server", name)
          .addKeyValue("pid", process.pid())
          .log("Killed, after it did not stop within {} s", STOP_TIMEOUT.toSeconds());
      kill();
    }
  }

  void kill() {
    process.destroyForcibly();
    endsWithin(STOP_TIMEOUT);
  }

  private boolean endsWithin(Duration timeout) {
    boolean interrupted = false;
    try {
      long deadline = System.nanoTime() + timeout.toNanos();
      while (true) {
        try {
          return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
