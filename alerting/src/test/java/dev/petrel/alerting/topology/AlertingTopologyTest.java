// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.detect.Parameter;
import dev.petrel.alerting.detect.Pattern;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.detect.Simulation;
import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertingTopologyTest {

  private static final List<Scope> BROWNOUT =
      List.of(
          Scope.provider("prod", "openai"),
          Scope.model("prod", "openai", "m0"),
          Scope.model("prod", "openai", "m1"),
          Scope.tenantModel("prod", "a", "openai", "m0"),
          Scope.tenantModel("prod", "b", "openai", "m0"),
          Scope.tenantModel("prod", "a", "openai", "m1"),
          Scope.tenantModel("prod", "b", "openai", "m1"));

  @TempDir Path stateDir;

  private List<Rule> rules = Simulation.RULES;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private TopologyTestDriver driver;
  private TestInputTopic<String, byte[]> stats;
  private TestOutputTopic<String, Alert> alerts;
  private long now = Simulation.START + 10_000;
  private long revision;

  @BeforeEach
  void start() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    config.put("processing.exception.handler.global.enabled", true); // unset, it warns
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    driver =
        new TopologyTestDriver(
            new AlertingTopology(() -> rules, "https://runbooks.example/", meters).get(),
            config,
            Instant.ofEpochMilli(now));
    stats =
        driver.createInputTopic(
            "llm-call-stats", new StringSerializer(), new ByteArraySerializer());
    alerts =
        driver.createOutputTopic(
            "llm-alerts", new StringDeserializer(), Json.serde(Alert.class).deserializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  private static Measures measures(int good, int bad) {
    Measures measures = new Measures();
    for (int i = 0; i < good + bad; i++) {
      LlmCallEvent.Builder event =
          LlmCallEvent.newBuilder()
              .set(EventField.EVENT_ID, "e" + i)
              .set(EventField.TIMESTAMP, Simulation.START)
              .set(EventField.OUTCOME, i < bad ? Outcome.ERROR : Outcome.SUCCESS);
      if (i < bad) {
        event.set(EventField.ERROR_TYPE, ErrorType.OVERLOADED);
      }
      measures.add(event.build());
    }
    return measures;
  }

  private void publish(Scope scope, String importId, long at, int good, int bad) {
    CallStats record =
        new CallStats(
            scope,
            importId,
            CallStats.windowStartOf(at),
            CallStats.WINDOW_MS,
            false,
            ++revision,
            measures(good, bad));
    stats.pipeInput(record.key(), CallStatsCodec.encode(record), now);
  }

  private void second() {
    now += 1000;
    driver.advanceWallClockTime(Duration.ofSeconds(1));
  }

  private List<Alert> runBrownout(int seconds, long age, String importId) {
    List<Alert> seen = new ArrayList<>();
    for (int i = 0; i < seconds; i++) {
      int inMinute = (int) (now % 60_000 / 1000) + 1;
      for (Scope scope : BROWNOUT) {
        publish(scope, importId, now - age, 5 * inMinute, 5 * inMinute);
      }
      second();
      seen.addAll(alerts.readValuesToList());
    }
    return seen;
  }

  @Test
  void brownout_firesOnceAndIsResolvedOnce() {
    List<Alert> seen = new ArrayList<>(runBrownout(60, 0, null));
    assertThat(seen)
        .extracting(Alert::status)
        .as("fired, perhaps refreshed")
        .containsOnly(Status.FIRING);
    assertThat(seen).extracting(Alert::revision).containsOnly(1);
    for (int i = 0; i < 300; i++) {
      second();
      seen.addAll(alerts.readValuesToList());
    }

    assertThat(seen).extracting(Alert::alertId).containsOnly(seen.get(0).alertId());
    assertThat(seen).filteredOn(alert -> alert.status() == Status.RESOLVED).hasSize(1);
    assertThat(seen.get(0).labels())
        .containsEntry("scope_kind", "provider")
        .containsEntry("environment", "prod")
        .containsEntry("provider", "openai");
    assertThat(seen.get(0).evidence())
        .containsEntry("affected_models_count", 2)
        .containsEntry("affected_tenants", List.of("a", "b"));
    assertThat(count("fired")).isEqualTo(1);
    assertThat(count("resolved")).isEqualTo(1);
    assertThat(alerts.isEmpty()).isTrue();
  }

  private double count(String status) {
    return meters.get("petrel.alerting.alerts").tag("status", status).counter().count();
  }

  @Test
  void alerts_areKeyedByTheirId() {
    runBrownoutKeepingOutput();

    KeyValue<String, Alert> record = alerts.readKeyValue();
    assertThat(record.key).isEqualTo(record.value.alertId());
  }

  private void runBrownoutKeepingOutput() {
    for (int i = 0; i < 40; i++) {
      for (Scope scope : BROWNOUT) {
        publish(scope, null, now, 5 * (i + 1), 5 * (i + 1));
      }
      second();
    }
  }

  @Test
  void rules_thatAreTakenAwayEndTheirEpisodes() {
    Alert fired = runBrownout(60, 0, null).get(0);

    rules = List.of(Rule.of(Pattern.RATE_LIMIT_PRESSURE));
    second();
    second();

    Alert last = alerts.readValue();
    assertThat(last.alertId()).isEqualTo(fired.alertId());
    assertThat(last.status()).isEqualTo(Status.RESOLVED);
    assertThat(last.evidence()).containsEntry("ended_because", "rule_removed");
    assertThat(alerts.isEmpty()).isTrue();
  }

  @Test
  void rules_thatChangeTheirThresholdsKeepTheirEpisodes() {
    Alert fired = runBrownout(60, 0, null).get(0);

    rules =
        List.of(
            Rule.of(Pattern.PROVIDER_INCIDENT, Map.of(Parameter.ABOVE, 0.2)),
            Rule.of(Pattern.TENANT_ERRORS));
    List<Alert> seen = runBrownout(60, 0, null);

    assertThat(seen).extracting(Alert::alertId).containsOnly(fired.alertId());
    assertThat(seen).extracting(Alert::status).containsOnly(Status.FIRING);
  }

  @Test
  void history_neverAlerts() {
    assertThat(runBrownout(120, Duration.ofMinutes(67).toMillis(), null)).isEmpty();
  }

  @Test
  void imports_neverAlert() {
    assertThat(runBrownout(120, 0, "imp-1")).isEmpty();
  }

  @Test
  void minutesOfTheFuture_neverAlert() {
    assertThat(runBrownout(120, -Duration.ofMinutes(3).toMillis(), null)).isEmpty();
  }

  @Test
  void unreadableRecords_areCountedAndSkipped() {
    stats.pipeInput("key", "nonsense".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    stats.pipeInput("key", (byte[]) null);

    assertThat(meters.get("petrel.alerting.unreadable").counter().count()).isEqualTo(1);
    assertThat(runBrownout(60, 0, null)).isNotEmpty();
  }

  @Test
  void otherProvidersAndEnvironments_areApart() {
    for (int i = 0; i < 60; i++) {
      int inMinute = (int) (now % 60_000 / 1000) + 1;
      for (String provider : List.of("openai", "anthropic")) {
        for (String environment : List.of("prod", "test")) {
          int bad = provider.equals("openai") && environment.equals("prod") ? inMinute : 0;
          publish(Scope.provider(environment, provider), null, now, inMinute, bad);
          publish(Scope.model(environment, provider, "m0"), null, now, inMinute, bad);
        }
      }
      second();
    }

    List<Alert> seen = alerts.readValuesToList();
    assertThat(seen).extracting(Alert::alertId).containsOnly(seen.get(0).alertId());
    assertThat(seen.get(0).labels())
        .containsEntry("provider", "openai")
        .containsEntry("environment", "prod");
  }

  @Test
  void stores_forgetOldMinutesAndClosedEpisodes() {
    runBrownout(60, 0, null);
    for (int i = 0; i < 68 * 60; i++) {
      second();
    }

    try (var all = driver.<String, byte[]>getKeyValueStore(Evaluator.STORE).all()) {
      assertThat(all)
          .toIterable()
          .extracting(entry -> entry.key)
          .as("what ended is remembered for longer")
          .singleElement()
          .asString()
          .contains("e|");
    }
  }

  @Test
  void describe_isAsPinned() {
    assertThat(
            new AlertingTopology(() -> rules, "https://runbooks.example/", meters)
                .get()
                .describe()
                .toString())
        .isEqualToNormalizingWhitespace(
            """
            Topologies:
               Sub-topology: 0
                Source: call-rollups (topics: [llm-call-rollups])
                  --> aggregates
                Source: call-stats (topics: [llm-call-stats])
                  --> aggregates
                Processor: aggregates (stores: [])
                  --> stats-reader
                  <-- call-stats, call-rollups
                Processor: stats-reader (stores: [])
                  --> scope-windows-repartition-filter
                  <-- aggregates
                Processor: scope-windows-repartition-filter (stores: [])
                  --> scope-windows-repartition-sink
                  <-- stats-reader
                Sink: scope-windows-repartition-sink (topic: scope-windows-repartition)
                  <-- scope-windows-repartition-filter
              Sub-topology: 1
                Source: scope-windows-repartition-source (topics: [scope-windows-repartition])
                  --> evaluator
                Processor: evaluator (stores: [detection])
                  --> alerts
                  <-- scope-windows-repartition-source
                Sink: alerts (topic: llm-alerts)
                  <-- evaluator
            """);
  }
}
