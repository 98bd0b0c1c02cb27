// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.route.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlushTest {

  private static final Timers TIMERS =
      new Timers(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(4), Duration.ZERO);

  /*
   * Columns: the alerts, each "new" (firing, not told), "silent" (the same, and something speaks
   * against it), "told", "worse" (told before it got worse), "ended" (told, and over since),
   * "over" (told to be over), "missed" (over, never told); seconds since the incident began when
   * nothing is told yet, else since it was told last; whether somebody may know of it; what follows.
   */
  @ParameterizedTest
  @CsvSource({
    // Nothing is told yet.
    "new,              29, false, wait 30",
    "new,              30, false, tell 1: first notification",
    "new silent,       30, false, tell 1: first notification",
    "new new missed,   30, false, tell 2: first notification",
    "silent,           29, false, wait 30",
    "silent,           30, false, hold: silent",
    "missed,            0, false, end: it was over before it could be told",
    "silent missed,    30, false, hold: silent",
    // Something is told.
    "told,            299, true,  wait 14400",
    "told new,        299, true,  wait 300",
    "told new,        300, true,  tell 1: new alert added",
    "told new new,    300, true,  tell 2: 2 new alerts added",
    "told silent,     300, true,  wait 14400",
    "worse,           299, true,  wait 300",
    "worse,           300, true,  tell 0: wider or more severe",
    "worse silent,    300, true,  tell 0: wider or more severe",
    "told ended,      300, true,  tell 0: some alerts are over",
    "told over,       300, true,  wait 14400",
    "told,          14399, true,  wait 14400",
    "told,          14400, true,  tell 0: repeat interval elapsed",
    // The end. What is silent and was never told does not keep it open.
    "ended,           299, true,  wait 300",
    "ended,           300, true,  end: all alerts are over",
    "ended silent,    300, true,  end: all alerts are over",
    "ended over,      300, true,  end: all alerts are over",
    "ended new,       300, true,  tell 1: new alert added",
    "ended,             1, false, end: it was over before it could be told",
    "told,              1, false, wait 14400",
  })
  void of_followsTheTable(String alerts, long seconds, boolean reached, String expected) {
    boolean told =
        List.of(alerts.split(" ")).stream()
            .anyMatch(each -> List.of("told", "worse", "ended", "over").contains(each));
    List<Member> members = new ArrayList<>();
    for (String each : alerts.split(" ")) {
      members.add(member(each, each + members.size()));
    }
    Flush.Snapshot incident =
        new Flush.Snapshot(members, 0, told ? Told.NOTHING.next("x", false, 0) : Told.NOTHING);

    Flush flush =
        Flush.of(
            incident,
            TIMERS,
            reached,
            alert -> alert.alertId().startsWith("silent") ? "silent" : null,
            seconds * 1000);

    assertThat(text(flush)).isEqualTo(expected);
  }

  private static Member member(String kind, String id) {
    Alert firing = Alerts.firing(id);
    return switch (kind) {
      case "told" -> new Member(firing, 1, false);
      case "worse" -> new Member(Alerts.worse(firing), 1, false);
      case "ended" -> new Member(Alerts.over(firing), 1, false);
      case "over" -> new Member(Alerts.over(firing), 1, true);
      case "missed" -> new Member(Alerts.over(firing), 0, false);
      default -> new Member(firing, 0, false);
    };
  }

  private static String text(Flush flush) {
    return switch (flush) {
      case Flush.Wait wait -> "wait " + wait.until() / 1000;
      case Flush.Tell tell -> "tell " + tell.alerts().size() + ": " + tell.reason();
      case Flush.Hold hold -> "hold: " + hold.why();
      case Flush.End end -> "end: " + end.why();
    };
  }
}
