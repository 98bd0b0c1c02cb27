// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.alerting.route.TimeInterval.Range;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeIntervalTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /* Monday to Friday, 9 to 17 by the clock of Berlin. */
  private static final TimeInterval OFFICE =
      new TimeInterval(
          List.of(new Range(9 * 60, 17 * 60 - 1)),
          List.of(new Range(1, 5)),
          List.of(),
          List.of(),
          List.of(),
          BERLIN);

  @ParameterizedTest
  @CsvSource({
    // Winter, UTC+1: Tuesday 2026-01-13.
    "2026-01-13T07:59:59Z, false",
    "2026-01-13T08:00:00Z, true",
    "2026-01-13T15:59:59Z, true",
    "2026-01-13T16:00:00Z, false",
    // Summer, UTC+2.
    "2026-07-14T07:00:00Z, true",
    "2026-07-14T15:00:00Z, false",
    // Saturday; and Monday in Berlin while it is Sunday elsewhere is not yet 9.
    "2026-01-17T10:00:00Z, false",
    "2026-01-18T23:30:00Z, false",
  })
  void contains_goesByTheClockOnTheWall(String moment, boolean expected) {
    assertThat(OFFICE.contains(Instant.parse(moment))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-02-27T12:00:00Z, true",
    "2026-02-28T12:00:00Z, true",
    "2026-02-26T12:00:00Z, false",
    "2026-03-30T12:00:00Z, true",
    "2026-03-29T12:00:00Z, false",
    "2027-02-28T12:00:00Z, false",
  })
  void contains_countsDaysFromTheEndOfTheMonthToo(String moment, boolean expected) {
    TimeInterval lastTwoDaysOfWinter =
        new TimeInterval(
            List.of(),
            List.of(),
            List.of(new Range(-2, -1)),
            List.of(new Range(1, 3)),
            List.of(new Range(2026, 2026)),
            ZoneId.of("UTC"));
    assertThat(lastTwoDaysOfWinter.contains(Instant.parse(moment))).isEqualTo(expected);
  }

  @Test
  void muted_saysWhichIntervalSpeaksAgainstIt() {
    Route root = Route.root("r", Grouping.EACH, Timers.IMMEDIATE);
    Route night = with(root, List.of("office"), List.of());
    Route day = with(root, List.of(), List.of("office"));
    Routing routing = new Routing(root, List.of(), Map.of("office", List.of(OFFICE)));
    Instant inside = Instant.parse("2026-01-13T10:00:00Z");
    Instant outside = Instant.parse("2026-01-17T10:00:00Z");

    assertThat(routing.muted(root, inside)).isNull();
    assertThat(routing.muted(night, inside)).isEqualTo("mute time interval 'office'");
    assertThat(routing.muted(night, outside)).isNull();
    assertThat(routing.muted(day, inside)).isNull();
    assertThat(routing.muted(day, outside)).isEqualTo("outside of active time interval 'office'");
  }

  private static Route with(Route root, List<String> muted, List<String> active) {
    return new Route(
        root.path(),
        root.receiver(),
        List.of(),
        false,
        root.grouping(),
        root.timers(),
        muted,
        active,
        List.of());
  }
}
