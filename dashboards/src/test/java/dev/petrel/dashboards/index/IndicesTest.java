// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.stats.CallStats;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IndicesTest {

  @Test
  void callStats_isByUtcDayToTheMillisecond() {
    long midnight = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();

    assertThat(Indices.callStats(midnight, CallStats.WINDOW_MS))
        .isEqualTo("llm-call-stats-2026.03.01");
    assertThat(Indices.callStats(midnight - 1, CallStats.WINDOW_MS))
        .isEqualTo("llm-call-stats-2026.02.28");
  }

  @Test
  void callStats_keepsRollupsApart() {
    long newYear = Instant.parse("2027-01-01T00:00:00Z").toEpochMilli();

    assertThat(Indices.callStats(newYear, CallStats.HOUR_MS))
        .isEqualTo("llm-call-rollups-hour-2027.01");
    assertThat(Indices.callStats(newYear - 1, CallStats.HOUR_MS))
        .isEqualTo("llm-call-rollups-hour-2026.12");
    assertThat(Indices.callStats(newYear - 1, CallStats.DAY_MS))
        .isEqualTo("llm-call-rollups-day-2026");
    assertThatThrownBy(() -> Indices.callStats(newYear, 300_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("window_ms: was 300000");
  }

  @Test
  void alerts_isByUtcMonth() {
    long newYear = Instant.parse("2027-01-01T00:00:00Z").toEpochMilli();

    assertThat(Indices.alerts(newYear)).isEqualTo("llm-alerts-2027.01");
    assertThat(Indices.alerts(newYear - 1)).isEqualTo("llm-alerts-2026.12");
  }

  @Test
  void callStats_refusesTimesThatMakeNoIndexName() {
    assertThatThrownBy(() -> Indices.callStats(Long.MAX_VALUE, CallStats.WINDOW_MS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("window_start: was 9223372036854775807");
    assertThatThrownBy(() -> Indices.alerts(-1)).hasMessageContaining("starts_at: was -1");
  }
}
