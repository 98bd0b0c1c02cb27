// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.alerting.alert.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to PagerDuty's Events API v2.
 *
 * <p>The incident id is the {@code dedup_key}: sending a trigger twice opens one incident, and an
 * update, a trigger with the same key, changes its summary and pages nobody. Thread-safe.
 */
public final class PagerDutyNotifier implements Notifier {

  // https://developer.pagerduty.com/docs/send-alert-event: summary 1024 characters, body 512 KB.
  static final int MAX_SUMMARY = 1_024;
  static final int MAX_BODY = 512_000;

  /** PagerDuty states none for these; they are names. */
  private static final int MAX_NAME = 255;

  private static final int MAX_REQUEST_IDS = 10;
  private static final int MAX_RUNBOOKS = 5;

  // https://developer.pagerduty.com/docs/events-api-v2-overview: about 120 calls a minute for each
  // integration key. The rest is left to others that use the key.
  private static final RateLimit LIMIT = new RateLimit(100, Duration.ofMinutes(1));

  private final String receiver;
  private final PagerDutyConfig config;
  private final Links links;
  private final Details details;
  private final HttpSender sender;

  PagerDutyNotifier(String receiver, PagerDutyConfig config, Links links, HttpSender sender) {
    this.receiver = requireNonNull(receiver, "receiver");
    this.config = requireNonNull(config, "config");
    this.links = requireNonNull(links, "links");
    this.details = new Details(links);
    this.sender = requireNonNull(sender, "sender");
  }

  @Override
  public String receiver() {
    return receiver;
  }

  @Override
  public boolean updates() {
    return true;
  }

  @Override
  public Optional<RateLimit> limit() {
    return Optional.of(LIMIT);
  }

  @Override
  public CompletableFuture<NotifyResult> send(Notice notice) {
    return sender.post(config.url(), body(notice), List.of(config.routingKey()));
  }

  byte[] body(Notice notice) {
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("routing_key", config.routingKey());
    event.put("event_action", notice.action() == Action.RESOLVE ? "resolve" : "trigger");
    event.put("dedup_key", notice.incidentId());
    if (notice.action() == Action.RESOLVE) {
      return Json.bytes(event);
    }
    event.put("client", "Petrel");
    event.put("client_url", links.incident(notice.first()));
    ArrayNode list = event.putArray("links");
    link(list, links.incident(notice.first()), "Incident page");
    Links.runbooks(notice.alerts(), MAX_RUNBOOKS).forEach(url -> link(list, url, "Runbook"));
    return details.fit(
        notice,
        MAX_BODY,
        alerts -> {
          event.set("payload", payload(notice, alerts));
          return event;
        });
  }

  private static ObjectNode payload(Notice notice, ObjectNode alerts) {
    Map<String, String> labels = notice.commonLabels();
    ObjectNode payload = Json.mapper().createObjectNode();
    String summary =
        notice.isSingle()
            ? AlertText.body(notice)
            : AlertText.title(notice) + ". " + AlertText.body(notice);
    payload.put("summary", filled(PlainText.shortened(summary, MAX_SUMMARY), "LLM calls fail"));
    payload.put(
        "source",
        filled(PlainText.shortened(labels.getOrDefault("provider", ""), MAX_NAME), "LLM calls"));
    payload.put("severity", notice.severity().wireName());
    payload.put("timestamp", Details.time(notice.startsAt()));
    putIfKnown(payload, "component", labels.get("model"));
    putIfKnown(payload, "group", labels.get("environment"));
    putIfKnown(payload, "class", notice.first().pattern());
    payload.set("custom_details", details(notice, alerts));
    return payload;
  }

  /** What an incident shows of its own accord comes first; the alerts in full come last. */
  private static ObjectNode details(Notice notice, ObjectNode alerts) {
    ObjectNode details = Json.mapper().createObjectNode();
    details.put("why_now", PlainText.shortened(notice.reason(), MAX_SUMMARY));
    if (notice.isSingle()) {
      alerts
          .path("alerts")
          .path(0)
          .path("facts")
          .properties()
          .forEach(fact -> details.set(fact.getKey(), fact.getValue()));
    }
    ArrayNode ids = Json.mapper().createArrayNode();
    AlertText.requestIds(notice.alerts(), MAX_REQUEST_IDS)
        .forEach(id -> ids.add(PlainText.shortened(id, MAX_NAME)));
    if (!ids.isEmpty()) {
      details.set("sample_request_ids", ids);
    }
    return details.setAll(alerts);
  }

  private static String filled(String text, String otherwise) {
    return text.isBlank() ? otherwise : text;
  }

  private static void putIfKnown(ObjectNode node, String key, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      node.put(key, PlainText.shortened(value, MAX_NAME));
    }
  }

  private static void link(ArrayNode list, String href, String text) {
    if (Links.isLink(href)) {
      list.addObject().put("href", href).put("text", text);
    }
  }

  /** Without the routing key, which is a secret. */
  @Override
  public String toString() {
    return "PagerDutyNotifier{receiver=" + receiver + ", url=" + config.url() + "}";
  }
}
