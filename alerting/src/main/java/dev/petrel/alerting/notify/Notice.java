// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.alert.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one receiver is to be told about one incident, as it stands now.
 *
 * @param action what
 * @param incidentId the same for all that is told about the incident, and of no other: at most 255
 *     characters of {@code [A-Za-z0-9._-]}
 * @param alerts the incident's episodes: those that go on before those that are over, the most
 *     severe first; one, unless the route groups several; never empty
 * @param reason why it is told now, for people: {@code first notification}, {@code more severe}, …
 * @param remembered what the receiver's last answers about this incident told to remember, such as
 *     the place of a Slack message; empty at first
 * @param mayHaveBeenSent whether it was attempted before: that attempt may have arrived, as its
 *     outcome was {@link NotifyResult.Retryable} or was never noted because of a crash
 */
public record Notice(
    Action action,
    String incidentId,
    List<Alert> alerts,
    String reason,
    Map<String, String> remembered,
    boolean mayHaveBeenSent) {

  public Notice {
    requireNonNull(action, "action");
    requireNonNull(incidentId, "incident_id");
    alerts = List.copyOf(alerts);
    requireNonNull(reason, "reason");
    remembered = Map.copyOf(remembered);
    if (alerts.isEmpty()) {
      throw new IllegalArgumentException("alerts: must not be empty");
    }
  }

  /** About one episode, which is an incident of its own, and of which nothing is remembered. */
  static Notice about(Action action, Alert alert) {
    return new Notice(action, alert.alertId(), List.of(alert), action.wireName(), Map.of(), false);
  }

  /** The episode that stands for all: the most severe one that goes on. */
  public Alert first() {
    return alerts.get(0);
  }

  /** The highest severity of the episodes that go on; of all when none does. */
  public Severity severity() {
    return alerts.stream()
        .filter(alert -> alert.status() == Status.FIRING)
        .map(Alert::severity)
        .reduce(Severity::or)
        .orElseGet(() -> alerts.stream().map(Alert::severity).reduce(Severity::or).orElseThrow());
  }

  /** Whether the notice is about one episode. */
  boolean isSingle() {
    return alerts.size() == 1;
  }

  /** When the first of the episodes began, in ms since the epoch. */
  public long startsAt() {
    return alerts.stream().mapToLong(Alert::startsAt).min().orElseThrow();
  }

  /** The labels that all episodes have in common, in the order of the first. */
  public Map<String, String> commonLabels() {
    Map<String, String> common = new LinkedHashMap<>(first().labels());
    for (Alert alert : alerts) {
      common.entrySet().removeIf(e -> !e.getValue().equals(alert.labels().get(e.getKey())));
    }
    return common;
  }
}
