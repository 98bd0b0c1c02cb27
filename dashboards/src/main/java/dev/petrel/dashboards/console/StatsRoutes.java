// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.petrel.dashboards.console.Parameters.Range;
import dev.petrel.dashboards.index.OpenSearch;
import dev.petrel.stats.ScopeKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** {@code /api/overview}, {@code /api/scope} and {@code /api/stats}. */
final class StatsRoutes {

  private static final List<String> FILTERS =
      List.of("provider", "model", "tenant", "environment", "service", "credential");
  private static final long CLIENT_STALL_SECONDS = 60;
  private static final JsonFactory FACTORY = new JsonFactory();

  private final OpenSearch openSearch;
  private final StatsReader reader;
  private final InstantSource clock;

  StatsRoutes(OpenSearch openSearch, StatsReader reader, InstantSource clock) {
    this.openSearch = openSearch;
    this.reader = reader;
    this.clock = clock;
  }

  void addTo(ServerBuilder builder) {
    builder
        .route()
        .get("/api/overview")
        .build((context, request) -> Answers.blocking(context, () -> overview(context)))
        .route()
        .get("/api/scope")
        .build((context, request) -> Answers.blocking(context, () -> scope(context)))
        .route()
        .get("/api/stats")
        .build((context, request) -> stats(context));
  }

  private HttpResponse overview(ServiceRequestContext context) {
    Parameters parameters =
        new Parameters(context.queryParams(), Parameters.withRange(List.of("environment")));
    return Answers.json(reader.overview(parameters.range(clock), parameters.text("environment")));
  }

  private HttpResponse scope(ServiceRequestContext context) {
    List<String> names = new ArrayList<>(FILTERS);
    names.add("scope");
    Parameters parameters = new Parameters(context.queryParams(), Parameters.withRange(names));
    return Answers.json(
        reader.scope(parameters.range(clock), kind(parameters), parameters.filters(FILTERS)));
  }

  private HttpResponse stats(ServiceRequestContext context) {
    Windows windows;
    Map<String, ?> query;
    try {
      QueryParams raw = context.queryParams();
      List<String> names = new ArrayList<>(FILTERS);
      names.add("scope");
      names.add("merge");
      names.add("window");
      Parameters parameters = new Parameters(raw, Parameters.withRange(names));
      ScopeKind kind = kind(parameters);
      Range range = parameters.range(clock);
      Map<String, String> filters = parameters.filters(FILTERS);
      String window = parameters.oneOf("window", Resolution.wireNames());
      Resolution asked = window == null ? Resolution.MINUTES : Resolution.named(window);
      if ("true".equals(parameters.oneOf("merge", List.of("true", "false")))) {
        return Answers.blocking(
            context, () -> Answers.json(reader.merged(asked, kind, range, filters)));
      }
      windows = Windows.of(asked, range);
      query = Queries.stats(kind, windows, filters);
    } catch (BadRequestException e) {
      return Answers.failure(e).toHttpResponse();
    }
    context.clearRequestTimeout();
    HttpResponseWriter response = HttpResponse.streaming();
    context.blockingTaskExecutor().execute(() -> stream(windows.indices(), query, response));
    return response;
  }

  private static ScopeKind kind(Parameters parameters) {
    List<String> allowed = Arrays.stream(ScopeKind.values()).map(ScopeKind::wireName).toList();
    String name = parameters.required("scope", "one of " + String.join(", ", allowed));
    parameters.oneOf("scope", allowed);
    return ScopeKind.named(name);
  }

  private void stream(String indices, Map<String, ?> query, HttpResponseWriter response) {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    boolean[] headersSent = new boolean[1];
    try (JsonGenerator out = FACTORY.createGenerator(page)) {
      out.writeStartArray();
      openSearch.scroll(
          indices,
          query,
          source -> out.copyCurrentStructureExact(source),
          () -> {
            flush(out);
            if (!headersSent[0]) {
              headersSent[0] = true;
              response.write(
                  ResponseHeaders.of(
                      HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, MediaType.JSON_UTF_8));
            }
            send(page, response);
          });
      out.writeEndArray();
      out.flush();
      send(page, response);
      response.close();
    } catch (IOException | RuntimeException e) {
      end(response, headersSent[0], e);
    }
  }

  private static void flush(JsonGenerator out) {
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array takes every byte
    }
  }

  /** Sends and waits until the client has taken it, so that a slow one costs no memory. */
  private static void send(ByteArrayOutputStream page, HttpResponseWriter response) {
    response.write(HttpData.wrap(page.toByteArray()));
    page.reset();
    response.whenConsumed().orTimeout(CLIENT_STALL_SECONDS, TimeUnit.SECONDS).join();
    if (!response.isOpen()) {
      throw new CancellationException("the client is gone");
    }
  }

  private static void end(HttpResponseWriter response, boolean headersSent, Exception e) {
    if (headersSent || e instanceof CancellationException || e instanceof CompletionException) {
      // Cut off, so that nobody takes half of an array for the whole.
      response.close(e);
      return;
    }
    AggregatedHttpResponse failure = Answers.failure(e);
    response.write(failure.headers());
    response.write(failure.content());
    response.close();
  }
}
