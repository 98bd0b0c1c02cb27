// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs contenders, each in a new JVM with the same flags.
 *
 * @param flags of each JVM
 * @param logs directory for what they write to standard error
 * @param timeoutMinutes after which one is killed
 */
record ContenderJvm(List<String> flags, Path logs, int timeoutMinutes) {

  private static final int TAIL = 30;

  ContenderJvm {
    flags = List.copyOf(flags);
  }

  /**
   * Runs one to its end.
   *
   * @param name of the log file
   * @throws IllegalStateException when it fails; its message ends with what it logged
   */
  Measurement run(
      String name,
      String mainClass,
      String classPath,
      List<String> moreFlags,
      Assignment assignment)
      throws InterruptedException {
    Path log = logs.resolve(name + ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(moreFlags);
    command.addAll(List.of("-cp", classPath, mainClass));
    command.addAll(assignment.toArguments());
    try {
      Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
      Timer timer = killAfterTimeout(process);
      Measurement measured;
      try {
        measured = read(process);
      } finally {
        timer.cancel();
        // A started JVM is not left behind, whatever happened here.
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
          process.destroyForcibly();
        }
      }
      if (measured == null || process.exitValue() != 0) {
        throw new IllegalStateException(
            "%s failed with exit code %d; %s ends with%n%s"
                .formatted(name, process.exitValue(), log.getFileName(), tail(log)));
      }
      return measured;
    } catch (IOException e) {
      throw new UncheckedIOException("could not run " + name, e);
    }
  }

  private Timer killAfterTimeout(Process process) {
    Timer timer = new Timer("timeout", true);
    TimerTask kill =
        new TimerTask() {
          @Override
          public void run() {
            process.destroyForcibly();
          }
        };
    timer.schedule(kill, TimeUnit.MINUTES.toMillis(timeoutMinutes));
    return timer;
  }

  private static @Nullable Measurement read(Process process) throws IOException {
    Measurement measured = null;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (Measurement.isPrinted(line)) {
          measured = Measurement.parse(line);
        }
      }
    }
    return measured;
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join(
        System.lineSeparator(), lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }
}
