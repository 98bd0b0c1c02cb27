// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import com.linecorp.armeria.server.ServerBuilder;
import dev.petrel.alerting.AlertingService;
import dev.petrel.alerting.AlertingSettings;
import dev.petrel.dashboards.DashboardsService;
import dev.petrel.dashboards.DashboardsSettings;
import dev.petrel.gateway.GatewayService;
import dev.petrel.gateway.GatewaySettings;
import dev.petrel.processes.DataDirectory;
import dev.petrel.processes.EmbeddedKafka;
import dev.petrel.processes.EmbeddedOpenSearch;
import dev.petrel.processes.EmbeddedServer;
import dev.petrel.processes.ServerOptions;
import dev.petrel.service.Health;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Service;
import dev.petrel.service.Settings;
import dev.petrel.streams.StreamsService;
import dev.petrel.streams.StreamsSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * All of Petrel in one place: broker and OpenSearch as child processes, unless existing ones are
 * named, and every service in this process.
 */
final class Installation {

  private final PrintWriter out;
  private final Shutdown shutdown;
  private final List<Service> services = new CopyOnWriteArrayList<>();
  private final List<EmbeddedServer> servers = new CopyOnWriteArrayList<>();
  private volatile int consolePort;
  private volatile int gatewayPort;
  private volatile boolean stopping;
  private volatile boolean failed;

  Installation(PrintWriter out, Shutdown shutdown) {
    this.out = out;
    this.shutdown = shutdown;
  }

  /**
   * Starts everything and returns when it works.
   *
   * @param dataDirectory where broker, OpenSearch and services keep their data
   * @param options the command's settings
   * @param overrides settings that the command itself decides
   * @param extraRoutes adds routes to the console's server
   * @return the settings in force
   */
  Settings start(
      Path dataDirectory,
      SettingsOptions options,
      Map<String, String> overrides,
      Consumer<ServerBuilder> extraRoutes) {
    Settings asked = options.load(overrides);
    DataDirectory data = DataDirectory.open(dataDirectory);
    shutdown.onStop(data::close);
    Map<String, String> started = new HashMap<>(overrides);
    started.put(StreamsSettings.STATE_DIR.key(), data.path().resolve("streams").toString());
    started.put(AlertingSettings.STATE_DIR.key(), data.path().resolve("alerting").toString());
    startServers(data.path(), options, asked, started);
    Settings settings = options.load(started);
    startServices(settings, extraRoutes);
    String host = asked.get(DashboardsSettings.CONSOLE_HOST);
    out.printf("%nPetrel is up. Console: http://%s:%d%n", host, consolePort);
    out.printf(
        "Gateway (OTLP/HTTP, JSON): http://%s:%d%n",
        settings.get(GatewaySettings.HOST), gatewayPort);
    out.printf("Kafka: %s%n", settings.get(KafkaSettings.BOOTSTRAP_SERVERS));
    out.printf("OpenSearch: %s%n", settings.get(DashboardsSettings.OPENSEARCH_URL));
    out.printf("Data: %s   Stop: Ctrl-C%n%n", data.path());
    return settings;
  }

  private void startServers(
      Path data, SettingsOptions options, Settings asked, Map<String, String> started) {
    List<CompletableFuture<Void>> starts = new ArrayList<>();
    Map<String, String> found = new ConcurrentHashMap<>();
    if (options.kafka() == null) {
      ServerOptions kafka =
          EmbeddedKafka.options(data.resolve("kafka"))
              .withPort(asked.get(EmbeddedSettings.KAFKA_PORT));
      starts.add(
          CompletableFuture.runAsync(
              () -> {
                EmbeddedKafka server = own(EmbeddedKafka.start(kafka));
                found.put(KafkaSettings.BOOTSTRAP_SERVERS.key(), server.bootstrapServers());
              }));
    }
    if (options.openSearch() == null) {
      ServerOptions openSearch =
          EmbeddedOpenSearch.options(data.resolve("opensearch"))
              .withPort(asked.get(EmbeddedSettings.OPENSEARCH_PORT));
      starts.add(
          CompletableFuture.runAsync(
              () -> {
                EmbeddedOpenSearch server = own(EmbeddedOpenSearch.start(openSearch));
                found.put(DashboardsSettings.OPENSEARCH_URL.key(), server.url());
              }));
    }
    try {
      CompletableFuture.allOf(starts.toArray(CompletableFuture[]::new)).join();
      started.putAll(found);
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private <S extends EmbeddedServer> S own(S server) {
    shutdown.onStop(
        () -> {
          stopping = true;
          server.close();
        });
    servers.add(server);
    out.printf("%s is up on port %d (pid %d)%n", server.name(), server.port(), server.pid());
    CompletableFuture<Void> unused = server.onExit().thenAccept(code -> ended(server, code));
    return server;
  }

  private void ended(EmbeddedServer server, int code) {
    if (!stopping) {
      out.printf(
          "petrel: %s ended unexpectedly (exit code %d); its log is %s%n",
          server.name(), code, server.logFile());
      failed = true;
      shutdown.ask();
    }
  }

  /** The console's port. */
  int consolePort() {
    return consolePort;
  }

  /** The gateway's port of OTLP/HTTP and JSON. */
  int gatewayPort() {
    return gatewayPort;
  }

  /** Whether the installation stopped because a part of it died. */
  boolean failed() {
    return failed;
  }

  private void startServices(Settings settings, Consumer<ServerBuilder> extraRoutes) {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    JvmMeters.bindTo(meters);
    DashboardsService dashboards =
        new DashboardsService(
            settings, meters, new DashboardsService.Options(extraRoutes, this::health));
    // The console first: it can tell what is not there yet.
    start(dashboards);
    consolePort = dashboards.port();
    start(new StreamsService(settings, meters));
    start(new AlertingService(settings, meters));
    // Last: what it takes is then seen through to the end.
    GatewayService gateway = new GatewayService(settings, meters);
    start(gateway);
    gatewayPort = gateway.httpPort();
  }

  private void start(Service service) {
    services.add(service);
    shutdown.onStop(service::close);
    service.start();
    out.printf("%s is up%n", service.name());
  }

  private List<Health> health() {
    List<Health> parts = new ArrayList<>();
    for (EmbeddedServer server : servers) {
      parts.add(
          server.isAlive()
              ? Health.ok(server.name())
              : Health.failing(server.name(), "the process has ended; see " + server.logFile()));
    }
    for (Service service : services) {
      parts.add(service.health());
    }
    return parts;
  }
}
