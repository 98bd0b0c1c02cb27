// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Finds the process that listens on a port: by Linux's {@code /proc}, elsewhere by {@code lsof}.
 * Empty where neither tells, as for another user's process.
 */
final class PortOwner {
  private static final String LISTEN = "0A";

  private PortOwner() {}

  static OptionalLong of(int port) {
    try {
      return Files.isDirectory(Path.of("/proc/net")) ? ofProc(port) : ofLsof(port);
    } catch (IOException e) {
      return OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    }
  }

  // /proc/net/tcp6 lists the sockets of a JVM, also those on 127.0.0.1.
  private static OptionalLong ofProc(int port) throws IOException {
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      if (Files.isReadable(Path.of(table))) {
        for (String line : Files.readAllLines(Path.of(table))) {
          // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid timeout
          // inode
          String[] columns = line.strip().split("\\s+", -1);
          if (columns.length > 9
              && columns[3].equals(LISTEN)
              && columns[1].endsWith(":%04X".formatted(port))) {
            sockets.add("socket:[" + columns[9] + "]");
          }
        }
      }
    }
    for (Path process : list(Path.of("/proc"))) {
      if (process.getFileName().toString().matches("[0-9]+")) {
        for (Path file : list(process.resolve("fd"))) {
          if (sockets.contains(target(file))) {
            return OptionalLong.of(Long.parseLong(process.getFileName().toString()));
          }
        }
      }
    }
    return OptionalLong.empty();
  }

  private static List<Path> list(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    } catch (IOException e) {
      // The process is gone, or another user's.
      return List.of();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static OptionalLong ofLsof(int port) throws IOException, InterruptedException {
    List<String> command = List.of("lsof", "-nP", "-t", "-iTCP:" + port, "-sTCP:LISTEN");
    Process lsof =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      if (!lsof.waitFor(5, TimeUnit.SECONDS)) {
        return OptionalLong.empty();
      }
      String output = new String(lsof.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return output
          .lines()
          .filter(line -> line.matches("[0-9]+"))
          .mapToLong(Long::parseLong)
          .findFirst();
    } finally {
      lsof.destroyForcibly();
    }
  }
}
