// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A Kafka broker, KRaft combined mode, fit for exactly-once processing on one machine.
 *
 * <p>Topics are not made automatically. Records may have up to 8 MiB.
 */
public final class EmbeddedKafka extends EmbeddedServer {
  public static final String DEFAULT_HEAP = "384m";

  private EmbeddedKafka(StartedServer server) {
    super(server);
  }

  /** The defaults: any free port, a heap of {@value #DEFAULT_HEAP}, three minutes to start. */
  public static ServerOptions options(Path dataDirectory) {
    return new ServerOptions(dataDirectory, 0, DEFAULT_HEAP, ServerOptions.DEFAULT_START_TIMEOUT);
  }

  /**
   * Starts the broker and waits until it answers.
   *
   * @throws ServerStartException if it can't be started; nothing is left running then
   */
  public static EmbeddedKafka start(ServerOptions options) {
    return new EmbeddedKafka(StartedServer.start(new Kafka(), options));
  }

  /** Host and port, as a client's {@code bootstrap.servers} wants them. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port();
  }

  private static final class Kafka implements ServerKind {
    private static final int ANSWER_TIMEOUT_MILLIS = 5_000;

    @Override
    public String name() {
      return "kafka";
    }

    @Override
    public String folder() {
      return "kafka-server";
    }

    @Override
    public Path lockFile(Path dataDirectory) {
      return dataDirectory.resolve("data").resolve(".lock");
    }

    @Override
    public String useRunningOption(int port) {
      return "--kafka 127.0.0.1:" + port;
    }

    @Override
    public List<String> flags() {
      return List.of();
    }

    @Override
    public List<String> mainAndArguments(Path dataDirectory, int port, int internalPort) {
      return List.of(
          "dev.petrel.kafka.server.KafkaServerMain",
          dataDirectory.toString(),
          Integer.toString(port),
          Integer.toString(internalPort));
    }

    @Override
    public boolean answers(int port) throws InterruptedException {
      // An Admin client would warn of each connection that is refused.
      if (!Ports.accepts(port)) {
        return false;
      }
      try (Admin admin =
          Admin.create(
              Map.of(
                  AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + port,
                  AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_TIMEOUT_MILLIS,
                  AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_TIMEOUT_MILLIS))) {
        // A broker that the controller still fences is not among them.
        boolean answers = !admin.describeCluster().nodes().get().isEmpty();
        admin.close(Duration.ZERO);
        return answers;
      } catch (ExecutionException e) {
        return false;
      }
    }
  }
}
