// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An incident, what is to be told and was told about it: a record of {@code llm-notifications}.
 *
 * @param incidentId the record's key
 * @param group what its alerts have in common
 * @param createdAt when its first alert came, in ms since the epoch
 * @param told what there is to tell
 * @param endedAt when it ended, in ms since the epoch; null while it is open
 * @param endedBecause why; null while it is open
 * @param fallbacks the receivers that are told because others could not be
 * @param alerts its alerts
 * @param notifications at most one per target and action
 * @param remembered what targets told to remember, by target
 * @param decisions the last ones, oldest first
 */
public record Delivery(
    String incidentId,
    Group group,
    long createdAt,
    Told told,
    @Nullable Long endedAt,
    @Nullable String endedBecause,
    List<String> fallbacks,
    List<Member> alerts,
    List<Notification> notifications,
    Map<String, Map<String, String>> remembered,
    List<Note> decisions) {

  public Delivery {
    requireNonNull(incidentId, "incident_id");
    requireNonNull(group, "group");
    requireNonNull(told, "told");
    fallbacks = List.copyOf(fallbacks);
    alerts = List.copyOf(alerts);
    notifications = List.copyOf(notifications);
    remembered = Map.copyOf(remembered);
    decisions = List.copyOf(decisions);
  }

  @Nullable Notification find(String receiver, Action action) {
    for (Notification notification : notifications) {
      if (notification.receiver().equals(receiver) && notification.action() == action) {
        return notification;
      }
    }
    return null;
  }
}
