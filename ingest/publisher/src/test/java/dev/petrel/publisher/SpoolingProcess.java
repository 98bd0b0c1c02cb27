// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A small JVM that publishes to a broker that is not there, to be killed. */
final class SpoolingProcess implements AutoCloseable {
  private static final String SPOOLED = "spooled ";

  private final Process process;
  private final BufferedReader output;

  private SpoolingProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static SpoolingProcess start(Path spool) throws IOException {
    return new SpoolingProcess(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SpoolingProcess.class.getName(),
                spool.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Waits until at least this many events are on disk; tells how many there are. */
  long awaitSpooled(long least) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      long spooled =
          line.startsWith(SPOOLED) ? Long.parseLong(line.substring(SPOOLED.length())) : -1;
      if (spooled >= least) {
        return spooled;
      }
    }
    throw new IOException("The process ended before it spooled");
  }

  /** Ends it as SIGKILL does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Publishes e-0, e-1 and so on for ever, as fast as the spool takes them. */
  public static void main(String[] arguments) throws Exception {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }
    EventPublisher publisher =
        EventPublisher.newBuilder()
            .bootstrapServers("127.0.0.1:" + closedPort)
            .queueMaxEvents(200)
            .spoolDirectory(Path.of(arguments[0]))
            .closeTimeout(Duration.ZERO)
            .build();
    for (int i = 0; ; i++) {
      while (publisher.counters().queued() > 150) {
        Thread.sleep(1);
      }
      publisher.publish(Events.error("e-" + i));
      if (i % 100 == 0) {
        System.out.println(SPOOLED + publisher.counters().spooled());
      }
    }
  }
}
