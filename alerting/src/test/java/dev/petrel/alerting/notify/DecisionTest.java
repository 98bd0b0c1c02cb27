// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionTest {

  /*
   * Columns: the episode (revision 1, revision 2, or over at revision 1); what the log says of
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
    "firing, suppressed/0, -,           -,            nothing,          nothing",
    // Never a trigger after a resolve.
    "firing, sent/1,       -,           sent/1,       nothing,          nothing",
    "firing, -,            -,           failed/9,     nothing,          nothing",
    "firing, pending/1,    -,           pending/1,    send resolve,     send resolve",
    // Wider or more severe.
    "worse,  -,            -,           -,            send trigger,     send trigger",
    "worse,  pending/1,    -,           -,            send trigger,     send trigger",
    "worse,  sent/1,       -,           -,            send update,      suppress update",
    "worse,  sent/1,       pending/1,   -,            send update,      suppress update",
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
    Alert firing = Alerts.firing("a1");
    Alert alert =
        switch (episode) {
          case "firing" -> firing;
          case "worse" -> Alerts.worse(firing);
          default -> Alerts.over(firing);
        };
    Delivery told = Delivery.of(alert);
    told = with(told, Action.TRIGGER, trigger, 1);
    told = with(told, Action.UPDATE, update, 2);
    told = with(told, Action.RESOLVE, resolve, 1);

    // When
    List<String> next =
        List.of(
            text(Decision.of(alert, told, "slack", true)),
            text(Decision.of(alert, told, "slack", false)));

    // Then
    assertThat(next).containsExactly(withUpdates, withoutUpdates);
    assertThat(text(Decision.of(alert, told, "another", true)))
        .as("lanes of other receivers are not looked at")
        .isEqualTo(episode.equals("over") ? "suppress trigger" : "send trigger");
  }

  private static Delivery with(Delivery told, Action action, String entry, int revision) {
    if (entry.equals("-")) {
      return told;
    }
    String[] parts = entry.split("/");
    return told.with(
        new Notification(
            "slack",
            action,
            DeliveryStatus.valueOf(parts[0].toUpperCase(java.util.Locale.ROOT)),
            0,
            0,
            Integer.parseInt(parts[1]),
            null,
            revision));
  }

  private static String text(Decision decision) {
    return switch (decision) {
      case Decision.Nothing nothing -> "nothing";
      case Decision.Send send -> "send " + send.action().wireName();
      case Decision.Suppress suppress -> "suppress " + suppress.action().wireName();
    };
  }
}
