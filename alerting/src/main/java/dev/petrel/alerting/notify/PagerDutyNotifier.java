// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to PagerDuty's Events API v2.
 *
 * <p>The alert id is the {@code dedup_key}: sending a trigger twice opens one incident, and an
 * update, a trigger with the same key, changes its summary and pages nobody. Thread-safe.
 */
public final class PagerDutyNotifier implements Notifier {

  // https://developer.pagerduty.com/docs/send-alert-event: summary 1024 characters, body 512 KB.
  static final int MAX_SUMMARY = 1024;
  static final int MAX_BODY = 512_000;

  private final URI endpoint;
  private final String routingKey;
  private final Links links;
  private final HttpSender sender;

  /**
   * @param routingKey the integration key, a secret
   */
  PagerDutyNotifier(URI endpoint, String routingKey, Links links, HttpSender sender) {
    this.endpoint = requireNonNull(endpoint, "endpoint");
    this.routingKey = requireNonNull(routingKey, "routingKey");
    this.links = requireNonNull(links, "links");
    this.sender = requireNonNull(sender, "sender");
    if (routingKey.length() != 32) {
      throw new IllegalArgumentException(
          "routing_key: has " + routingKey.length() + " characters, must have 32");
    }
  }

  @Override
  public String receiver() {
    return "pagerduty";
  }

  @Override
  public boolean updates() {
    return true;
  }

  @Override
  public CompletableFuture<NotifyResult> send(Notice notice) {
    return sender.post(endpoint, body(notice.action(), notice.first()), List.of(routingKey));
  }

  byte[] body(Action action, Alert alert) {
    ObjectNode event = Json.mapper().createObjectNode();
    event.put("routing_key", routingKey);
    event.put("event_action", action == Action.RESOLVE ? "resolve" : "trigger");
    event.put("dedup_key", alert.alertId());
    if (action == Action.RESOLVE) {
      return Json.bytes(event);
    }
    event.put("client", "Petrel");
    event.put("client_url", links.incident(alert));
    ObjectNode payload = payload(event, alert);
    ArrayNode list = event.putArray("links");
    link(list, links.incident(alert), "Incident page");
    link(list, alert.runbookUrl(), "Runbook");
    byte[] body = Json.bytes(event);
    if (body.length > MAX_BODY) {
      payload.putObject("custom_details").put("omitted", "too large; see the incident page");
      body = Json.bytes(event);
    }
    return body;
  }

  private static ObjectNode payload(ObjectNode event, Alert alert) {
    String provider = alert.labels().getOrDefault("provider", "unknown provider");
    ObjectNode payload = event.putObject("payload");
    payload.put("summary", shortened(alert.summary()));
    payload.put("source", provider);
    payload.put("severity", alert.severity().wireName());
    payload.put("timestamp", Instant.ofEpochMilli(alert.startsAt()).toString());
    putIfKnown(payload, "component", alert.labels().get("model"));
    putIfKnown(payload, "group", alert.labels().get("environment"));
    payload.put("class", alert.pattern());
    ObjectNode details = payload.putObject("custom_details");
    details.set("labels", Json.mapper().valueToTree(alert.labels()));
    details.set("evidence", Json.mapper().valueToTree(alert.evidence()));
    details.put("runbook_url", alert.runbookUrl());
    return payload;
  }

  private static void putIfKnown(ObjectNode node, String key, @Nullable String value) {
    if (value != null) {
      node.put(key, value);
    }
  }

  private static void link(ArrayNode list, String href, String text) {
    if (Links.isLink(href)) {
      list.addObject().put("href", href).put("text", text);
    }
  }

  private static String shortened(String summary) {
    if (summary.length() <= MAX_SUMMARY) {
      return summary;
    }
    int end = MAX_SUMMARY - 1;
    return summary.substring(0, Character.isHighSurrogate(summary.charAt(end - 1)) ? end - 1 : end)
        + "…";
  }

  /** Without the routing key, which is a secret. */
  @Override
  public String toString() {
    return "PagerDutyNotifier{endpoint=" + endpoint + "}";
  }
}
