// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.encoding.EncodingService;
import dev.petrel.dashboards.accounts.ConservationReader;
import dev.petrel.dashboards.index.OpenSearch;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * The console's web server: without login, meant for loopback or a proxy. All it writes are
 * silences.
 *
 * <p>All that is shown comes from OpenSearch and Kafka at the time of the request; the server keeps
 * nothing.
 */
public final class ConsoleServer implements AutoCloseable {

  /**
   * Scripts and styles come from this server alone, so that a tenant's name can never become one.
   */
  private static final Map<String, String> SECURITY_HEADERS =
      Map.of(
          "content-security-policy",
          "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
              + " form-action 'self'; frame-ancestors 'none'",
          "x-content-type-options",
          "nosniff",
          "x-frame-options",
          "DENY",
          "referrer-policy",
          "same-origin",
          "cross-origin-opener-policy",
          "same-origin",
          "cross-origin-resource-policy",
          "same-origin");

  private static final Duration GRACE = Duration.ofMillis(200);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

  private final InetSocketAddress address;
  private final SilenceRoutes silences;
  private final Server server;

  /**
   * @param address the address to listen on; port 0 picks a free one
   * @param openSearch where the documents are
   * @param conservation what has become of all calls
   * @param bootstrapServers where the silences are
   * @param clock what the default time range ends at
   * @param furtherRoutes adds routes of others to the same server
   */
  public ConsoleServer(
      InetSocketAddress address,
      OpenSearch openSearch,
      ConservationReader conservation,
      String bootstrapServers,
      InstantSource clock,
      Consumer<ServerBuilder> furtherRoutes) {
    this.address = address;
    StatsReader reader = new StatsReader(openSearch, clock);
    Pages pages = new Pages();
    ServerBuilder builder =
        Server.builder()
            .http(address)
            .gracefulShutdownTimeout(GRACE, STOP_TIMEOUT)
            .disableServerHeader();
    pages.addTo(builder);
    new StatsRoutes(openSearch, reader, clock).addTo(builder);
    new AlertRoutes(openSearch, reader, pages, clock).addTo(builder);
    new ConservationRoute(conservation).addTo(builder);
    silences = new SilenceRoutes(bootstrapServers, clock);
    silences.addTo(builder);
    furtherRoutes.accept(builder);
    builder
        .decorator(
            EncodingService.builder().encodableContentTypes(ConsoleServer::isText).newDecorator())
        .decorator(
            (delegate, context, request) -> {
              context.mutateAdditionalResponseHeaders(
                  headers -> SECURITY_HEADERS.forEach(headers::set));
              return delegate.serve(context, request);
            });
    server = builder.build();
  }

  private static boolean isText(MediaType type) {
    return type.is(MediaType.ANY_TEXT_TYPE)
        || type.belongsTo(MediaType.JSON)
        || "javascript".equals(type.subtype())
        || "svg+xml".equals(type.subtype());
  }

  /**
   * Listens.
   *
   * @throws IllegalStateException when it cannot; names the port and what to set
   */
  public void start() {
    try {
      server.start().join();
    } catch (CompletionException e) {
      boolean taken = e.getCause() instanceof BindException;
      throw new IllegalStateException(
          "console: cannot listen on %s port %d%s; set console.port (PETREL_CONSOLE_PORT) to another port, or to 0 for any free one"
              .formatted(
                  address.getHostString(),
                  address.getPort(),
                  taken ? ": it is taken" : ": " + e.getCause()),
          e);
    }
  }

  /** The port listened on. */
  public int port() {
    return server.activeLocalPort();
  }

  @Override
  public void close() {
    server.stop().join();
    silences.close();
  }
}
