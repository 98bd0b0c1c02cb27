// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.dashboards.console.Parameters.Range;
import dev.petrel.dashboards.console.Windows.Part;
import dev.petrel.stats.CallStats;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WindowsTest {

  private static final long HOUR = CallStats.HOUR_MS;
  private static final long DAY = CallStats.DAY_MS;
  private static final long MIDNIGHT = 1_772_323_200_000L; // 2026-03-01
  private static final long NOW = MIDNIGHT + 5 * HOUR + 1234;

  @Test
  void fewest_takesWholeDaysAndHoursAroundThem() {
    Range week = new Range(MIDNIGHT - 7 * DAY + 5 * HOUR, NOW);

    assertThat(Windows.fewest(Resolution.HOURS, week, NOW).parts())
        .containsExactly(
            new Part(Resolution.HOURS, new Range(week.from(), MIDNIGHT - 6 * DAY)),
            new Part(Resolution.DAYS, new Range(MIDNIGHT - 6 * DAY, MIDNIGHT)),
            new Part(Resolution.HOURS, new Range(MIDNIGHT, NOW)));
    assertThat(Windows.overTime(Resolution.HOURS, week, NOW))
        .isEqualTo(Windows.of(Resolution.HOURS, week));
  }

  @Test
  void fewest_readsADayThatIsJustOverByItsHours() {
    long now = MIDNIGHT + 2 * HOUR - 1;
    Range range = new Range(MIDNIGHT - 2 * DAY, now);

    assertThat(Windows.overTime(Resolution.DAYS, range, now).parts())
        .containsExactly(
            new Part(Resolution.DAYS, new Range(MIDNIGHT - 2 * DAY, MIDNIGHT - DAY)),
            new Part(Resolution.HOURS, new Range(MIDNIGHT - DAY, now)));
    assertThat(Windows.fewest(Resolution.DAYS, new Range(MIDNIGHT - DAY, now + 1), now + 1).parts())
        .extracting(Part::resolution)
        .containsExactly(Resolution.DAYS, Resolution.HOURS);
  }

  @Test
  void fewest_ofAnHourIsMinutes() {
    Range hour = new Range(NOW - HOUR, NOW);

    assertThat(Windows.fewest(Resolution.MINUTES, hour, NOW))
        .isEqualTo(Windows.of(Resolution.MINUTES, hour));
    assertThat(Windows.of(Resolution.MINUTES, hour).indices()).isEqualTo("llm-call-stats-*");
  }

  @Test
  void fewest_hasEveryHourOnce() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      long from = MIDNIGHT - random.nextLong(60 * 24) * HOUR;
      long to = from + 1 + random.nextLong(50 * DAY);
      Windows windows = Windows.fewest(Resolution.HOURS, new Range(from, to), NOW);

      long end = from;
      for (Part part : windows.parts()) {
        assertThat(part.range().from()).as("seed %d", seed).isEqualTo(end);
        assertThat(part.range().from() % part.resolution().windowMs()).isZero();
        end = part.range().to();
        if (part.resolution() == Resolution.DAYS) {
          assertThat(end % DAY).as("seed %d", seed).isZero();
          assertThat(end).isLessThanOrEqualTo(NOW);
        }
      }
      assertThat(end).as("seed %d", seed).isEqualTo(to);
    }
  }

  @Test
  void clause_keepsPartsToTheirIndices() {
    Windows windows =
        Windows.fewest(Resolution.HOURS, new Range(MIDNIGHT - 2 * DAY - HOUR, NOW), NOW);

    assertThat(windows.indices()).isEqualTo("llm-call-rollups-hour-*,llm-call-rollups-day-*");
    assertThat(windows.clause().toString())
        .contains("{_index=llm-call-rollups-day-*}", "{_index=llm-call-rollups-hour-*}");
  }
}
