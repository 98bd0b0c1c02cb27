// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.dashboards.DashboardsService;
import dev.petrel.dashboards.RunningDashboards;
import dev.petrel.dashboards.SampleTraffic;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.service.Topic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.test.servers.TestServers;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class ConsoleApiIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long START = 1_780_272_000_000L; // 2026-06-01
  private static final int MINUTES = 90;
  private static final long END = START + MINUTES * CallStats.WINDOW_MS;
  private static final String RANGE = "from=" + START + "&to=" + END;

  private final List<LlmCallEvent> events = new ArrayList<>();
  private RunningDashboards dashboards;

  @BeforeAll
  void start() throws Exception {
    dashboards = new RunningDashboards(TestServers.kafka(), TestServers.openSearch());
    SampleTraffic traffic = new SampleTraffic(42, 60);
    for (long window = START; window < END; window += CallStats.WINDOW_MS) {
      List<LlmCallEvent> minute = traffic.minute(window, 40, window > START + 3_000_000);
      events.addAll(minute);
      dashboards.send(SampleTraffic.aggregate(window, minute, true, 1));
    }
    dashboards.send(
        Topic.ALERTS,
        "api",
        "{\"alert_id\":\"api\",\"status\":\"firing\",\"severity\":\"critical\",\"labels\":{\"provider\":\"%s\",\"environment\":\"prod\"},\"starts_at\":%d,\"updated_at\":1}"
            .formatted(SampleTraffic.FAILING_PROVIDER, START + 3_000_000)
            .getBytes(UTF_8));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                dashboards.json("/api/overview?" + RANGE).at("/totals/attempts").asLong()
                        == events.size()
                    && dashboards.get("/api/alerts/api").statusCode() == 200);
  }

  @AfterAll
  void stop() {
    dashboards.close();
  }

  @Test
  void overview_isWhatAllEventsTogetherGive() throws Exception {
    Measures all = new Measures();
    events.forEach(all::add);

    JsonNode overview = dashboards.json("/api/overview?" + RANGE);

    JsonNode totals = overview.path("totals");
    assertThat(totals.path("calls").asLong()).isEqualTo(all.calls());
    assertThat(totals.path("error_attempts").asLong()).isEqualTo(all.errorAttempts());
    assertThat(totals.path("cost_usd").decimalValue().movePointRight(9).longValueExact())
        .isEqualTo(all.costNanoUsd());
    assertThat(totals.at("/latency_ms/p95").asDouble())
        .isCloseTo(all.latencyMs().quantile(0.95), within(0.001));
    assertThat(overview.path("buckets")).hasSize(MINUTES);
    long attempts = 0;
    for (JsonNode bucket : overview.path("buckets")) {
      attempts += bucket.path("attempts").asLong();
    }
    assertThat(attempts).isEqualTo(events.size());
    assertThat(overview.path("environments").toString()).isEqualTo("[\"prod\",\"staging\"]");
  }

  @Test
  void overview_ranksTenantsByAttempts() throws Exception {
    Map<String, List<LlmCallEvent>> byTenant =
        events.stream()
            .collect(Collectors.groupingBy(event -> String.valueOf(event.get(EventField.TENANT))));

    JsonNode tenants = dashboards.json("/api/overview?" + RANGE).path("tenants");

    assertThat(tenants).hasSize(Queries.TOP);
    long previous = Long.MAX_VALUE;
    for (JsonNode tenant : tenants) {
      List<LlmCallEvent> own = byTenant.get(tenant.path("tenant").asText());
      Measures measures = new Measures();
      own.forEach(measures::add);
      assertThat(tenant.path("attempts").asLong())
          .isEqualTo(own.size())
          .isLessThanOrEqualTo(previous);
      assertThat(tenant.path("error_attempts").asLong()).isEqualTo(measures.errorAttempts());
      assertThat(tenant.at("/latency_ms/p95").asDouble())
          .isCloseTo(measures.latencyMs().quantile(0.95), within(0.001));
      assertThat(tenant.path("cost_usd").decimalValue().movePointRight(9).longValue())
          .isEqualTo(measures.costNanoUsd());
      previous = own.size();
    }
  }

  @Test
  void overview_filtersByEnvironment() throws Exception {
    JsonNode staging = dashboards.json("/api/overview?environment=staging&" + RANGE);

    assertThat(staging.at("/totals/attempts").asLong())
        .isEqualTo(
            events.stream()
                .filter(event -> "staging".equals(event.get(EventField.ENVIRONMENT)))
                .count());
  }

  @Test
  void overview_leavesOutACostThatNobodyKnows() throws Exception {
    JsonNode providers = dashboards.json("/api/overview?" + RANGE).path("providers");

    for (JsonNode provider : providers) {
      boolean unpriced = "google".equals(provider.path("provider").asText());
      assertThat(provider.has("cost_usd")).isEqualTo(!unpriced);
    }
  }

  @Test
  void stats_givesEveryDocumentOfTheScopeInOrder() throws Exception {
    JsonNode documents = dashboards.json("/api/stats?scope=tenant&" + RANGE);

    long attempts = 0;
    long previous = 0;
    for (JsonNode document : documents) {
      attempts += document.path("attempts").asLong();
      assertThat(document.path("window_start").asLong()).isGreaterThanOrEqualTo(previous);
      previous = document.path("window_start").asLong();
    }
    assertThat(documents.size()).isGreaterThan(2000);
    assertThat(attempts).isEqualTo(events.size());
    assertThat(dashboards.json("/api/stats?scope=all&" + RANGE + "&environment=nowhere")).isEmpty();
    assertThat(dashboards.json("/api/stats?scope=tenant&tenant=acme&" + RANGE))
        .allSatisfy(document -> assertThat(document.path("tenant").asText()).isEqualTo("acme"));
  }

  @Test
  void stats_saysWhatIsWrongWithARequest() throws Exception {
    assertBad("/api/stats", "scope: is required; must be one of all, provider");
    assertBad("/api/stats?scope=user", "scope: was 'user', must be one of");
    assertBad("/api/stats?scope=all&from=x", "from: was 'x'");
    assertBad("/api/stats?scope=all&since=1", "since: unknown parameter");
    assertBad("/api/alerts?limit=0", "limit: was '0'");
    assertBad("/api/overview?from=5&to=4", "must be before to");
  }

  private void assertBad(String path, String error) throws Exception {
    HttpResponse<String> response = dashboards.get(path);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(dashboards.json(path).path("error").asText()).contains(error);
  }

  @Test
  void alerts_areListedAndFoundById() throws Exception {
    assertThat(dashboards.json("/api/alerts?status=firing&" + RANGE))
        .hasSize(1)
        .allSatisfy(alert -> assertThat(alert.path("alert_id").asText()).isEqualTo("api"));
    assertThat(dashboards.json("/api/alerts?status=resolved&" + RANGE)).isEmpty();
    assertThat(dashboards.get("/api/alerts/none").statusCode()).isEqualTo(404);
    assertThat(dashboards.get("/incidents/none").statusCode()).isEqualTo(404);
    assertThat(dashboards.get("/incidents/api").body()).contains("incident.js");
  }

  @Test
  void alertTimeline_isOfTheScopeOfTheLabels() throws Exception {
    JsonNode timeline = dashboards.json("/api/alerts/api/timeline");

    long expected =
        events.stream()
            .filter(event -> SampleTraffic.FAILING_PROVIDER.equals(event.get(EventField.PROVIDER)))
            .filter(event -> "prod".equals(event.get(EventField.ENVIRONMENT)))
            .filter(event -> event.timestamp() >= START + 3_000_000 - 1_800_000)
            .filter(event -> event.outcome() == Outcome.ERROR)
            .count();
    assertThat(timeline.path("scope_kind").asText()).isEqualTo("provider");
    assertThat(timeline.at("/totals/error_attempts").asLong()).isEqualTo(expected);
  }

  @Test
  void pages_areCachedCompressedAndSealed() throws Exception {
    long compressed = 0;
    for (String path :
        List.of(
            "/",
            "/assets/console.css",
            "/assets/theme.js",
            "/assets/overview.js",
            "/assets/charts.js",
            "/assets/dom.js",
            "/assets/format.js",
            "/webjars/chart.js/4.5.1/dist/chart.umd.min.js")) {
      HttpResponse<String> response = dashboards.get(path, "accept-encoding", "gzip");
      assertThat(response.statusCode()).as(path).isEqualTo(200);
      assertThat(response.headers().firstValue("content-encoding")).as(path).hasValue("gzip");
      assertThat(response.headers().firstValue("content-security-policy").orElse(""))
          .contains("default-src 'self'", "frame-ancestors 'none'")
          .doesNotContain("unsafe");
      assertThat(response.headers().firstValue("x-content-type-options")).hasValue("nosniff");
      String etag = response.headers().firstValue("etag").orElseThrow();
      assertThat(dashboards.get(path, "if-none-match", etag).statusCode()).isEqualTo(304);
      compressed += response.headers().firstValueAsLong("content-length").orElse(0);
      if (response.headers().firstValue("content-length").isEmpty()) {
        compressed += bytes(path);
      }
    }
    assertThat(compressed).isBetween(10_000L, 300_000L);
    assertThat(dashboards.get("/assets/../index.html").statusCode()).isIn(400, 404);
  }

  private long bytes(String path) throws Exception {
    var request =
        java.net.http.HttpRequest.newBuilder(URI.create(dashboards.url() + path))
            .header("accept-encoding", "gzip")
            .build();
    return java.net.http.HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofByteArray())
        .body()
        .length;
  }

  @Test
  void start_namesThePortThatIsTaken() {
    int taken = URI.create(dashboards.url()).getPort();
    try (DashboardsService second =
        new DashboardsService(
            RunningDashboards.settings(TestServers.kafka(), TestServers.openSearch(), taken),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            DashboardsService.Options.none())) {
      assertThatThrownBy(second::start)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("port " + taken)
          .hasMessageContaining("console.port");
    }
  }
}
