// SPDX-License-Identifier: Apache-2.0
package dev.petrel.opensearch.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.NodeValidationException;

/**
 * An OpenSearch node of a one-node cluster on the loopback interface, on one data directory. It
 * ends when its standard input does, so it never outlives the process that started it, however that
 * one ended.
 *
 * <p>Arguments: data directory, HTTP port, transport port.
 */
public final class OpenSearchServerMain {
  // A node that can't stop in this time is halted; OpenSearch recovers from its translogs.
  private static final long STOP_TIMEOUT_SECONDS = 10;

  private OpenSearchServerMain() {}

  public static void main(String[] arguments)
      throws IOException, NodeValidationException, InterruptedException {
    exitAtEndOfInput();
    Path data = Path.of(arguments[0]);
    // A node does not start without these three.
    for (String folder : new String[] {"config", "plugins", "modules"}) {
      Files.createDirectories(data.resolve(folder));
    }
    ModuleNode node = new ModuleNode(settings(data, arguments[1], arguments[2]));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node), "close-node"));
    node.start();
    new CountDownLatch(1).await();
  }

  private static Settings settings(Path data, String port, String transportPort) {
    return Settings.builder()
        .put("cluster.name", "petrel")
        .put("node.name", "petrel")
        .put("path.home", data.toString())
        .put("path.data", data.resolve("data").toString())
        .put("path.logs", data.resolve("logs").toString())
        .put("network.host", "127.0.0.1")
        .put("http.type", "netty4")
        .put("http.port", port)
        .put("transport.type", "netty4")
        .put("transport.port", transportPort)
        .put("discovery.type", "single-node")
        // Otherwise a developer's nearly full disk turns every index read-only.
        .put("cluster.routing.allocation.disk.threshold_enabled", false)
        .build();
  }

  private static void close(ModuleNode node) {
    try {
      node.close();
      node.awaitClose(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      System.out.println("The node did not close cleanly: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
