// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.dashboards.RunningDashboards;
import dev.petrel.dashboards.SampleTraffic;
import dev.petrel.dashboards.index.Indices;
import dev.petrel.stats.CallStats;
import dev.petrel.test.servers.PrivateOpenSearch;
import dev.petrel.test.servers.TestServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class OpenSearchOutageIT {

  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final long WINDOW = 1_772_323_200_000L; // 2026-03-01
  private static final int MINUTES = 30;

  @Test
  void sink_losesNothingWhenOpenSearchIsAwayAtTheStartAndInBetween() {
    try (PrivateOpenSearch openSearch = PrivateOpenSearch.start()) {
      openSearch.stop();
      try (RunningDashboards dashboards = new RunningDashboards(TestServers.kafka(), openSearch)) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(dashboards.health().problem())
                        .contains(openSearch.url(), "connection refused"));
        List<CallStats> sent = new ArrayList<>(minute(0));
        dashboards.send(sent);
        openSearch.restart();
        awaitStored(dashboards, sent);
        await().atMost(PATIENCE).until(() -> dashboards.health().isOk());

        for (int i = 1; i < MINUTES; i++) {
          if (i == 8) {
            openSearch.kill();
          }
          List<CallStats> minute = minute(i);
          dashboards.send(minute);
          sent.addAll(minute);
        }
        await().atMost(PATIENCE).until(() -> dashboards.count("retried") > 0);
        assertThat(dashboards.health().isOk()).isFalse();
        assertThat(dashboards.lag()).isPositive();
        openSearch.restart();

        awaitStored(dashboards, sent);
        await().atMost(PATIENCE).until(() -> dashboards.lag() == 0);
        assertThat(dashboards.health().problem()).isNull();
        assertThat(dashboards.count("dead_lettered")).isZero();
      }
    }
  }

  private static List<CallStats> minute(int number) {
    long window = WINDOW + number * CallStats.WINDOW_MS;
    List<CallStats> stats = new ArrayList<>();
    for (long revision = 1; revision <= 2; revision++) {
      SampleTraffic traffic = new SampleTraffic(number, 10);
      stats.addAll(
          SampleTraffic.aggregate(
              window, traffic.minute(window, 40, false), revision == 2, revision));
    }
    return stats;
  }

  private static void awaitStored(RunningDashboards dashboards, List<CallStats> sent) {
    long documents = sent.stream().map(CallStats::documentId).distinct().count();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              JsonNode found =
                  dashboards
                      .openSearch()
                      .search(
                          Indices.CALL_STATS,
                          Map.of(
                              "size",
                              0,
                              "track_total_hits",
                              true,
                              "query",
                              Map.of("term", Map.of("final", true))));
              assertThat(found.at("/hits/total/value").asLong()).isEqualTo(documents);
            });
  }
}
