// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.alerting.AlertingSettings;
import dev.petrel.service.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Everything together, as {@code petrel up} starts it: from a file to OpenSearch, console and
 * pages.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class PipelineIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final long MONTHS_AGO = 1_700_000_000_000L;

  @TempDir private Path directory;

  /** Each replay is of other calls: the same ones again would count as duplicates. */
  private int brownouts = 1;

  private final StringWriter out = new StringWriter();
  private final Inbox inbox = new Inbox(InstantSource.system());

  @Test
  void start_countsHistoryBesideLiveTrafficPagesOnceAndGoesOnAfterARestart() throws Exception {
    long seed = new Random().nextLong();
    Path history = directory.resolve("history.jsonl");
    List<Row> rows = writeHistory(history, new Random(seed));
    int console = freePort();
    Running first = start(console);
    try {
      // Given live traffic: the last four minutes of a brownout that is under way.
      replayBrownout(first);

      // When months-old history is imported, twice
      replay(first, history);
      replay(first, history);

      // Then its numbers are exact, and the percentiles within 1 %.
      await().atMost(PATIENCE).untilAsserted(() -> assertModels(first, rows));
      JsonNode accounts =
          await()
              .atMost(PATIENCE)
              .until(
                  () -> get(console, "/api/conservation"),
                  answer -> answer.path("duplicates").asLong() >= rows.size());
      assertThat(accounts.path("duplicates").asLong()).as("seed %d", seed).isEqualTo(rows.size());
      assertThat(accounts.path("beyond_retention").asLong()).isZero();
      assertThat(accounts.path("difference").asLong()).isZero();

      // And the brownout has led to one message and one incident.
      awaitPage(first);
      // The sink writes the alert beside the notifier's requests, not before them.
      await().atMost(PATIENCE).until(() -> !get(console, "/api/alerts").isEmpty());
      JsonNode alerts = get(console, "/api/alerts");
      assertThat(alerts).hasSize(1);
      assertThat(alerts.get(0).path("labels").path("provider").asText()).isEqualTo("openai");
      assertThat(alerts.get(0).path("labels").path("scope_kind").asText()).isEqualTo("provider");
      assertThat(get(console, "/health/ready").path("status").asText()).isEqualTo("ready");
    } finally {
      first.shutdown.stop();
    }

    // When it is started again on the same data
    Running second = start(console);
    try {
      // Then everything is still there, a third import changes nothing, and nobody is paged again.
      replay(second, history);
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(get(console, "/api/conservation").path("duplicates").asLong())
                      .isEqualTo(2L * rows.size()));
      assertModels(second, rows);
      assertThat(triggers(console)).isEqualTo(1);
    } finally {
      second.shutdown.stop();
    }
  }

  /** One line of the history, as the test itself counts it. */
  private record Row(String model, double millis, long tokens, boolean failed) {}

  /** One burst of failures pages nobody, however large: the brownout must be seen to go on. */
  private void awaitPage(Running running) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> {
              replayBrownout(running);
              return inbox.count("slack") > 0 && inbox.count("pagerduty") > 0;
            });
  }

  private static List<Row> writeHistory(Path file, Random random) throws IOException {
    List<Row> rows = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 4000; i++) {
      boolean failed = random.nextInt(12) == 0;
      Row row =
          new Row(
              "model-" + random.nextInt(3),
              failed ? 0 : Math.exp(7 + random.nextGaussian()),
              failed ? 0 : random.nextInt(20_000),
              failed);
      rows.add(row);
      // Over five days, out of order.
      long at = MONTHS_AGO + (long) (random.nextDouble() * 5 * 86_400_000);
      text.append(
          "{\"t\":%d,\"m\":\"%s\",\"ms\":%s,\"in\":%d,\"bad\":%b}%n"
              .formatted(at, row.model(), row.millis(), row.tokens(), row.failed()));
    }
    Files.writeString(file, text);
    return rows;
  }

  private void assertModels(Running running, List<Row> rows) throws Exception {
    JsonNode stored =
        get(
            running.installation.consolePort(),
            "/api/stats?scope=model&merge=true&from=%d&to=%d"
                .formatted(MONTHS_AGO - 60_000, MONTHS_AGO + 6 * 86_400_000L));
    Map<String, List<Row>> byModel = new HashMap<>();
    rows.forEach(row -> byModel.computeIfAbsent(row.model(), m -> new ArrayList<>()).add(row));
    assertThat(stored).hasSize(byModel.size());
    for (JsonNode document : stored) {
      List<Row> expected = byModel.get(document.path("model").asText());
      assertThat(document.path("attempts").asLong()).isEqualTo(expected.size());
      assertThat(document.path("calls").asLong()).isEqualTo(expected.size());
      assertThat(document.path("errors").path("unknown").asLong())
          .isEqualTo(expected.stream().filter(Row::failed).count());
      assertThat(document.path("input_tokens").asLong())
          .isEqualTo(expected.stream().mapToLong(Row::tokens).sum());
      assertThat(document.has("cost_usd")).isFalse();
      for (String quantile : List.of("p50", "p95")) {
        double exact = nearestRank(expected, quantile.equals("p50") ? 0.5 : 0.95);
        assertThat(document.path("latency_ms").path(quantile).asDouble())
            .isBetween(exact * 0.99, exact * 1.01);
      }
    }
  }

  private static double nearestRank(List<Row> rows, double q) {
    List<Double> sorted = new ArrayList<>(rows.stream().map(Row::millis).toList());
    Collections.sort(sorted);
    return sorted.get((int) Math.ceil(q * sorted.size()) - 1);
  }

  private void replayBrownout(Running running) throws Exception {
    Path brownout = directory.resolve("brownout.jsonl");
    long start = System.currentTimeMillis() - Duration.ofMinutes(4).toMillis();
    petrel(
        "simulate",
        "--scenario",
        "brownout",
        "--rate",
        "20",
        "--for",
        "4m",
        "--start",
        Long.toString(start),
        "--seed",
        Long.toString(brownouts++),
        "--out",
        brownout.toString());
    petrel("replay", brownout.toString(), "--shift-to", "now", "--kafka", running.kafka);
  }

  private void replay(Running running, Path history) {
    petrel(
        "replay",
        history.toString(),
        "--kafka",
        running.kafka,
        "--map",
        "timestamp=t,request_model=m,duration_ms=ms,input_tokens=in,error=bad");
  }

  private void petrel(String... arguments) {
    PrintWriter writer = new PrintWriter(out, true);
    assertThat(Petrel.run(arguments, writer, writer)).as(out.toString()).isZero();
  }

  private static long triggers(int console) throws Exception {
    long triggers = 0;
    for (JsonNode request : get(console, "/api/inbox")) {
      boolean trigger = request.path("body").path("event_action").asText().equals("trigger");
      triggers += trigger ? 1 : 0;
    }
    return triggers;
  }

  private record Running(Installation installation, Shutdown shutdown, String kafka) {}

  private Running start(int consolePort) {
    Shutdown shutdown = new Shutdown();
    Installation installation = new Installation(new PrintWriter(out, true), shutdown);
    SettingsOptions options =
        CommandLine.populateCommand(
            new SettingsOptions(),
            "--set=console.port=" + consolePort,
            "--set=embedded.kafka_port=0",
            "--set=embedded.opensearch_port=0",
            "--set=gateway.http_port=0",
            "--set=gateway.grpc_port=0");
    String base = "http://127.0.0.1:" + consolePort;
    Settings settings =
        installation.start(
            directory.resolve("data"),
            options,
            Map.of(
                AlertingSettings.SLACK_WEBHOOK_URL.key(), base + Inbox.SLACK_PATH,
                AlertingSettings.PAGERDUTY_URL.key(), base + Inbox.PAGERDUTY_PATH,
                AlertingSettings.PAGERDUTY_ROUTING_KEY.key(), "0123456789abcdef0123456789abcdef"),
            inbox::addRoutes);
    return new Running(
        installation, shutdown, settings.get(dev.petrel.service.KafkaSettings.BOOTSTRAP_SERVERS));
  }

  private static JsonNode get(int port, String path) throws Exception {
    HttpResponse<byte[]> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
