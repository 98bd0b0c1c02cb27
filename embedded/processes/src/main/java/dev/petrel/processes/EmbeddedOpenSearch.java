// SPDX-License-Identifier: Apache-2.0
package dev.petrel.processes;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An OpenSearch cluster of one node, without security: it listens on 127.0.0.1 alone. */
public final class EmbeddedOpenSearch extends EmbeddedServer {
  public static final String DEFAULT_HEAP = "512m";

  private EmbeddedOpenSearch(StartedServer server) {
    super(server);
  }

  /** The defaults: any free port, a heap of {@value #DEFAULT_HEAP}, three minutes to start. */
  public static ServerOptions options(Path dataDirectory) {
    return new ServerOptions(dataDirectory, 0, DEFAULT_HEAP, ServerOptions.DEFAULT_START_TIMEOUT);
  }

  /**
   * Starts the node and waits until all its indices can be read and written.
   *
   * @throws ServerStartException if it can't be started; nothing is left running then
   */
  public static EmbeddedOpenSearch start(ServerOptions options) {
    return new EmbeddedOpenSearch(StartedServer.start(new OpenSearch(), options));
  }

  /** The address of the REST API, without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  private static final class OpenSearch implements ServerKind {
    private static final int ANSWER_TIMEOUT_MILLIS = 5_000;

    @Override
    public String name() {
      return "opensearch";
    }

    @Override
    public String folder() {
      return "opensearch-server";
    }

    @Override
    public Path lockFile(Path dataDirectory) {
      return dataDirectory.resolve(Path.of("data", "nodes", "0", "node.lock"));
    }

    @Override
    public String useRunningOption(int port) {
      return "--opensearch http://127.0.0.1:" + port;
    }

    @Override
    public List<String> flags() {
      List<String> flags = new ArrayList<>();
      // Absent from a trimmed runtime; the child's is this one's.
      if (ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent()) {
        flags.add("--add-modules=jdk.incubator.vector");
      }
      flags.add("-Dopensearch.bundled_jdk=true");
      flags.add("-Djava.util.logging.manager=org.apache.logging.log4j.jul.LogManager");
      return flags;
    }

    @Override
    public List<String> mainAndArguments(Path dataDirectory, int port, int internalPort) {
      return List.of(
          "dev.petrel.opensearch.server.OpenSearchServerMain",
          dataDirectory.toString(),
          Integer.toString(port),
          Integer.toString(internalPort));
    }

    @Override
    public boolean answers(int port) {
      try {
        // 408 while a primary shard is still missing.
        HttpURLConnection connection =
            (HttpURLConnection)
                URI.create(
                        "http://127.0.0.1:%d/_cluster/health?wait_for_status=yellow&timeout=1s"
                            .formatted(port))
                    .toURL()
                    .openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(ANSWER_TIMEOUT_MILLIS);
        connection.setReadTimeout(ANSWER_TIMEOUT_MILLIS);
        try {
          return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } finally {
          connection.disconnect();
        }
      } catch (IOException e) {
        return false;
      }
    }
  }
}
