// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class IndicesTest {

  @Test
  void callStats_isByUtcDayToTheMillisecond() {
    long midnight = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();

    assertThat(Indices.callStats(midnight)).isEqualTo("llm-call-stats-2026.03.01");
    assertThat(Indices.callStats(midnight - 1)).isEqualTo("llm-call-stats-2026.02.28");
  }

  @Test
  void alerts_isByUtcMonth() {
    long newYear = Instant.parse("2027-01-01T00:00:00Z").toEpochMilli();

    assertThat(Indices.alerts(newYear)).isEqualTo("llm-alerts-2027.01");
    assertThat(Indices.alerts(newYear - 1)).isEqualTo("llm-alerts-2026.12");
  }

  @Test
  void callStats_refusesTimesThatMakeNoIndexName() {
    assertThatThrownBy(() -> Indices.callStats(Long.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("window_start: was 9223372036854775807");
    assertThatThrownBy(() -> Indices.alerts(-1)).hasMessageContaining("starts_at: was -1");
  }
}
