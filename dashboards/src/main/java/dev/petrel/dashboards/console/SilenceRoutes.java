// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.petrel.service.match.Matcher;
import dev.petrel.service.silence.Silence;
import dev.petrel.service.silence.SilenceReader;
import dev.petrel.service.silence.SilenceWriter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** {@code /api/silences}: those that there are, new ones, and their end. */
final class SilenceRoutes implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Set<String> FIELDS =
      Set.of("matchers", "starts_at", "ends_at", "created_by", "comment");

  private final SilenceReader reader;
  private final SilenceWriter writer;
  private final InstantSource clock;
  private final Object lock = new Object();

  SilenceRoutes(String bootstrapServers, InstantSource clock) {
    this.reader = new SilenceReader(bootstrapServers);
    this.writer = new SilenceWriter(bootstrapServers);
    this.clock = clock;
  }

  void addTo(ServerBuilder builder) {
    builder
        .route()
        .get("/api/silences")
        .build((context, request) -> Answers.blocking(context, this::list))
        .route()
        .post("/api/silences")
        .build((context, request) -> afterBody(context, request, this::add))
        .route()
        .delete("/api/silences/{id}")
        .build((context, request) -> Answers.blocking(context, () -> expire(context)));
  }

  private interface Handler {
    HttpResponse handle(AggregatedHttpRequest request);
  }

  private static HttpResponse afterBody(
      ServiceRequestContext context, HttpRequest request, Handler handler) {
    return HttpResponse.of(
        request
            .aggregate()
            .thenApply(whole -> Answers.blocking(context, () -> handler.handle(whole))));
  }

  private List<Silence> all() {
    synchronized (lock) {
      return reader.readToEnd(TIMEOUT);
    }
  }

  private HttpResponse list() {
    long now = clock.millis();
    ArrayNode list = JSON.createArrayNode();
    all().forEach(silence -> list.add(json(silence, now)));
    return Answers.json(list.toString().getBytes(UTF_8));
  }

  private static ObjectNode json(Silence silence, long now) {
    return silence.toJson().put("state", silence.state(now));
  }

  private HttpResponse add(AggregatedHttpRequest request) {
    if (request.contentType() == null || !request.contentType().is(MediaType.JSON)) {
      // A page of another origin can send no JSON without being asked first.
      throw new BadRequestException("content-type: must be application/json");
    }
    Silence silence = checked(() -> silence(request.content().array()));
    writer.put(silence);
    return Answers.json(json(silence, clock.millis()).toString().getBytes(UTF_8));
  }

  private Silence silence(byte[] body) {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (IOException e) {
      throw new IllegalArgumentException("body: is no JSON", e);
    }
    if (!(json instanceof ObjectNode object)) {
      throw new IllegalArgumentException("body: must be a JSON object");
    }
    object.fieldNames().forEachRemaining(SilenceRoutes::checkField);
    List<Matcher> matchers = new ArrayList<>();
    object.path("matchers").forEach(text -> matchers.add(Matcher.parse(text.asText())));
    long now = clock.millis();
    long startsAt = object.has("starts_at") ? time(object, "starts_at") : now;
    long endsAt = time(object, "ends_at");
    if (endsAt <= now) {
      throw new IllegalArgumentException("ends_at: must be in the future");
    }
    return new Silence(
        Silence.newId(),
        matchers,
        startsAt,
        endsAt,
        object.path("created_by").asText(),
        object.path("comment").asText());
  }

  private static void checkField(String name) {
    if (!FIELDS.contains(name)) {
      throw new IllegalArgumentException(
          "%s: unknown field; known are %s".formatted(name, FIELDS.stream().sorted().toList()));
    }
  }

  private static long time(ObjectNode object, String field) {
    JsonNode value = object.path(field);
    if (value.isIntegralNumber()) {
      return value.asLong();
    }
    try {
      return Instant.parse(value.asText()).toEpochMilli();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s: was '%s', must be a time in ms since the epoch, or as 2026-12-01T08:00:00Z"
              .formatted(field, value.asText()),
          e);
    }
  }

  private HttpResponse expire(ServiceRequestContext context) {
    String id = String.valueOf(context.pathParam("id"));
    for (Silence silence : all()) {
      if (silence.id().equals(id)) {
        Silence expired = silence.expired(clock.millis());
        writer.put(expired);
        return Answers.json(json(expired, clock.millis()).toString().getBytes(UTF_8));
      }
    }
    return Answers.error(HttpStatus.NOT_FOUND, "no silence with id '" + id + "'").toHttpResponse();
  }

  private static <T> T checked(Supplier<T> reader) {
    try {
      return reader.get();
    } catch (IllegalArgumentException e) {
      throw new BadRequestException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      reader.close();
    }
    writer.close();
  }
}
