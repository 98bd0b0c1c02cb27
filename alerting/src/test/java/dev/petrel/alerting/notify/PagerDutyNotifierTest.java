// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.alert.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PagerDutyNotifierTest extends NotifierContract {

  private static final Links LINKS = new Links(URI.create("http://127.0.0.1:8080/"));
  private static final Set<String> EVENT_FIELDS =
      Set.of(
          "routing_key", "event_action", "dedup_key", "client", "client_url", "payload", "links");
  private static final Set<String> PAYLOAD_FIELDS =
      Set.of(
          "summary",
          "source",
          "severity",
          "timestamp",
          "component",
          "group",
          "class",
          "custom_details");

  @Override
  Notifier notifier(URI endpoint, HttpSender sender) {
    return new PagerDutyNotifier(
        "pagerduty", new PagerDutyConfig(endpoint, secret()), LINKS, sender);
  }

  @Override
  String secret() {
    return "0123456789abcdef0123456789abcdef";
  }

  @Override
  String path() {
    return "/v2/enqueue";
  }

  @Override
  void assertValid(JsonNode event) {
    assertThat(event.fieldNames()).toIterable().isSubsetOf(EVENT_FIELDS);
    assertThat(event.path("routing_key").asText()).hasSize(32);
    assertThat(event.path("dedup_key").asText().length()).isBetween(1, 255);
    assertThat(event.toString().getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThanOrEqualTo(PagerDutyNotifier.MAX_BODY);
    if (event.path("event_action").asText().equals("resolve")) {
      return;
    }
    assertThat(event.path("event_action").asText()).isEqualTo("trigger");
    JsonNode payload = event.path("payload");
    assertThat(payload.fieldNames()).toIterable().isSubsetOf(PAYLOAD_FIELDS);
    assertThat(payload.path("summary").asText().length()).isBetween(1, 1024);
    assertThat(payload.path("summary").asText()).isNotBlank();
    assertThat(payload.path("source").asText()).isNotBlank();
    assertThat(payload.path("severity").asText()).isIn("critical", "error", "warning", "info");
    assertThat(Instant.parse(payload.path("timestamp").asText()))
        .isAfterOrEqualTo(Instant.ofEpochMilli(Alerts.STARTS_AT));
    JsonNode details = payload.path("custom_details");
    assertThat(details.path("alerts").size()).isPositive();
    assertThat(details.path("alerts").size() + details.path("omitted").asInt(0))
        .isEqualTo(details.path("total").asInt());
    for (JsonNode link : event.path("links")) {
      assertThat(link.fieldNames()).toIterable().containsExactly("href", "text");
      assertThat(URI.create(link.path("href").asText()).isAbsolute()).isTrue();
    }
  }

  @Override
  void assertMatches(JsonNode trigger, JsonNode resolve) {
    assertThat(trigger.path("event_action").asText()).isEqualTo("trigger");
    assertThat(resolve.path("event_action").asText()).isEqualTo("resolve");
    for (String key : Set.of("dedup_key", "routing_key")) {
      assertThat(resolve.path(key)).isEqualTo(trigger.path(key));
    }
    assertThat(trigger.path("dedup_key").asText()).isEqualTo("a1");
  }

  private JsonNode body(Notice notice) throws Exception {
    PagerDutyNotifier notifier = (PagerDutyNotifier) notifier();
    return Json.mapper().readTree(notifier.body(notice));
  }

  @Test
  void body_hasWhatTheEngineerOnCallNeeds() throws Exception {
    JsonNode event = body(Notice.about(Action.TRIGGER, Alerts.firing("a1")));

    JsonNode payload = event.path("payload");
    assertThat(payload.path("summary").asText()).isEqualTo("34% of calls to openai fail.");
    assertThat(payload.path("source").asText()).isEqualTo("openai");
    assertThat(payload.path("component").asText()).isEqualTo("gpt-4o");
    assertThat(payload.path("group").asText()).isEqualTo("prod");
    assertThat(payload.path("class").asText()).isEqualTo("provider_incident");
    JsonNode details = payload.path("custom_details");
    assertThat(details.path("why_now").asText()).isEqualTo("trigger");
    assertThat(details.path("Failed calls").asText()).isEqualTo("34% (normally 1.1%)");
    assertThat(details.path("sample_request_ids").toString()).isEqualTo("[\"req_1\",\"req_2\"]");
    JsonNode alert = details.path("alerts").path(0);
    assertThat(alert.path("evidence").path("ratio").asDouble()).isEqualTo(0.34);
    assertThat(alert.path("labels").path("tenant").asText()).isEqualTo("acme");
    assertThat(alert.path("starts_at").asText()).isEqualTo("2023-11-14T22:13:20Z");
    assertThat(event.path("client_url").asText()).isEqualTo("http://127.0.0.1:8080/incidents/a1");
    assertThat(event.path("links").findValuesAsText("href"))
        .containsExactly(
            "http://127.0.0.1:8080/incidents/a1", "https://runbooks.example/provider_incident.md");
  }

  @Test
  void body_ofAnUpdateIsATriggerWithTheSameKeyAndTheHigherSeverity() throws Exception {
    JsonNode event = body(Notice.about(Action.UPDATE, Alerts.worse(Alerts.firing("a1"))));

    assertThat(event.path("event_action").asText()).isEqualTo("trigger");
    assertThat(event.path("dedup_key").asText()).isEqualTo("a1");
    assertThat(event.path("payload").path("summary").asText()).isEqualTo("worse");
  }

  @Test
  void body_ofAGroupIsOneIncidentWithAllAlerts() throws Exception {
    JsonNode event = body(Notices.group(Action.TRIGGER, 200));

    assertThat(event.path("dedup_key").asText()).isEqualTo("group-1");
    assertThat(event.path("payload").path("summary").asText())
        .startsWith("openai gpt-4o: 200 alerts, first calls are failing. 200 of 200 alerts go on");
    JsonNode details = event.path("payload").path("custom_details");
    assertThat(details.path("alerts").size()).isEqualTo(200);
    assertThat(details.has("omitted")).isFalse();
  }

  @Test
  void body_cutsOneLargeTextAndKeepsAllElse() throws Exception {
    Alert alert = Alerts.firing("a1");
    Alert large =
        alert.refreshed(
            alert.severity(),
            alert.summary(),
            alert.facts(),
            Map.of("sample", "y".repeat(600_000), "ratio", 0.34),
            false,
            alert.updatedAt());

    JsonNode event = body(Notice.about(Action.TRIGGER, large));

    assertValid(event);
    JsonNode details = event.path("payload").path("custom_details");
    JsonNode evidence = details.path("alerts").path(0).path("evidence");
    assertThat(evidence.path("sample").asText()).hasSize(4_000).endsWith("y…");
    assertThat(evidence.path("ratio").asDouble()).isEqualTo(0.34);
    assertThat(details.path("Failed calls").asText()).isEqualTo("34% (normally 1.1%)");
  }

  @Test
  void body_countsTheAlertsThatDoNotFit() throws Exception {
    List<Alert> alerts =
        IntStream.range(0, 300).mapToObj(i -> Alerts.withText("z".repeat(3_000))).toList();

    JsonNode event = body(new Notice(Action.TRIGGER, "group-1", alerts, "first", Map.of(), false));

    assertValid(event);
    JsonNode details = event.path("payload").path("custom_details");
    assertThat(details.path("total").asInt()).isEqualTo(300);
    assertThat(details.path("alerts").size()).isGreaterThan(50);
    assertThat(details.path("omitted").asInt()).isPositive();
  }

  @Test
  void limit_leavesSomeOfTheKeysLimitToOthers() {
    assertThat(notifier().limit()).contains(new RateLimit(100, Duration.ofMinutes(1)));
  }

  @Test
  void new_refusesAKeyOfTheWrongLengthWithoutShowingIt() {
    assertThatThrownBy(() -> new PagerDutyConfig(server.url(path()), "tooshort"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("routing_key: has 8 characters, must have 32")
        .hasMessageNotContaining("tooshort");
  }
}
