// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Notices for tests. */
final class Notices {

  private Notices() {}

  /** About one episode, with what is remembered. */
  static Notice of(Action action, Map<String, String> remembered, Alert alert) {
    return new Notice(
        action, alert.alertId(), List.of(alert), action.wireName(), remembered, false);
  }

  /** About one episode, attempted before with an outcome that nobody knows. */
  static Notice again(Action action, Alert alert) {
    return new Notice(action, alert.alertId(), List.of(alert), "again", Map.of(), true);
  }

  /** About many tenants' episodes. */
  static Notice group(Action action, int alerts) {
    List<Alert> list =
        IntStream.range(0, alerts)
            .mapToObj(i -> Alerts.ofTenant("a" + i, "tenant-" + i))
            .map(alert -> action == Action.RESOLVE ? Alerts.over(alert) : alert)
            .toList();
    return new Notice(action, "group-1", list, "first notification", Map.of(), false);
  }
}
