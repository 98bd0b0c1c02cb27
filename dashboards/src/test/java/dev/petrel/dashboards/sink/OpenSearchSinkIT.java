// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.sink;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.dashboards.RunningDashboards;
import dev.petrel.dashboards.SampleTraffic;
import dev.petrel.dashboards.index.Indices;
import dev.petrel.service.Topic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import dev.petrel.test.servers.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class OpenSearchSinkIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final long WINDOW = 1_772_323_200_000L; // 2026-03-01

  private RunningDashboards dashboards;

  @BeforeAll
  void start() {
    dashboards = new RunningDashboards(TestServers.kafka(), TestServers.openSearch());
  }

  @AfterAll
  void stop() {
    dashboards.close();
  }

  @Test
  void sink_storesTheDocumentAsItIs() throws Exception {
    List<CallStats> stats = sample("stored", 1);
    dashboards.send(stats);

    for (CallStats each : stats) {
      JsonNode stored = awaitRevision(each, 1);
      assertThat(stored.path("_source")).isEqualTo(JSON.readTree(CallStatsCodec.encode(each)));
    }
  }

  @Test
  void sink_keepsRollupsOutOfTheIndicesThatAreSummed() throws Exception {
    List<CallStats> minutes = sample("rolled-up", 1);
    List<CallStats> all = new ArrayList<>(minutes);
    all.addAll(SampleTraffic.rollups(minutes, CallStats.HOUR_MS));
    all.addAll(SampleTraffic.rollups(minutes, CallStats.DAY_MS));
    dashboards.send(all);

    for (CallStats each : all) {
      assertThat(awaitRevision(each, 1).path("_source"))
          .isEqualTo(JSON.readTree(CallStatsCodec.encode(each)));
    }
    dashboards.openSearch().call("POST", "/llm-call-*/_refresh", Map.of(), null);
    assertThat(dashboards.attempts(Indices.CALL_STATS, "tenant", "rolled-up"))
        .isEqualTo(minutes.get(0).measures().attempts());
    assertThat(dashboards.attempts(Indices.ROLLUPS, "tenant", "rolled-up"))
        .isEqualTo(2 * minutes.get(0).measures().attempts());
  }

  @Test
  void sink_findsAWindowByARequestIdOfAFailure() {
    List<CallStats> stats = sample("searched", 1);
    String requestId = stats.get(0).measures().contributors().requestIds().get(0);
    dashboards.send(stats);
    awaitRevision(stats.get(0), 1);
    dashboards.openSearch().call("POST", "/llm-call-stats-*/_refresh", Map.of(), null);

    assertThat(dashboards.attempts(Indices.CALL_STATS, "top.request_ids", requestId))
        .isEqualTo(stats.get(0).measures().attempts());
  }

  @Test
  void sink_keepsTheNewerRevision() {
    CallStats second = sample("revisions", 2).get(0);
    dashboards.send(List.of(second));
    awaitRevision(second, 2);
    double superseded = dashboards.count("superseded");

    dashboards.send(List.of(revision(second, 1)));

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(dashboards.count("superseded")).isEqualTo(superseded + 1));
    assertThat(awaitRevision(second, 2).path("_version").asLong()).isEqualTo(2);
    dashboards.send(List.of(revision(second, 3)));
    awaitRevision(second, 3);
  }

  @Test
  void sink_storesARedeliveredRecordOnce() {
    CallStats stats = sample("redelivered", 5).get(0);

    dashboards.send(List.of(stats));
    awaitRevision(stats, 5);
    dashboards.send(List.of(stats, stats));

    awaitIdle();
    dashboards.openSearch().call("POST", "/llm-call-stats-*/_refresh", Map.of(), null);
    JsonNode found =
        dashboards
            .openSearch()
            .search(
                Indices.CALL_STATS,
                Map.of("query", Map.of("ids", Map.of("values", List.of(stats.documentId())))));
    assertThat(found.at("/hits/total/value").asLong()).isEqualTo(1);
  }

  @Test
  void sink_mergesAlertAndNotificationsInAnyOrder() {
    String alert =
        "{\"alert_id\":\"%s\",\"status\":\"%s\",\"starts_at\":%d,\"updated_at\":%d,\"evidence\":{%s}}";
    for (String id : List.of("alert-first", "notifications-first")) {
      String firing = alert.formatted(id, "firing", WINDOW, WINDOW + 1, "\"old\":1");
      String notifications =
          "{\"incident_id\":\"%s\",\"alerts\":[{\"alert\":%s,\"told\":1}],\"notifications\":[{\"receiver\":\"%s\",\"at\":%d}]}";
      String first = notifications.formatted("i1", firing, "slack", WINDOW);
      String second = notifications.formatted("i2", firing, "pagerduty", WINDOW);
      if (id.startsWith("alert")) {
        dashboards.send(Topic.ALERTS, id, firing.getBytes(UTF_8));
        dashboards.send(Topic.NOTIFICATIONS, id, first.getBytes(UTF_8));
      } else {
        dashboards.send(Topic.NOTIFICATIONS, id, first.getBytes(UTF_8));
        awaitAlert(id, "firing");
      }
      String resolved = alert.formatted(id, "resolved", WINDOW, WINDOW + 9, "\"new\":1");
      dashboards.send(Topic.ALERTS, id, resolved.getBytes(UTF_8));
      awaitAlert(id, "resolved");
      dashboards.send(Topic.NOTIFICATIONS, "i2", second.getBytes(UTF_8));
      dashboards.send(Topic.NOTIFICATIONS, "i1", first.getBytes(UTF_8));
      // What comes late changes nothing.
      dashboards.send(Topic.ALERTS, id, firing.getBytes(UTF_8));
      awaitIdle();

      JsonNode document = awaitAlert(id, "resolved");
      assertThat(document.path("notifications").findValuesAsText("receiver"))
          .as("each incident's once")
          .containsExactlyInAnyOrder("slack", "pagerduty");
      assertThat(document.path("evidence").toString()).isEqualTo("{\"new\":1}");
    }
  }

  @Test
  void sink_deadLettersWhatCanNeverBeStored() {
    double before = dashboards.count("dead_lettered");
    String notMappable = "{\"alert_id\":\"bad-mapping\",\"starts_at\":%d,\"ends_at\":\"soon\"}";
    dashboards.send(Topic.CALL_STATS, "k", "no JSON".getBytes(UTF_8));
    dashboards.send(Topic.ALERTS, "k", notMappable.formatted(WINDOW).getBytes(UTF_8));
    dashboards.send(Topic.ALERTS, "tombstone", null);
    CallStats good = sample("beside-bad-ones", 1).get(0);
    dashboards.send(List.of(good));

    awaitRevision(good, 1);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(dashboards.count("dead_lettered")).isEqualTo(before + 2));
    List<String> reasons = deadLetterReasons(2);
    assertThat(reasons).anySatisfy(reason -> assertThat(reason).contains("llm-call-stats: cannot"));
    assertThat(reasons).anySatisfy(reason -> assertThat(reason).contains("ends_at"));
  }

  @Test
  void sink_countsEveryRecord() {
    dashboards.send(sample("counted", 1));
    awaitIdle();

    assertThat(dashboards.count("records"))
        .isEqualTo(
            dashboards.count("indexed")
                + dashboards.count("superseded")
                + dashboards.count("dead_lettered")
                + dashboards.count("skipped"));
    assertThat(dashboards.health().isOk()).isTrue();
  }

  @Test
  void templates_mapTheIndices() {
    CallStats stats = sample("mapped", 1).get(0);
    dashboards.send(List.of(stats));
    awaitRevision(stats, 1);

    JsonNode answer =
        dashboards.openSearch().call("GET", "/llm-call-stats-2026.03.01", Map.of(), null);
    JsonNode index = answer.path("llm-call-stats-2026.03.01");

    assertThat(index.at("/mappings/dynamic").asText()).isEqualTo("false");
    assertThat(index.at("/mappings/properties/cost_usd/type").asText()).isEqualTo("scaled_float");
    assertThat(index.at("/settings/index/codec").asText()).isEqualTo("best_compression");
  }

  private static List<CallStats> sample(String tenant, long revision) {
    Measures measures = new Measures();
    new SampleTraffic(tenant.hashCode(), 3).minute(WINDOW, 20, true).forEach(measures::add);
    return List.of(
        new CallStats(
            Scope.tenant("test", tenant), WINDOW, CallStats.WINDOW_MS, false, revision, measures));
  }

  private static CallStats revision(CallStats stats, long revision) {
    return new CallStats(
        stats.scope(), stats.windowStart(), stats.windowMs(), true, revision, stats.measures());
  }

  private JsonNode awaitRevision(CallStats stats, long revision) {
    String index = Indices.callStats(stats.windowStart(), stats.windowMs());
    return await()
        .atMost(PATIENCE)
        .until(
            () -> dashboards.document(index, stats.documentId()),
            document -> document.at("/_source/revision").asLong() == revision);
  }

  private JsonNode awaitAlert(String id, String status) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> dashboards.document("llm-alerts-2026.03", id).path("_source"),
            document -> status.equals(document.path("status").asText()));
  }

  private void awaitIdle() {
    await()
        .atMost(PATIENCE)
        .during(Duration.ofSeconds(2))
        .until(() -> dashboards.lag() == 0 && dashboards.health().isOk());
  }

  private static List<String> deadLetterReasons(int count) {
    List<String> reasons = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, TestServers.kafka().bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG, "dead-letters-of-sink-it",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(Topic.DEAD_LETTERS.topicName()));
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                for (ConsumerRecord<byte[], byte[]> record :
                    consumer.poll(Duration.ofMillis(200))) {
                  reasons.add(
                      header(record, "petrel-source-topic")
                          + ": "
                          + header(record, "petrel-reason"));
                }
                return reasons.size() >= count;
              });
    }
    return reasons;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }
}
