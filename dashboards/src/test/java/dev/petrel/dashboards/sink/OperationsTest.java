// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.dashboards.SampleTraffic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class OperationsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long WINDOW = 1_772_323_200_000L; // 2026-03-01

  @Test
  void of_callStatsPassesTheBytesAndTheRevision() throws Exception {
    CallStats stats = sample();
    byte[] value = CallStatsCodec.encode(stats);

    Operation operation = Operations.of(record("llm-call-stats", value)).get(0);

    String[] lines = new String(operation.lines(), UTF_8).split("\n", -1);
    JsonNode action = JSON.readTree(lines[0]).path("index");
    assertThat(lines).hasSize(3);
    assertThat(lines[1].getBytes(UTF_8)).isEqualTo(value);
    assertThat(lines[2]).isEmpty();
    assertThat(action.path("_index").asText()).isEqualTo("llm-call-stats-2026.03.01");
    assertThat(action.path("_id").asText()).isEqualTo(stats.documentId());
    assertThat(action.path("version").asLong()).isEqualTo(7);
    assertThat(action.path("version_type").asText()).isEqualTo("external_gte");
  }

  @Test
  void of_rollupsGoToIndicesOfTheirOwn() throws Exception {
    CallStats minute = sample();
    for (CallStats rollup :
        List.of(
            SampleTraffic.rollups(List.of(minute), CallStats.HOUR_MS).get(0),
            SampleTraffic.rollups(List.of(minute), CallStats.DAY_MS).get(0))) {
      byte[] value = CallStatsCodec.encode(rollup);

      Operation operation = Operations.of(record("llm-call-rollups", value)).get(0);

      JsonNode action = JSON.readTree(new String(operation.lines(), UTF_8).split("\n")[0]);
      assertThat(operation.kind()).isEqualTo(Operation.Kind.REPLACE);
      assertThat(operation.index())
          .isEqualTo(
              rollup.windowMs() == CallStats.HOUR_MS
                  ? "llm-call-rollups-hour-2026.03"
                  : "llm-call-rollups-day-2026");
      assertThat(action.at("/index/_id").asText())
          .isEqualTo(rollup.documentId())
          .isNotEqualTo(minute.documentId());
      assertThat(action.at("/index/version").asLong()).isEqualTo(7);
      assertThat(action.at("/index/version_type").asText()).isEqualTo("external_gte");
    }
  }

  @Test
  void of_callStatsWithLineEndsStaysOneLine() throws Exception {
    JsonNode document = JSON.readTree(CallStatsCodec.encode(sample()));
    byte[] pretty = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);

    Operation operation = Operations.of(record("llm-call-stats", pretty)).get(0);

    String[] lines = new String(operation.lines(), UTF_8).split("\n", -1);
    assertThat(lines).hasSize(3);
    assertThat(JSON.readTree(lines[1])).isEqualTo(document);
  }

  @Test
  void of_alertKeepsOffTheNotifications() throws Exception {
    String alert = "{\"alert_id\":\"a\",\"starts_at\":%d,\"notifications\":[]}".formatted(WINDOW);

    Operation operation = Operations.of(record("llm-alerts", alert.getBytes(UTF_8))).get(0);

    JsonNode update = JSON.readTree(new String(operation.lines(), UTF_8).split("\n")[1]);
    assertThat(operation.index()).isEqualTo("llm-alerts-2026.03");
    assertThat(update.at("/upsert/alert_id").asText()).isEqualTo("a");
    assertThat(update.at("/upsert").has("notifications")).isFalse();
    assertThat(update.at("/script/params/alert").has("notifications")).isFalse();
  }

  @Test
  void of_notificationsReplaceWhatTheirIncidentSaysInEachOfItsAlerts() throws Exception {
    String value =
        "{\"incident_id\":\"i\",\"alerts\":[{\"alert\":{\"alert_id\":\"a\",\"starts_at\":%d}},{\"alert\":{\"alert_id\":\"b\",\"starts_at\":%d}}],\"notifications\":[{\"receiver\":\"r\"}],\"decisions\":[{\"result\":\"held\"}]}"
            .formatted(WINDOW, WINDOW);

    List<Operation> operations = Operations.of(record("llm-notifications", value.getBytes(UTF_8)));

    assertThat(operations).extracting(Operation::id).containsExactly("a", "b");
    assertThat(operations).extracting(Operation::part).containsExactly("i", "i");
    JsonNode update = JSON.readTree(new String(operations.get(1).lines(), UTF_8).split("\n")[1]);
    assertThat(update.has("doc")).isFalse();
    assertThat(update.at("/script/params/incident_id").asText()).isEqualTo("i");
    assertThat(update.at("/script/params/notifications/0/incident_id").asText()).isEqualTo("i");
    assertThat(update.at("/upsert/decisions/0/result").asText()).isEqualTo("held");
    assertThat(update.at("/upsert/starts_at").asLong()).isEqualTo(WINDOW);
  }

  @Test
  void of_anIncidentWithoutAlertsIsAboutNoDocument() {
    String value = "{\"incident_id\":\"i\",\"alerts\":[],\"notifications\":[]}";
    assertThat(Operations.of(record("llm-notifications", value.getBytes(UTF_8)))).isEmpty();
  }

  @Test
  void of_saysWhatIsWrong() {
    assertWrong("llm-call-stats", "{", "call stats");
    assertWrong("llm-call-stats", "{}", "window_start");
    assertWrong(
        "llm-call-rollups",
        new String(CallStatsCodec.encode(sample()), UTF_8)
            .replace("\"window_ms\":60000", "\"window_ms\":300000"),
        "window_ms: was 300000");
    assertWrong("llm-alerts", "[]", "not a JSON object");
    assertWrong("llm-alerts", "nonsense", "not JSON");
    assertWrong("llm-alerts", "{\"starts_at\":1}", "alert_id");
    assertWrong("llm-alerts", "{\"alert_id\":\"a\"}", "starts_at");
    assertWrong("llm-alerts", "{\"alert_id\":\"" + "ä".repeat(257) + "\",\"starts_at\":1}", "512");
    assertWrong("llm-notifications", "{\"incident_id\":\"a\"}", "notifications");
    assertWrong(
        "llm-notifications",
        "{\"incident_id\":\"a\",\"alerts\":[{}],\"notifications\":[]}",
        "alert");
  }

  private static void assertWrong(String topic, String value, String why) {
    assertThatThrownBy(() -> Operations.of(record(topic, value.getBytes(UTF_8))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static CallStats sample() {
    SampleTraffic traffic = new SampleTraffic(1, 3);
    return SampleTraffic.aggregate(WINDOW, traffic.minute(WINDOW, 50, false), true, 7).get(0);
  }

  private static ConsumerRecord<byte[], byte[]> record(String topic, byte[] value) {
    return new ConsumerRecord<>(topic, 0, 0, new byte[0], value);
  }
}
