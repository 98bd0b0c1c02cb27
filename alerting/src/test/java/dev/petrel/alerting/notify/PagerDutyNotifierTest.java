// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.alert.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
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
    return new PagerDutyNotifier(endpoint, secret(), LINKS, sender);
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
    assertThat(event.toString().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(512_000);
    if (event.path("event_action").asText().equals("resolve")) {
      return;
    }
    assertThat(event.path("event_action").asText()).isEqualTo("trigger");
    JsonNode payload = event.path("payload");
    assertThat(payload.fieldNames()).toIterable().isSubsetOf(PAYLOAD_FIELDS);
    assertThat(payload.path("summary").asText().length()).isBetween(1, 1024);
    assertThat(payload.path("source").asText()).isNotEmpty();
    assertThat(payload.path("severity").asText()).isIn("critical", "error", "warning", "info");
    assertThat(Instant.parse(payload.path("timestamp").asText()))
        .isEqualTo(Instant.ofEpochMilli(Alerts.STARTS_AT));
    assertThat(payload.path("custom_details").isObject()).isTrue();
    for (JsonNode link : event.path("links")) {
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

  @Test
  void body_omitsDetailsThatAreTooLarge() throws Exception {
    HttpSender sender = new HttpSender(HttpClient.newHttpClient(), TIMEOUT, InstantSource.system());
    PagerDutyNotifier notifier = new PagerDutyNotifier(server.url(path()), secret(), LINKS, sender);

    byte[] body = notifier.body(Action.TRIGGER, Alerts.withText("y".repeat(100_000)));

    assertThat(Json.mapper().readTree(body).path("payload").path("custom_details").toString())
        .contains("too large");
  }

  @Test
  void new_refusesAKeyOfTheWrongLengthWithoutShowingIt() {
    assertThatThrownBy(
            () ->
                new PagerDutyNotifier(
                    server.url(path()),
                    "tooshort",
                    LINKS,
                    new HttpSender(client, TIMEOUT, InstantSource.system())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("routing_key: has 8 characters, must have 32")
        .hasMessageNotContaining("tooshort");
  }
}
