// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServerBuilder;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Stands in for Slack and PagerDuty in a demo: takes their requests, answers as they do, and shows
 * at {@code GET /api/inbox} what came.
 *
 * <p>Keeps the last {@value #MAX_REQUESTS} requests. Thread-safe.
 */
final class Inbox {

  /** Where the demo sends Slack messages. */
  static final String SLACK_PATH = "/inbox/slack";

  /** Where the demo sends PagerDuty events. */
  static final String PAGERDUTY_PATH = "/inbox/pagerduty/v2/enqueue";

  private static final int MAX_REQUESTS = 1000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final InstantSource clock;
  private final Deque<ObjectNode> requests = new ArrayDeque<>();

  Inbox(InstantSource clock) {
    this.clock = clock;
  }

  void addRoutes(ServerBuilder builder) {
    builder
        .service(
            SLACK_PATH,
            (context, request) -> take("slack", request, HttpStatus.OK, MediaType.PLAIN_TEXT, "ok"))
        .service(
            PAGERDUTY_PATH,
            (context, request) ->
                take(
                    "pagerduty",
                    request,
                    HttpStatus.ACCEPTED,
                    MediaType.JSON,
                    "{\"status\":\"success\",\"message\":\"Event processed\"}"))
        .service(
            "/api/inbox",
            (context, request) -> HttpResponse.of(HttpStatus.OK, MediaType.JSON, json()));
  }

  private HttpResponse take(
      String receiver, HttpRequest request, HttpStatus status, MediaType type, String answer) {
    if (request.method() != HttpMethod.POST) {
      return HttpResponse.of(HttpStatus.METHOD_NOT_ALLOWED);
    }
    return HttpResponse.of(
        request
            .aggregate()
            .thenApply(
                whole -> {
                  add(receiver, whole);
                  return HttpResponse.of(status, type, answer);
                }));
  }

  private synchronized void add(String receiver, AggregatedHttpRequest request) {
    if (requests.size() == MAX_REQUESTS) {
      requests.removeFirst();
    }
    ObjectNode entry =
        JSON.createObjectNode()
            .put("receiver", receiver)
            .put("at", clock.millis())
            .put("method", request.method().name())
            .put("path", request.path());
    entry.set("body", body(request.contentUtf8()));
    requests.addLast(entry);
  }

  private static JsonNode body(String text) {
    try {
      return JSON.readTree(text);
    } catch (JacksonException e) {
      return TextNode.valueOf(text);
    }
  }

  private synchronized String json() {
    ArrayNode all = JSON.createArrayNode();
    requests.forEach(all::add);
    return all.toString();
  }

  /** How many requests of a receiver came. */
  synchronized long count(String receiver) {
    return requests.stream()
        .filter(entry -> entry.path("receiver").asText().equals(receiver))
        .count();
  }
}
