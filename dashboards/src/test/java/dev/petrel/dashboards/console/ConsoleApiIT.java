// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.dashboards.DashboardsService;
import dev.petrel.dashboards.RunningDashboards;
import dev.petrel.dashboards.SampleTraffic;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.service.Topic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;
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

  /** As a browser asks: up to some instant, and by rollups. */
  private static final String A_WEEK = "from=" + (END - 604_800_000 + 1234) + "&to=" + (END + 1234);

  private static final String A_SEASON = "from=" + (END - 7_776_000_000L) + "&to=" + END;

  private static final long OTHERS_START = START - 30 * CallStats.DAY_MS * 12;
  private static final String OTHERS =
      "environment=caps&from=" + OTHERS_START + "&to=" + (OTHERS_START + 3_600_000);

  private final List<LlmCallEvent> events = new ArrayList<>();
  private RunningDashboards dashboards;

  @BeforeAll
  void start() throws Exception {
    dashboards = new RunningDashboards(TestServers.kafka(), TestServers.openSearch());
    SampleTraffic traffic = new SampleTraffic(42, 60);
    List<CallStats> minutes = new ArrayList<>();
    for (long window = START; window < END; window += CallStats.WINDOW_MS) {
      List<LlmCallEvent> minute = traffic.minute(window, 40, window > START + 3_000_000);
      events.addAll(minute);
      minutes.addAll(SampleTraffic.aggregate(window, minute, true, 1));
    }
    dashboards.send(minutes);
    dashboards.send(SampleTraffic.rollups(minutes, CallStats.HOUR_MS));
    dashboards.send(SampleTraffic.rollups(minutes, CallStats.DAY_MS));
    dashboards.send(others());
    dashboards.send(
        Topic.ALERTS,
        "api",
        "{\"alert_id\":\"api\",\"status\":\"firing\",\"severity\":\"critical\",\"labels\":{\"provider\":\"%s\",\"environment\":\"prod\"},\"starts_at\":%d,\"ends_at\":%d,\"updated_at\":1}"
            .formatted(SampleTraffic.FAILING_PROVIDER, START + 3_000_000, END)
            .getBytes(UTF_8));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                attempts("/api/overview?" + RANGE) == events.size()
                    && attempts("/api/overview?" + A_WEEK) == events.size()
                    && attempts("/api/overview?" + A_SEASON) == events.size()
                    && attempts("/api/overview?" + OTHERS) == 200
                    && dashboards.get("/api/alerts/api").statusCode() == 200);
  }

  private long attempts(String path) throws Exception {
    return dashboards.json(path).at("/totals/attempts").asLong();
  }

  /** A minute in which a quarter of the calls is of tenants beyond the cap. */
  private static List<CallStats> others() {
    SampleTraffic traffic = new SampleTraffic(7, 5);
    Measures all = new Measures();
    Measures other = new Measures();
    for (int i = 0; i < 200; i++) {
      LlmCallEvent event = traffic.minute(OTHERS_START, 1, false).get(0);
      all.add(event);
      if (i % 4 == 0) {
        other.add(event);
      }
    }
    return List.of(
        new CallStats(Scope.all("caps"), OTHERS_START, CallStats.WINDOW_MS, true, 1, all),
        new CallStats(
            Scope.other(ScopeKind.TENANT, "caps"),
            OTHERS_START,
            CallStats.WINDOW_MS,
            true,
            1,
            other));
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
  void overview_readsRollupsForLongerRanges() throws Exception {
    JsonNode hour = dashboards.json("/api/overview?" + RANGE);
    JsonNode week = dashboards.json("/api/overview?" + A_WEEK);
    JsonNode season = dashboards.json("/api/overview?" + A_SEASON);

    assertThat(hour.path("window_ms").asLong()).isEqualTo(CallStats.WINDOW_MS);
    assertThat(week.path("window_ms").asLong()).isEqualTo(CallStats.HOUR_MS);
    assertThat(season.path("window_ms").asLong()).isEqualTo(CallStats.DAY_MS);
    for (JsonNode rollups : List.of(week, season)) {
      assertThat(exact(rollups)).isEqualTo(exact(hour));
      assertThat(rollups.path("environments")).isEqualTo(hour.path("environments"));
      assertThat(rollups.path("tenants")).isEqualTo(hour.path("tenants"));
      assertThat(rollups.path("models")).isEqualTo(hour.path("models"));
      assertThat(rollups.path("from").asLong() % rollups.path("window_ms").asLong()).isZero();
      assertThat(rollups.path("buckets").size()).isBetween(85, TimeSeries.MAX_BUCKETS);
      assertThat(rollups.path("unreadable_documents").asLong()).isZero();
    }
  }

  /** The totals without the contributors, which are approximate for this many tenants. */
  private static ObjectNode exact(JsonNode overview) {
    ObjectNode totals = overview.path("totals").deepCopy();
    totals.remove("top");
    return totals;
  }

  @Test
  void overview_tellsWhatIsOnlyCountedTogether() throws Exception {
    JsonNode others = dashboards.json("/api/overview?" + OTHERS).path("others");

    assertThat(others).hasSize(1);
    assertThat(others.at("/0/scope_kind").asText()).isEqualTo("tenant");
    assertThat(others.at("/0/setting").asText()).isEqualTo("streams.max_tenants");
    assertThat(others.at("/0/attempts").asLong()).isEqualTo(50);
    assertThat(others.at("/0/share").asDouble()).isEqualTo(0.25);
    assertThat(dashboards.json("/api/overview?" + RANGE).path("others")).isEmpty();
  }

  @Test
  void scope_isWhatItsEventsGiveInEveryResolution() throws Exception {
    Measures expected = new Measures();
    events.stream()
        .filter(event -> "acme".equals(event.get(EventField.TENANT)))
        .forEach(expected::add);

    for (String range : List.of(RANGE, A_WEEK, A_SEASON)) {
      JsonNode totals =
          dashboards.json("/api/scope?scope=tenant&tenant=acme&" + range).path("totals");

      assertThat(totals.path("attempts").asLong()).isEqualTo(expected.attempts());
      assertThat(totals.at("/latency_ms/p95").asDouble())
          .isCloseTo(expected.latencyMs().quantile(0.95), within(0.001));
      long errors = 0;
      for (JsonNode instance : totals.at("/top/instances")) {
        errors += instance.path("errors").asLong();
      }
      assertThat(errors).isEqualTo(expected.errorAttempts());
      assertThat(totals.at("/top/request_ids").size()).isEqualTo(5);
      assertThat(totals.at("/retry/early_share").asDouble()).isBetween(0.01, 0.99);
      assertThat(totals.at("/retry/synchrony").asDouble()).isBetween(0.5, 2.0);
    }
  }

  @Test
  void scope_isOneScopeAlone() throws Exception {
    JsonNode model = dashboards.json("/api/scope?scope=model&provider=openai&model=gpt-5&" + RANGE);

    assertThat(model.at("/totals/attempts").asLong())
        .isEqualTo(
            events.stream()
                .filter(event -> "openai".equals(event.get(EventField.PROVIDER)))
                .filter(event -> "gpt-5".equals(event.get(EventField.RESPONSE_MODEL)))
                .count());
    // A model of an unknown provider is another one.
    assertThat(attempts("/api/scope?scope=model&model=gpt-5&" + RANGE)).isZero();
  }

  @Test
  void stats_readsTheWindowsThatAreAskedFor() throws Exception {
    String season = "/api/stats?scope=provider&" + A_SEASON;
    JsonNode minutes = dashboards.json(season + "&merge=true&window=1m");
    assertThat(dashboards.json(season + "&window=1m"))
        .isEqualTo(dashboards.json(season))
        .allSatisfy(stats -> assertThat(stats.path("window_ms").asLong()).isEqualTo(60_000));

    for (String window : List.of("1h", "1d")) {
      JsonNode documents = dashboards.json(season + "&window=" + window);
      long length = window.equals("1h") ? CallStats.HOUR_MS : CallStats.DAY_MS;
      long attempts = 0;
      for (JsonNode document : documents) {
        attempts += document.path("attempts").asLong();
        assertThat(document.path("window_ms").asLong()).isEqualTo(length);
      }
      assertThat(attempts).isEqualTo(events.size());
      JsonNode merged = dashboards.json(season + "&merge=true&window=" + window);
      assertThat(merged).hasSameSizeAs(minutes);
      for (JsonNode each : merged) {
        assertThat(minutes)
            .anySatisfy(
                minute -> {
                  for (String field :
                      List.of("provider", "environment", "attempts", "latency_ms", "retry")) {
                    assertThat(each.path(field)).isEqualTo(minute.path(field));
                  }
                });
      }
    }
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
    assertBad("/api/stats?scope=all&window=2h", "window: was '2h', must be one of 1m, 1h, 1d");
    assertBad("/api/scope?tenant=acme", "scope: is required");
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
    // The page that waits for it.
    assertThat(dashboards.get("/incidents/none").body()).contains("incident.js");
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
            "/assets/scopes.js",
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
