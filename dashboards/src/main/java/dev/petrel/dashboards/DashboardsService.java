// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.server.ServerBuilder;
import dev.petrel.dashboards.accounts.ConservationReader;
import dev.petrel.dashboards.console.ConsoleServer;
import dev.petrel.dashboards.index.OpenSearch;
import dev.petrel.dashboards.sink.OpenSearchSink;
import dev.petrel.service.Health;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.ManagementServer;
import dev.petrel.service.Service;
import dev.petrel.service.Settings;
import dev.petrel.service.Topics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The dashboards service: writes aggregates and alerts to OpenSearch, and serves the console.
 *
 * <p>It starts without OpenSearch, and goes on when OpenSearch comes back; only Kafka has to be
 * there at the start.
 */
public final class DashboardsService implements Service {

  private static final String NAME = "dashboards";

  private final Settings settings;
  private final OpenSearch openSearch;
  private final OpenSearchSink sink;
  private final ConservationReader conservation;
  private final ConsoleServer console;

  /**
   * What is served on the console's port besides the console.
   *
   * @param extraRoutes adds routes, for example of the demo's inbox
   * @param managedParts parts that {@code /health/ready} reports; with it the console's port
   *     answers the management routes too. Null for not.
   */
  public record Options(
      Consumer<ServerBuilder> extraRoutes, @Nullable Supplier<List<Health>> managedParts) {

    public Options {
      requireNonNull(extraRoutes, "extraRoutes");
    }

    /** The console alone. */
    public static Options none() {
      return new Options(builder -> {}, null);
    }
  }

  /** Connects to nothing yet. */
  public DashboardsService(Settings settings, PrometheusMeterRegistry meters, Options options) {
    this.settings = settings;
    openSearch =
        new OpenSearch(
            settings.get(DashboardsSettings.OPENSEARCH_URL),
            settings.find(DashboardsSettings.OPENSEARCH_USERNAME),
            settings.find(DashboardsSettings.OPENSEARCH_PASSWORD));
    conservation = new ConservationReader(settings.get(KafkaSettings.BOOTSTRAP_SERVERS));
    console =
        new ConsoleServer(
            new InetSocketAddress(
                settings.get(DashboardsSettings.CONSOLE_HOST),
                settings.get(DashboardsSettings.CONSOLE_PORT)),
            openSearch,
            conservation,
            settings.get(KafkaSettings.BOOTSTRAP_SERVERS),
            InstantSource.system(),
            builder -> {
              Supplier<List<Health>> parts = options.managedParts();
              if (parts != null) {
                ManagementServer.addRoutes(builder, meters, parts);
              }
              options.extraRoutes().accept(builder);
            });
    sink = new OpenSearchSink(settings.get(KafkaSettings.BOOTSTRAP_SERVERS), openSearch, meters);
  }

  @Override
  public String name() {
    return NAME;
  }

  /**
   * Listens and begins to write.
   *
   * @throws IllegalStateException when the console's port is taken or Kafka does not answer
   */
  @Override
  public void start() {
    console.start();
    Topics.createMissing(settings);
    sink.start();
    conservation.start();
  }

  /** The console's port. */
  public int port() {
    return console.port();
  }

  @Override
  public Health health() {
    String problem = sink.problem();
    return problem == null ? Health.ok(NAME) : Health.failing(NAME, problem);
  }

  @Override
  public void close() {
    console.close();
    conservation.close();
    sink.close();
    openSearch.close();
  }
}
