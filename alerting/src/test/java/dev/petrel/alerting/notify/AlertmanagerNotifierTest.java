// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.alert.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertmanagerNotifierTest extends NotifierContract {

  private static final Links LINKS = new Links(URI.create("http://127.0.0.1:8080"));
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Override
  Notifier notifier(URI endpoint, HttpSender sender) {
    return new AlertmanagerNotifier(
        "alertmanager", new AlertmanagerConfig(endpoint, "Bearer " + secret()), LINKS, sender);
  }

  @Override
  String secret() {
    return "am-token-4711";
  }

  @Override
  String path() {
    return "/alertmanager";
  }

  @Override
  void assertValid(JsonNode body) {
    assertThat(body.isArray()).isTrue();
    assertThat(body.size()).isPositive();
    for (JsonNode alert : body) {
      assertThat(alert.fieldNames())
          .toIterable()
          .isSubsetOf("labels", "annotations", "startsAt", "endsAt", "generatorURL");
      assertThat(alert.path("labels").has("alert_id")).isTrue();
      for (String part : List.of("labels", "annotations")) {
        alert
            .path(part)
            .properties()
            .forEach(
                entry -> {
                  assertThat(entry.getKey()).matches("[a-zA-Z_][a-zA-Z0-9_]*");
                  assertThat(entry.getValue().asText()).isNotBlank();
                });
      }
      // Alertmanager refuses an alert that ends before it starts.
      assertThat(Instant.parse(alert.path("endsAt").asText()))
          .isAfterOrEqualTo(Instant.parse(alert.path("startsAt").asText()));
      assertThat(URI.create(alert.path("generatorURL").asText()).isAbsolute()).isTrue();
    }
  }

  @Override
  void assertMatches(JsonNode trigger, JsonNode resolve) {
    assertThat(resolve.path(0).path("labels")).isEqualTo(trigger.path(0).path("labels"));
    assertThat(resolve.path(0).path("startsAt")).isEqualTo(trigger.path(0).path("startsAt"));
    assertThat(endsAt(trigger)).isEqualTo(NOW.plus(AlertmanagerNotifier.ENDS_AHEAD));
    assertThat(endsAt(resolve)).isBefore(NOW);
  }

  private static Instant endsAt(JsonNode body) {
    return Instant.parse(body.path(0).path("endsAt").asText());
  }

  private JsonNode sent(Notice notice) throws Exception {
    send(notice);
    return Json.mapper().readTree(server.bodies().get(server.bodies().size() - 1));
  }

  @Test
  void send_postsToTheApiWithLabelsAndAnnotations() throws Exception {
    JsonNode alert = sent(Notice.about(Action.TRIGGER, Alerts.firing("a1"))).path(0);

    assertThat(server.requests().get(0).uri()).hasPath("/alertmanager/api/v2/alerts");
    assertThat(server.requests().get(0).header("authorization")).isEqualTo("Bearer " + secret());
    assertThat(alert.path("labels").toString())
        .contains("\"alertname\":\"provider_incident\"")
        .contains("\"severity\":\"critical\"")
        .contains("\"tenant\":\"acme\"")
        .contains("\"alert_id\":\"a1\"");
    assertThat(alert.path("annotations").path("summary").asText())
        .isEqualTo("34% of calls to openai fail.");
    assertThat(alert.path("annotations").path("facts").asText())
        .isEqualTo(
            "Failed calls: 34% (normally 1.1%); Hurt: acme on gpt-4o; "
                + "Error types: overloaded 500");
    assertThat(alert.path("annotations").path("request_ids").asText()).isEqualTo("req_1, req_2");
    assertThat(alert.path("generatorURL").asText()).isEqualTo("http://127.0.0.1:8080/incidents/a1");
  }

  @Test
  void send_endsTheAlertsOfAGroupThatAreOver() throws Exception {
    Alert firing = Alerts.ofTenant("a1", "one");
    Alert over = Alerts.over(Alerts.ofTenant("a2", "two"));

    JsonNode body =
        sent(new Notice(Action.UPDATE, "g", List.of(firing, over), "one is over", Map.of(), false));

    assertThat(Instant.parse(body.path(0).path("endsAt").asText())).isAfter(NOW);
    assertThat(Instant.parse(body.path(1).path("endsAt").asText())).isBefore(NOW);
  }

  @Test
  void send_neverEndsAResolvedAlertInTheFuture() throws Exception {
    long later = NOW.plusSeconds(600).toEpochMilli();
    Alert over = Alerts.firing("a1").resolved(later, "recovered", later);

    assertThat(endsAt(sent(Notice.about(Action.RESOLVE, over)))).isEqualTo(NOW);
  }

  @Test
  void refreshInterval_comesSeveralTimesBeforeTheEnd() {
    assertThat(notifier().refreshInterval()).contains(Duration.ofMinutes(1));
    assertThat(AlertmanagerNotifier.ENDS_AHEAD)
        .isGreaterThan(AlertmanagerNotifier.REFRESH.multipliedBy(3));
    // Alertmanager's own default resolve_timeout is 5 min.
    assertThat(AlertmanagerNotifier.ENDS_AHEAD).isLessThan(Duration.ofMinutes(5));
  }

  @Test
  void new_sendsNoSecretWithoutProtection() {
    URI url = URI.create("http://alertmanager:9093");

    assertThat(new AlertmanagerConfig(url, null).url()).isEqualTo(url);
    assertThatThrownBy(() -> new AlertmanagerConfig(url, "Bearer x-secret-x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("x-secret-x");
  }
}
