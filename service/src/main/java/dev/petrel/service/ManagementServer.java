// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The management port: {@code /metrics} for Prometheus, {@code /health/live} and {@code
 * /health/ready}.
 *
 * <p>Ready answers 200 when every part works, else 503; the body names each part and its problem.
 */
public final class ManagementServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Server server;

  /**
   * @param host the address to listen on, loopback unless the operator says otherwise
   * @param port the port; 0 picks a free one
   */
  public ManagementServer(
      String host, int port, PrometheusMeterRegistry meters, Supplier<List<Health>> parts) {
    ServerBuilder builder = Server.builder().http(new InetSocketAddress(host, port));
    addRoutes(builder, meters, parts);
    server = builder.build();
  }

  /** Adds the management routes to a server that has others too. */
  public static void addRoutes(
      ServerBuilder builder, PrometheusMeterRegistry meters, Supplier<List<Health>> parts) {
    builder
        .service(
            "/metrics",
            (context, request) ->
                HttpResponse.of(
                    HttpStatus.OK,
                    MediaType.parse("text/plain; version=0.0.4; charset=utf-8"),
                    meters.scrape()))
        .service("/health/live", (context, request) -> HttpResponse.of("{\"status\":\"up\"}"))
        .service(
            "/health/ready",
            (context, request) ->
                HttpResponse.of(
                    CompletableFuture.supplyAsync(
                        () -> ready(parts.get()), context.blockingTaskExecutor())));
  }

  private static HttpResponse ready(List<Health> parts) {
    boolean ok = parts.stream().allMatch(Health::isOk);
    ObjectNode body = JSON.createObjectNode().put("status", ok ? "ready" : "not ready");
    ArrayNode list = body.putArray("parts");
    for (Health part : parts) {
      ObjectNode node =
          list.addObject().put("part", part.part()).put("status", part.isOk() ? "ok" : "failing");
      if (part.problem() != null) {
        node.put("problem", part.problem());
      }
    }
    return HttpResponse.of(
        ok ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, MediaType.JSON, body.toString());
  }

  /** Listens; throws when the port is taken. */
  public void start() {
    server.start().join();
  }

  /** The port listened on. */
  public int port() {
    return server.activeLocalPort();
  }

  @Override
  public void close() {
    server.stop().join();
  }
}
