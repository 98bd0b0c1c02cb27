// SPDX-License-Identifier: Apache-2.0
package dev.petrel.kafka.server;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * A Kafka broker and controller in one process, on one data directory. It ends when its standard
 * input does, so it never outlives the process that started it, however that one ended.
 *
 * <p>Arguments: data directory, broker port, controller port. The data directory holds the
 * configuration of the latest start as {@code server.properties}, and Kafka's logs under {@code
 * data}.
 */
public final class KafkaServerMain {
  // A broker that can't stop in this time is halted; Kafka recovers its logs at the next start.
  private static final long STOP_TIMEOUT_SECONDS = 10;

  // Any constant does: the cluster has one node, and its identity is that of the data directory.
  private static final String CLUSTER_ID = "petrelEmbeddedKafkaAAA";

  private KafkaServerMain() {}

  public static void main(String[] arguments) throws IOException {
    exitAtEndOfInput();
    Path data = Path.of(arguments[0]);
    Path configuration = data.resolve("server.properties");
    Files.createDirectories(data);
    try (Writer writer = Files.newBufferedWriter(configuration)) {
      BrokerSettings.of(data, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]))
          .store(writer, "Written at each start: changes here are lost");
    }
    int status =
        StorageTool.execute(
            new String[] {
              "format",
              "--ignore-formatted",
              "--cluster-id",
              CLUSTER_ID,
              "--config",
              configuration.toString()
            },
            System.out);
    if (status != 0) {
      System.exit(status);
    }
    Kafka.main(new String[] {configuration.toString()});
  }

  private static void exitAtEndOfInput() {
    Thread.ofPlatform()
        .daemon()
        .name("end-of-input")
        .start(
            () -> {
              try {
                while (System.in.read() >= 0) {}
              } catch (IOException e) {
                // As good as the end.
              }
              haltAfterTimeout();
              System.exit(0);
            });
  }

  private static void haltAfterTimeout() {
    Thread.ofPlatform()
        .daemon()
        .name("halt")
        .start(
            () -> {
              try {
                TimeUnit.SECONDS.sleep(STOP_TIMEOUT_SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(1);
            });
  }
}
