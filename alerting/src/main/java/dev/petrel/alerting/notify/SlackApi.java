// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.alerting.alert.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The three methods of Slack's Web API that keep a message per incident. Thread-safe. */
final class SlackApi {

  /** Where a message is, and whether its thread has entries. */
  record Place(String channel, String ts, boolean hasReplies) {}

  /**
   * What a search gave.
   *
   * @param place empty when there is no such message
   * @param failure empty when the search came to its end
   */
  record Found(Optional<Place> place, Optional<SlackAnswer.Failed> failure) {}

  static final String EVENT_TYPE = "petrel_incident";

  private static final int MAX_ANSWER = 64 * 1_024;
  // A page of 200 messages at their largest.
  private static final int MAX_PAGE = 8 * 1_024 * 1_024;
  private static final int PAGE = 200;
  private static final int MAX_PAGES = 5;

  /** Slack's clock and ours may differ by this, in seconds. */
  private static final long CLOCK_SKEW = 300;

  private final String baseUrl;
  private final SlackApiConfig config;
  private final HttpSender sender;

  SlackApi(SlackApiConfig config, HttpSender sender) {
    String url = config.baseUrl().toString();
    this.baseUrl = url.endsWith("/") ? url : url + "/";
    this.config = config;
    this.sender = sender;
  }

  /** Posts to the channel. */
  CompletableFuture<SlackAnswer> postMessage(ObjectNode message) {
    return call("chat.postMessage", message.put("channel", config.channel()));
  }

  /** Posts to a message's thread. */
  CompletableFuture<SlackAnswer> reply(Place place, boolean broadcast, ObjectNode message) {
    message.put("channel", place.channel()).put("thread_ts", place.ts());
    return call("chat.postMessage", broadcast ? message.put("reply_broadcast", true) : message);
  }

  /** Replaces a message. */
  CompletableFuture<SlackAnswer> update(Place place, ObjectNode message) {
    // Unlike chat.postMessage, chat.update makes links and mentions of plain text unless told.
    message.put("parse", "none").put("link_names", false);
    return call("chat.update", message.put("channel", place.channel()).put("ts", place.ts()));
  }

  private CompletableFuture<SlackAnswer> call(String method, ObjectNode body) {
    return exchange(
        HttpSender.jsonPost(URI.create(baseUrl + method), Map.of(), Json.bytes(body)), MAX_ANSWER);
  }

  private CompletableFuture<SlackAnswer> exchange(HttpRequest.Builder request, int maxAnswer) {
    return sender
        .exchange(
            request.header("Authorization", "Bearer " + config.token()),
            maxAnswer,
            List.of(config.token()))
        .thenApply(SlackAnswer::of);
  }

  /** What marks the message of an incident. */
  static ObjectNode metadata(String incidentId) {
    ObjectNode metadata = Json.mapper().createObjectNode().put("event_type", EVENT_TYPE);
    metadata.putObject("event_payload").put("incident_id", incidentId);
    return metadata;
  }

  /**
   * Looks for the message of an incident among the latest {@code 5 × 200} of the channel.
   *
   * @param since when it was posted at the earliest, in ms since the epoch
   */
  CompletableFuture<Found> find(String incidentId, long since) {
    return find(incidentId, Math.max(0, since / 1_000 - CLOCK_SKEW), "", MAX_PAGES);
  }

  private CompletableFuture<Found> find(
      String incidentId, long oldest, String cursor, int pagesLeft) {
    String query =
        "conversations.history?include_all_metadata=true&channel=%s&oldest=%d&limit=%d%s"
            .formatted(
                config.channel(),
                oldest,
                PAGE,
                cursor.isEmpty()
                    ? ""
                    : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
    return exchange(HttpRequest.newBuilder(URI.create(baseUrl + query)).GET(), MAX_PAGE)
        .thenCompose(
            answer ->
                switch (answer) {
                  case SlackAnswer.Failed failed ->
                      CompletableFuture.completedFuture(
                          new Found(Optional.empty(), Optional.of(failed)));
                  case SlackAnswer.Done done -> {
                    Optional<Place> place = place(done.json(), incidentId);
                    String next =
                        done.json().path("response_metadata").path("next_cursor").asText("");
                    yield place.isPresent() || next.isEmpty() || pagesLeft == 1
                        ? CompletableFuture.completedFuture(new Found(place, Optional.empty()))
                        : find(incidentId, oldest, next, pagesLeft - 1);
                  }
                });
  }

  private Optional<Place> place(JsonNode page, String incidentId) {
    for (JsonNode message : page.path("messages")) {
      JsonNode metadata = message.path("metadata");
      if (metadata.path("event_type").asText("").equals(EVENT_TYPE)
          && metadata.path("event_payload").path("incident_id").asText("").equals(incidentId)) {
        return Optional.of(
            new Place(
                config.channel(),
                message.path("ts").asText(""),
                message.path("reply_count").asInt(0) > 0));
      }
    }
    return Optional.empty();
  }
}
