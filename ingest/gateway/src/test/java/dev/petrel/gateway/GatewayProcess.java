// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static org.awaitility.Awaitility.await;

import dev.petrel.service.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** A gateway in a JVM of its own, which can be killed. */
final class GatewayProcess implements AutoCloseable {

  private final Process process;
  private final int port;

  private GatewayProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts one and waits until it listens. */
  static GatewayProcess start(String bootstrapServers, Path directory) throws IOException {
    Path portFile = directory.resolve("port");
    Files.deleteIfExists(portFile);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                GatewayProcess.class.getName(),
                bootstrapServers,
                portFile.toString())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve("gateway.log").toFile()))
            .start();
    await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(portFile) || !process.isAlive());
    return new GatewayProcess(process, Integer.parseInt(Files.readString(portFile)));
  }

  int port() {
    return port;
  }

  /** Ends it as a crash would (SIGKILL). */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Runs until its standard input ends: a parent that dies takes it along. */
  public static void main(String[] args) throws IOException {
    GatewayService gateway =
        new GatewayService(
            GatewayFixture.settings(KafkaSettings.BOOTSTRAP_SERVERS.key() + "=" + args[0]),
            new SimpleMeterRegistry());
    gateway.start();
    Path written = Path.of(args[1] + ".new");
    Files.writeString(written, Integer.toString(gateway.httpPort()));
    Files.move(written, Path.of(args[1]), StandardCopyOption.ATOMIC_MOVE);
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.exit(0);
  }
}
