// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.dashboards.RunningDashboards;
import dev.petrel.dashboards.SampleTraffic;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.service.Topic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Scope;
import dev.petrel.test.servers.PrivateKafka;
import dev.petrel.test.servers.PrivateOpenSearch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** One story in a browser, in order: from an empty store to an outage. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(300)
class ConsoleIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String NASTY = "<img src=x onerror=document.title='owned'>";
  private static final String ALERT = "0123456789abcdef01234567";

  private PrivateKafka kafka;
  private PrivateOpenSearch openSearch;
  private RunningDashboards dashboards;
  private Browser browser;

  @BeforeAll
  void start() {
    kafka = PrivateKafka.start();
    openSearch = PrivateOpenSearch.start();
    dashboards = new RunningDashboards(kafka, openSearch);
    browser = new Browser();
    browser.view(1440, 900, false);
  }

  @AfterAll
  void stop() {
    browser.close();
    dashboards.close();
    openSearch.close();
    kafka.close();
  }

  @Test
  @Order(1)
  void page_saysHowToSendTheFirstCall() {
    browser.open(dashboards.url());
    browser.run("window.neverReloaded = true");

    eventually(() -> assertThat(browser.isShown("#empty")).isTrue());
    assertThat(browser.text("#empty"))
        .contains("No calls yet", "petrel-openai", "ingest/sample", "LlmCallAppender")
        .contains("petrel simulate", "petrel replay");
    assertThat(browser.isShown("#overview")).isFalse();
    assertThat(browser.isShown("#banner")).isFalse();
    browser.screenshot("empty");
  }

  @Test
  @Order(2)
  void page_showsCallsAsTheyComeWithoutReload() {
    long now = CallStats.windowStartOf(System.currentTimeMillis());
    SampleTraffic traffic = new SampleTraffic(3, 30);
    List<CallStats> minutes = new ArrayList<>();
    for (int minute = 50; minute > 0; minute--) {
      long window = now - minute * CallStats.WINDOW_MS;
      List<LlmCallEvent> events = traffic.minute(window, 120, minute > 3 && minute < 14);
      if (minute == 20) {
        events.addAll(copies(events, NASTY));
        events.addAll(copies(events, Scope.OTHER));
      }
      minutes.addAll(SampleTraffic.aggregate(window, events, true, 1));
    }
    dashboards.send(minutes);
    dashboards.send(SampleTraffic.rollups(minutes, CallStats.HOUR_MS));
    dashboards.send(SampleTraffic.rollups(minutes, CallStats.DAY_MS));

    eventually(() -> assertThat(browser.text("[data-tile=calls] .value")).isNotEmpty());
    eventually(() -> assertThat(browser.isShown("#empty")).isFalse());
    awaitWritten();
    eventually(() -> assertThat(browser.text("[data-tile=calls] .value")).startsWith("6"));
    assertThat(browser.run("return window.neverReloaded")).isEqualTo("true");
    assertThat(browser.text("[data-tile=cost] .value")).startsWith("$");
    assertThat(browser.text("[data-tile=cost] .note")).contains("unpriced");
    assertThat(browser.text("[data-tile=latency-p95] .value")).endsWith(" s");
  }

  /** The attempts of another tenant that calls the same. */
  private static List<LlmCallEvent> copies(List<LlmCallEvent> events, String tenant) {
    List<LlmCallEvent> copies = new ArrayList<>();
    for (LlmCallEvent event : events) {
      copies.add(
          event.toBuilder()
              .set(EventField.EVENT_ID, tenant + event.eventId())
              .set(EventField.TENANT, tenant)
              .build());
    }
    return copies;
  }

  @Test
  @Order(3)
  void errorsChart_stacksTheTypes() {
    eventually(
        () ->
            assertThat(
                    browser.run(
                        "const sets = Chart.getChart('errors').data.datasets;"
                            + "const set = sets.find((s) => s.label === 'overloaded');"
                            + "return set === undefined ? 0 : set.data.reduce((a, b) => a + b, 0)"))
                .asString()
                .satisfies(sum -> assertThat(Double.parseDouble(sum)).isGreaterThan(100)));
    assertThat(browser.run("return Chart.getChart('errors').options.scales.y.stacked"))
        .isEqualTo("true");
    assertThat(browser.run("return document.getElementById('errors').getAttribute('aria-label')"))
        .asString()
        .contains("most of them overloaded", "Error rate");
    // Some pixel of the canvas is painted.
    assertThat(
            browser.run(
                "const c = document.getElementById('errors');"
                    + "return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v !== 0)"))
        .isEqualTo("true");
    browser.click("#errors-data summary");
    eventually(() -> assertThat(browser.countOf("#errors-data tbody tr")).isGreaterThan(40));
    browser.click("#errors-data summary");
  }

  @Test
  @Order(4)
  void tables_showNamesAsText() {
    eventually(() -> assertThat(browser.text("#tenants-table")).contains(NASTY, "acme"));
    assertThat(browser.countOf("#tenants-table img")).isZero();
    assertThat(browser.run("return document.title")).asString().contains("Petrel");
    assertThat(browser.text("#models-table")).contains("claude-opus-4-5", "unpriced");
  }

  @Test
  @Order(5)
  void notice_tellsWhatIsOnlyCountedTogether() {
    eventually(
        () ->
            assertThat(browser.text("#others"))
                .contains("% of the calls are of tenants", "streams.max_tenants", "complete"));
    assertThat(browser.text("#tenants-table")).contains("all others").doesNotContain(Scope.OTHER);
    assertThat(browser.run("return Chart.getChart('tenants').data.labels.includes('all others')"))
        .isEqualTo("true");
    assertThat(browser.isShown("#banner")).isFalse();
  }

  @Test
  @Order(6)
  void row_opensToWhoFailsInIt() {
    assertThat(browser.text("#retries-facts")).contains("attempts a call", "early", "synchrony");
    String row = "#models-table [data-row*=claude-opus]";
    eventually(() -> assertThat(browser.isShown(row)).isTrue());
    browser.click(row);

    eventually(
        () ->
            assertThat(browser.text("#models-table .inside"))
                .contains("Failing tenants", "acme", "Failing instances", "pod-")
                .contains("Failing API keys", "3f9a1c07", "Request ids", "req_")
                .contains("attempts a call", "requests left"));
    assertThat(browser.countOf("#models-table .samples li")).isEqualTo(5);
    browser.run("document.querySelector('#models-table').scrollIntoView({block: 'center'})");
    browser.screenshot("row");
    // It stays open, in focus and current while numbers come.
    browser.run("window.before = document.querySelector('#models-table .inside')");
    long window = CallStats.windowStartOf(System.currentTimeMillis());
    List<LlmCallEvent> more = new SampleTraffic(9, 30).minute(window, 50, false);
    dashboards.send(SampleTraffic.aggregate(window, more, false, 1));
    eventually(
        () ->
            assertThat(
                    browser.run(
                        "const now = document.querySelector('#models-table .inside');"
                            + "return now !== null && now !== window.before"
                            + " && document.activeElement.dataset.row?.includes('claude-opus')"))
                .isEqualTo("true"));
    browser.click(row);
    assertThat(browser.countOf("#models-table .inside")).isZero();
    browser.run("window.scrollTo(0, 0)");
  }

  @Test
  @Order(7)
  void alert_isShownAndHasAPage() {
    long start = CallStats.windowStartOf(System.currentTimeMillis()) - 13 * CallStats.WINDOW_MS;
    String alert =
        "{\"alert_id\":\"%s\",\"rule\":\"provider-errors\",\"pattern\":\"error_rate\",\"status\":\"firing\",\"severity\":\"critical\",\"labels\":{\"environment\":\"prod\",\"provider\":\"anthropic\"},\"starts_at\":%d,\"fired_at\":%d,\"updated_at\":1,\"summary\":\"60%% of calls to anthropic fail\",\"evidence\":{\"ratio\":0.6,\"errors\":{\"overloaded\":120},\"affected_tenants\":[\"%s\"]},\"runbook_url\":\"https://runbooks.example.com/provider\"}"
            .formatted(ALERT, start, start + 60_000, NASTY);
    dashboards.send(Topic.ALERTS, ALERT, alert.getBytes(UTF_8));
    dashboards.send(
        Topic.NOTIFICATIONS,
        ALERT,
        "{\"incident_id\":\"%s\",\"alerts\":[{\"alert\":%s,\"told\":1}],\"notifications\":[{\"receiver\":\"oncall-slack\",\"action\":\"fire\",\"status\":\"sent\",\"at\":%d,\"attempts\":2,\"why\":\"429, then taken\"}]}"
            .formatted(ALERT, alert, start + 61_000)
            .getBytes(UTF_8));

    eventually(() -> assertThat(browser.text("#alerts .alert")).contains("60% of calls"));
    assertThat(browser.text("[data-tile=firing-alerts] .value")).isEqualTo("1");
    browser.screenshot("light");
    browser.click("#alerts .alert");

    eventually(() -> assertThat(browser.text("#summary")).contains("60% of calls to anthropic"));
    assertThat(browser.url()).endsWith("/incidents/" + ALERT);
    assertThat(browser.text("#status")).contains("firing", "critical");
    assertThat(browser.text("#evidence")).contains("60 %", "overloaded\n120", NASTY);
    assertThat(browser.text("#notifications")).contains("oncall-slack", "429, then taken");
    assertThat(browser.text("#links")).contains("Open the runbook");
    assertThat(browser.run("return Chart.getChart('timeline').data.datasets.length > 1"))
        .isEqualTo("true");
    browser.screenshot("incident");
  }

  @Test
  @Order(8)
  void incident_waitsForAnAlertThatIsNotStoredYet() {
    browser.open(dashboards.url() + "/incidents/later");
    eventually(() -> assertThat(browser.text("#waiting")).contains("Not there yet, trying again"));
    assertThat(browser.isShown("#missing")).isFalse();
    browser.screenshot("waiting");
    long start = CallStats.windowStartOf(System.currentTimeMillis());
    dashboards.send(
        Topic.ALERTS,
        "later",
        "{\"alert_id\":\"later\",\"status\":\"resolved\",\"labels\":{\"tenant\":\"__other__\"},\"starts_at\":%d,\"ends_at\":%d,\"updated_at\":1,\"summary\":\"Came late\"}"
            .formatted(start - 60_000, start)
            .getBytes(UTF_8));

    eventually(() -> assertThat(browser.text("#summary")).isEqualTo("Came late"));
    assertThat(browser.isShown("#waiting")).isFalse();
    assertThat(browser.text("#labels")).contains("all others");

    browser.open(dashboards.url() + "/incidents/unknown");
    eventually(() -> assertThat(browser.text("#missing")).contains("No such incident"));
    assertThat(browser.isShown("#waiting")).isFalse();
  }

  @Test
  @Order(9)
  void theme_followsTheSystemAndTheToggle() {
    browser.view(1440, 900, true);
    browser.open(dashboards.url());

    eventually(() -> assertThat(browser.isShown("[data-tile=calls]")).isTrue());
    String dark = background();
    browser.screenshot("dark");
    browser.click("#theme");
    String light = background();

    assertThat(brightness(dark)).isLessThan(60);
    assertThat(brightness(light)).isGreaterThan(200);
    browser.open(dashboards.url());
    assertThat(background()).isEqualTo(light);
  }

  private String background() {
    return String.valueOf(browser.run("return getComputedStyle(document.body).backgroundColor"));
  }

  private static int brightness(String rgb) {
    return Integer.parseInt(rgb.replaceAll("rgb\\((\\d+),.*", "$1"));
  }

  @Test
  @Order(10)
  void range_isKeptInTheUrl() {
    browser.view(1440, 900, false);
    browser.open(dashboards.url());
    eventually(() -> assertThat(browser.isShown("[data-tile=calls]")).isTrue());

    browser.click("[data-range='15m']");

    assertThat(browser.url()).endsWith("/?range=15m");
    eventually(
        () ->
            assertThat(browser.run("return Chart.getChart('calls').data.labels.length"))
                .isIn("15", "16"));
    for (String range : List.of("24h", "7d", "30d")) {
      browser.click("[data-range='" + range + "']");
      assertThat(browser.url()).endsWith("/?range=" + range);
      eventually(
          () -> {
            assertThat(browser.run("return Chart.getChart('calls').data.labels.length"))
                .isNotIn("15", "16");
            assertThat(browser.text("[data-tile=calls] .value")).startsWith("6");
          });
      browser.screenshot("range-" + range);
    }
    assertThat(browser.text("#errors-note")).contains("per 6 h");
    browser.open(dashboards.url() + "/?from=1000000000000&to=1000003600000");
    eventually(() -> assertThat(browser.text("#nothing")).contains("No calls in this time"));
  }

  @Test
  @Order(11)
  void page_fitsAPhone() {
    browser.view(390, 844, false);
    browser.open(dashboards.url());
    eventually(() -> assertThat(browser.text("#tenants-table")).contains("acme"));

    assertThat(browser.run("return document.documentElement.scrollWidth")).isEqualTo("390");
    browser.screenshot("phone");
    browser.click("#tenants-table .toggle");
    eventually(
        () -> assertThat(browser.text("#tenants-table .inside")).contains("Failing instances"));
    assertThat(browser.run("return document.documentElement.scrollWidth")).isEqualTo("390");
    browser.run("document.querySelector('#tenants-table').scrollIntoView()");
    browser.screenshot("phone-row");
    browser.open(dashboards.url() + "/incidents/" + ALERT);
    eventually(() -> assertThat(browser.isShown("#incident")).isTrue());
    assertThat(browser.run("return document.documentElement.scrollWidth")).isEqualTo("390");
    browser.view(1440, 900, false);
  }

  @Test
  @Order(12)
  void banner_tellsThatOpenSearchIsAwayUntilItIsBack() {
    browser.open(dashboards.url());
    eventually(() -> assertThat(browser.isShown("[data-tile=calls]")).isTrue());
    assertThat(browser.complaints()).isEmpty();

    openSearch.stop();

    eventually(
        () ->
            assertThat(browser.text("#banner"))
                .contains("No current numbers", openSearch.url(), "connection refused"));
    assertThat(browser.isShown("[data-tile=calls]")).isTrue();
    browser.screenshot("down");
    openSearch.restart();
    eventually(() -> assertThat(browser.isShown("#banner[data-kind=broken]")).isFalse());
  }

  private void awaitWritten() {
    await().atMost(PATIENCE).during(Duration.ofSeconds(2)).until(() -> dashboards.lag() == 0);
  }

  private static void eventually(ThrowingRunnable assertion) {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .untilAsserted(assertion);
  }
}
