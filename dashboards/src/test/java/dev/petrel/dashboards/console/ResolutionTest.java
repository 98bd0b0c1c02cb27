// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.dashboards.console.Parameters.Range;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ResolutionTest {

  private static final long NOW = 1_772_325_045_678L; // 2026-03-01T00:30:45.678

  @Test
  void of_isMinutesUpToSixHoursAndHoursUpToFortyDays() {
    assertThat(of(Duration.ofHours(1))).isEqualTo(Resolution.MINUTES);
    assertThat(of(Duration.ofHours(6))).isEqualTo(Resolution.MINUTES);
    assertThat(of(Duration.ofHours(6).plusMillis(1))).isEqualTo(Resolution.HOURS);
    assertThat(of(Duration.ofDays(40))).isEqualTo(Resolution.HOURS);
    assertThat(of(Duration.ofDays(40).plusMillis(1))).isEqualTo(Resolution.DAYS);
  }

  private static Resolution of(Duration length) {
    return Resolution.of(new Range(NOW - length.toMillis(), NOW));
  }

  @Test
  void fromWindowStart_takesInTheWindowThatTheRangeBeginsIn() {
    Range range = new Range(NOW, NOW + 1);

    assertThat(Resolution.MINUTES.fromWindowStart(range).from()).isEqualTo(1_772_325_000_000L);
    assertThat(Resolution.HOURS.fromWindowStart(range).from()).isEqualTo(1_772_323_200_000L);
    assertThat(Resolution.DAYS.fromWindowStart(range))
        .isEqualTo(new Range(1_772_323_200_000L, NOW + 1));
  }
}
