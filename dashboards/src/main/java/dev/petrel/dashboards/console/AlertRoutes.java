// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.petrel.dashboards.index.Indices;
import dev.petrel.dashboards.index.OpenSearch;
import dev.petrel.dashboards.index.OpenSearchCallException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /api/alerts} and the incident pages. */
final class AlertRoutes {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 10_000;

  private final OpenSearch openSearch;
  private final StatsReader reader;
  private final Pages pages;
  private final InstantSource clock;

  AlertRoutes(OpenSearch openSearch, StatsReader reader, Pages pages, InstantSource clock) {
    this.openSearch = openSearch;
    this.reader = reader;
    this.pages = pages;
    this.clock = clock;
  }

  void addTo(ServerBuilder builder) {
    builder
        .route()
        .get("/api/alerts")
        .build((context, request) -> Answers.blocking(context, () -> list(context)))
        .route()
        .get("/api/alerts/{id}")
        .build((context, request) -> Answers.blocking(context, () -> one(context)))
        .route()
        .get("/api/alerts/{id}/timeline")
        .build((context, request) -> Answers.blocking(context, () -> timeline(context)))
        .route()
        .get("/incidents/{id}")
        .build((context, request) -> Answers.blocking(context, () -> page(context)));
  }

  private HttpResponse list(ServiceRequestContext context) {
    Parameters parameters =
        new Parameters(context.queryParams(), Parameters.withRange(List.of("status", "limit")));
    String status = parameters.oneOf("status", List.of("firing", "resolved"));
    int limit = parameters.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    JsonNode hits =
        openSearch
            .search(
                Indices.ALERTS,
                Queries.alerts(status, parameters.time("from"), parameters.time("to"), limit))
            .at("/hits/hits");
    ArrayNode alerts = JSON.createArrayNode();
    for (JsonNode hit : hits) {
      alerts.add(hit.path("_source"));
    }
    return Answers.json(alerts.toString().getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse one(ServiceRequestContext context) {
    JsonNode alert = find(context);
    return alert == null
        ? unknown(context)
        : Answers.json(alert.toString().getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse timeline(ServiceRequestContext context) {
    JsonNode alert = find(context);
    if (alert == null) {
      return unknown(context);
    }
    AlertScope scope = AlertScope.of(alert, clock.millis());
    return Answers.json(reader.timeline(scope.range(), scope.kind(), scope.filters()));
  }

  /**
   * Always the page, which waits for an alert that is not stored yet: whoever is paged may be here
   * before the sink is.
   */
  private HttpResponse page(ServiceRequestContext context) {
    try {
      return pages.incident(find(context) == null ? HttpStatus.NOT_FOUND : HttpStatus.OK);
    } catch (OpenSearchCallException e) {
      return pages.incident(HttpStatus.SERVICE_UNAVAILABLE);
    }
  }

  private @Nullable JsonNode find(ServiceRequestContext context) {
    String id = String.valueOf(context.pathParam("id"));
    JsonNode alert =
        openSearch.search(Indices.ALERTS, Queries.alert(id)).at("/hits/hits/0/_source");
    return alert.isObject() ? alert : null;
  }

  private static HttpResponse unknown(ServiceRequestContext context) {
    return Answers.error(HttpStatus.NOT_FOUND, "no alert with id '" + context.pathParam("id") + "'")
        .toHttpResponse();
  }
}
