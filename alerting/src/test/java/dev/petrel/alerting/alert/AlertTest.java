// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlertTest {

  @Test
  void json_hasTheNamesOfTheContract() throws Exception {
    JsonNode json = Json.mapper().readTree(Json.bytes(Alerts.over(Alerts.firing("a1"))));

    assertThat(json.path("alert_id").asText()).isEqualTo("a1");
    assertThat(json.path("status").asText()).isEqualTo("resolved");
    assertThat(json.path("severity").asText()).isEqualTo("critical");
    assertThat(json.path("labels").path("tenant").asText()).isEqualTo("acme");
    assertThat(json.path("starts_at").isIntegralNumber()).isTrue();
    assertThat(json.path("fired_at").isIntegralNumber()).isTrue();
    assertThat(json.path("ends_at").isIntegralNumber()).isTrue();
    assertThat(json.path("evidence").path("normal_ratio").asDouble()).isEqualTo(0.011);
    assertThat(json.path("runbook_url").asText()).endsWith("/provider_incident.md");
  }

  @Test
  void json_leavesOutTheEndOfAFiringEpisode() throws Exception {
    JsonNode json = Json.mapper().readTree(Json.bytes(Alerts.firing("a1")));

    assertThat(json.has("ends_at")).isFalse();
    assertThat(json.path("status").asText()).isEqualTo("firing");
  }

  @Test
  void read_ignoresUnknownFields() {
    String json = new String(Json.bytes(Alerts.firing("a1")), StandardCharsets.UTF_8);

    Alert read =
        Json.read(
            json.replaceFirst("\\{", "{\"later\":{\"a\":[1]},").getBytes(StandardCharsets.UTF_8),
            Alert.class);

    assertThat(read.labels()).isEqualTo(Alerts.firing("a1").labels());
  }

  @Test
  void read_failsCleanlyOnTruncatedInput() {
    byte[] json = Json.bytes(Alerts.firing("a1"));

    for (int length = 0; length < json.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(json, length);
      assertThatThrownBy(() -> Json.read(cut, Alert.class))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void id_dependsOnRuleLabelsAndStartOnly() {
    String id = Alert.id("r", Map.of("a", "1", "b", "2"), 5);

    assertThat(id).matches("[0-9a-f]{24}");
    assertThat(Alert.id("r", new java.util.TreeMap<>(Map.of("b", "2", "a", "1")), 5)).isEqualTo(id);
    assertThat(Alert.id("s", Map.of("a", "1", "b", "2"), 5)).isNotEqualTo(id);
    assertThat(Alert.id("r", Map.of("a", "1"), 5)).isNotEqualTo(id);
    assertThat(Alert.id("r", Map.of("a", "1", "b", "2"), 6)).isNotEqualTo(id);
  }
}
