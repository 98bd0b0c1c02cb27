// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A small JVM that starts an embedded server or holds a data directory, to be killed. */
final class Parent {
  private final Process process;
  private final int port;
  private final long childPid;

  private Parent(Process process, int port, long childPid) {
    this.process = process;
    this.port = port;
    this.childPid = childPid;
  }

  static Parent start(String server, Path data) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-D" + ServerJars.PROPERTY + "=" + System.getProperty(ServerJars.PROPERTY),
                "-cp",
                System.getProperty("java.class.path"),
                Parent.class.getName(),
                server,
                data.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("started ")) {
        String[] words = line.split(" ", -1);
        return new Parent(process, Integer.parseInt(words[1]), Long.parseLong(words[2]));
      }
    }
    throw new IOException("The parent ended before it started " + server);
  }

  long pid() {
    return process.pid();
  }

  int port() {
    return port;
  }

  ProcessHandle child() {
    return ProcessHandle.of(childPid).orElseThrow();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  public static void main(String[] arguments) throws InterruptedException {
    Path data = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "kafka" -> report(EmbeddedKafka.start(EmbeddedKafka.options(data)));
      case "opensearch" -> report(EmbeddedOpenSearch.start(EmbeddedOpenSearch.options(data)));
      case "directory" -> {
        DataDirectory.open(data);
        System.out.println("started 0 0");
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    Thread.sleep(Long.MAX_VALUE);
  }

  private static void report(EmbeddedServer server) {
    System.out.println("started " + server.port() + " " + server.pid());
  }
}
