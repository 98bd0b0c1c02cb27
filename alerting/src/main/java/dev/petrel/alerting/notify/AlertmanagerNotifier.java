// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import dev.petrel.alerting.alert.Status;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Hands alerts to a Prometheus Alertmanager, which groups, silences and notifies by its own rules.
 *
 * <p>Alertmanager forgets what it is not told again: a firing alert is sent with an end some
 * minutes ahead, and again at each {@link #refreshInterval()}; an alert is resolved by an end that
 * is past. Its labels are its identity, so the alert id is one of them. So is the severity, for
 * routing: when it rises, the alert with the old one ends when it is not refreshed. Thread-safe.
 *
 * @see <a href="https://prometheus.io/docs/alerting/latest/alerts_api/">Alerts API</a>
 */
public final class AlertmanagerNotifier implements Notifier {

  /** Prometheus resends each minute, and so do we. */
  static final Duration REFRESH = Duration.ofMinutes(1);

  /** Prometheus' factor as well: three refreshes may fail before an alert ends by itself. */
  static final Duration ENDS_AHEAD = REFRESH.multipliedBy(4);

  private static final String PATH = "api/v2/alerts";
  private static final int MAX_NAME = 100;
  private static final int MAX_LABEL = 1_000;
  private static final int MAX_ANNOTATION = 4_000;
  private static final int MAX_REQUEST_IDS = 10;

  private final String receiver;
  private final AlertmanagerConfig config;
  private final URI endpoint;
  private final Links links;
  private final HttpSender sender;

  AlertmanagerNotifier(String receiver, AlertmanagerConfig config, Links links, HttpSender sender) {
    this.receiver = requireNonNull(receiver, "receiver");
    this.config = requireNonNull(config, "config");
    String url = config.url().toString();
    this.endpoint = URI.create((url.endsWith("/") ? url : url + "/") + PATH);
    this.links = requireNonNull(links, "links");
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
  public Optional<Duration> refreshInterval() {
    return Optional.of(REFRESH);
  }

  @Override
  public CompletableFuture<NotifyResult> send(Notice notice) {
    ArrayNode body = Json.mapper().createArrayNode();
    long now = sender.clock().millis();
    notice.alerts().forEach(alert -> body.add(alert(notice, alert, now)));
    String authorization = config.authorization();
    return authorization == null
        ? sender.post(endpoint, Json.bytes(body), List.of())
        : sender.post(
            endpoint,
            Map.of("Authorization", authorization),
            Json.bytes(body),
            secrets(authorization));
  }

  /** The header's value, and the credentials alone without their scheme. */
  private static List<String> secrets(String authorization) {
    return List.of(authorization, authorization.substring(authorization.lastIndexOf(' ') + 1));
  }

  private ObjectNode alert(Notice notice, Alert alert, long now) {
    ObjectNode json = Json.mapper().createObjectNode();
    ObjectNode labels = json.putObject("labels");
    alert.labels().forEach((name, value) -> put(labels, name, value, MAX_LABEL));
    put(labels, "alertname", alert.rule(), MAX_LABEL);
    put(labels, "pattern", alert.pattern(), MAX_LABEL);
    put(labels, "severity", alert.severity().wireName(), MAX_LABEL);
    put(labels, "alert_id", alert.alertId(), MAX_LABEL);
    ObjectNode annotations = json.putObject("annotations");
    alert.annotations().forEach((name, value) -> put(annotations, name, value, MAX_ANNOTATION));
    put(annotations, "summary", alert.summary(), MAX_ANNOTATION);
    put(annotations, "facts", facts(alert), MAX_ANNOTATION);
    put(
        annotations,
        "request_ids",
        String.join(", ", AlertText.requestIds(List.of(alert), MAX_REQUEST_IDS)),
        MAX_ANNOTATION);
    put(annotations, "runbook_url", alert.runbookUrl(), MAX_ANNOTATION);
    json.put("startsAt", Details.time(alert.startsAt()));
    json.put("endsAt", Details.time(endsAt(notice, alert, now)));
    String page = links.incident(alert);
    return Links.isLink(page) ? json.put("generatorURL", page) : json;
  }

  private static String facts(Alert alert) {
    return alert.facts().entrySet().stream()
        .map(fact -> fact.getKey() + ": " + fact.getValue())
        .collect(Collectors.joining("; "));
  }

  /** Ahead while it goes on; never ahead when it is over, and never before the start. */
  private static long endsAt(Notice notice, Alert alert, long now) {
    if (notice.action() != Action.RESOLVE && alert.status() == Status.FIRING) {
      return now + ENDS_AHEAD.toMillis();
    }
    long end = alert.endsAt() == null ? now : Math.min(alert.endsAt(), now);
    return Math.max(end, alert.startsAt());
  }

  /** Alertmanager refuses other names and drops empty values. */
  private static void put(ObjectNode node, String name, String value, int max) {
    String allowed = PlainText.shortened(name, MAX_NAME).replaceAll("[^A-Za-z0-9_]", "_");
    String text = PlainText.shortened(value, max);
    if (!text.isBlank() && !allowed.isEmpty()) {
      node.put(Character.isDigit(allowed.charAt(0)) ? "_" + allowed : allowed, text);
    }
  }

  /** Without the authorization, which is a secret. */
  @Override
  public String toString() {
    return "AlertmanagerNotifier{receiver=" + receiver + ", url=" + config.url() + "}";
  }
}
