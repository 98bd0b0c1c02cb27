// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {

  private static final Told ONCE = Told.NOTHING.next("first notification", false, 0);

  /*
   * Columns: the incident (revision 1, revision 2, or over at revision 1); what the log says of
   * trigger, update and resolve (status/attempts, - for nothing; an update in the log is of
   * revision 2); what comes next where updates are taken, and where not.
   */
  @ParameterizedTest
  @CsvSource({
    "firing, -,            -,           -,            send trigger,     send trigger",
    "firing, pending/0,    -,           -,            send trigger,     send trigger",
    "firing, pending/3,    -,           -,            send trigger,     send trigger",
    "firing, sent/1,       -,           -,            nothing,          nothing",
    "firing, failed/9,     -,           -,            nothing,          nothing",
    // What was held back is told once nothing speaks against it.
    "firing, suppressed/0, -,           -,            send trigger,     send trigger",
    // Never a trigger after a resolve.
    "firing, sent/1,       -,           sent/1,       nothing,          nothing",
    "firing, -,            -,           failed/9,     nothing,          nothing",
    "firing, pending/1,    -,           pending/1,    send resolve,     send resolve",
    // Wider or more severe.
    "worse,  -,            -,           -,            send trigger,     send trigger",
    "worse,  pending/1,    -,           -,            send trigger,     send trigger",
    "worse,  sent/1,       -,           -,            send update,      suppress update",
    "worse,  sent/1,       pending/1,   -,            send update,      send update",
    "worse,  sent/1,       sent/1,      -,            nothing,          nothing",
    "worse,  sent/1,       failed/9,    -,            nothing,          nothing",
    "worse,  sent/1,       suppressed/0,-,            nothing,          nothing",
    "worse,  failed/9,     -,           -,            nothing,          nothing",
    // Over.
    "over,   -,            -,           -,            suppress trigger, suppress trigger",
    "over,   pending/0,    -,           -,            suppress trigger, suppress trigger",
    "over,   suppressed/0, -,           -,            nothing,          nothing",
    "over,   pending/1,    -,           -,            send resolve,     send resolve",
    "over,   sent/1,       -,           -,            send resolve,     send resolve",
    "over,   failed/9,     -,           -,            send resolve,     send resolve",
    "over,   sent/1,       pending/2,   -,            send resolve,     send resolve",
    "over,   sent/1,       -,           pending/0,    send resolve,     send resolve",
    "over,   sent/1,       -,           pending/5,    send resolve,     send resolve",
    "over,   sent/1,       -,           sent/1,       nothing,          nothing",
    "over,   sent/1,       -,           failed/9,     nothing,          nothing",
  })
  void of_followsTheTable(
      String episode,
      String trigger,
      String update,
      String resolve,
      String withUpdates,
      String withoutUpdates) {
    // Given
    Told told =
        episode.equals("worse") ? Told.NOTHING.next("1", false, 0).next("2", false, 0) : ONCE;
    boolean over = episode.equals("over");
    Map<Action, Notification> log = new EnumMap<>(Action.class);
    add(log, Action.TRIGGER, trigger, 1);
    add(log, Action.UPDATE, update, 2);
    add(log, Action.RESOLVE, resolve, 1);

    // When
    List<String> next =
        List.of(
            text(Decision.of(told, over, log, manner(true), 0)),
            text(Decision.of(told, over, log, manner(false), 0)));

    // Then
    assertThat(next).containsExactly(withUpdates, withoutUpdates);
  }

  @Test
  void of_remindsAlsoWhoTakesNoUpdates() {
    Map<Action, Notification> log = new EnumMap<>(Action.class);
    add(log, Action.TRIGGER, "sent/1", 1);
    Told reminder = ONCE.next("repeat interval elapsed", true, 1);

    assertThat(text(Decision.of(reminder, false, log, manner(false), 1))).isEqualTo("send update");
    add(log, Action.UPDATE, "sent/1", 2);
    assertThat(text(Decision.of(reminder, false, log, manner(false), 1))).isEqualTo("nothing");
  }

  @ParameterizedTest
  @CsvSource({
    "sent/1, -,         59999, nothing",
    "sent/1, -,         60000, send update",
    "sent/1, sent/1,    60000, send update",
    "sent/1, pending/1, 1,     send update",
    "failed/1, -,       60000, nothing",
  })
  void of_refreshesWhatGoesOn(String trigger, String update, long now, String expected) {
    Map<Action, Notification> log = new EnumMap<>(Action.class);
    add(log, Action.TRIGGER, trigger, 1);
    add(log, Action.UPDATE, update, 1);
    Decision.Manner manner = new Decision.Manner(true, true, Duration.ofMinutes(1));
    assertThat(text(Decision.of(ONCE, false, log, manner, now))).isEqualTo(expected);
  }

  @Test
  void of_doesNotTellTheEndToWhoDoesNotWantIt() {
    Map<Action, Notification> log = new EnumMap<>(Action.class);
    add(log, Action.TRIGGER, "sent/1", 1);
    Decision.Manner manner = new Decision.Manner(true, false, null);
    assertThat(text(Decision.of(ONCE, true, log, manner, 0))).isEqualTo("suppress resolve");
  }

  private static Decision.Manner manner(boolean updates) {
    return new Decision.Manner(updates, true, null);
  }

  private static void add(
      Map<Action, Notification> log, Action action, String entry, int revision) {
    if (entry.equals("-")) {
      return;
    }
    String[] parts = entry.split("/");
    DeliveryStatus status = DeliveryStatus.valueOf(parts[0].toUpperCase(Locale.ROOT));
    int attempts = Integer.parseInt(parts[1]);
    log.put(action, new Notification("slack", action, status, 0, 0, attempts, null, revision));
  }

  private static String text(Decision decision) {
    return switch (decision) {
      case Decision.Nothing nothing -> "nothing";
      case Decision.Send send -> "send " + send.action().wireName();
      case Decision.Suppress suppress -> "suppress " + suppress.action().wireName();
    };
  }
}
