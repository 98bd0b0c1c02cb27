// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.alert.Alert;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be told, and was told, about one episode: a record of {@code llm-notifications}.
 *
 * @param alertId the episode's id, the record's key
 * @param alert the episode as the notifications are about it
 * @param notifications at most one per receiver and action
 */
public record Delivery(String alertId, Alert alert, List<Notification> notifications) {

  public Delivery {
    requireNonNull(alertId, "alert_id");
    requireNonNull(alert, "alert");
    notifications = notifications == null ? List.of() : List.copyOf(notifications);
  }

  /** An episode that nobody has been told about. */
  static Delivery of(Alert alert) {
    return new Delivery(alert.alertId(), alert, List.of());
  }

  @Nullable Notification find(String receiver, Action action) {
    for (Notification notification : notifications) {
      if (notification.receiver().equals(receiver) && notification.action() == action) {
        return notification;
      }
    }
    return null;
  }

  /** The same with this notification in place of the one for its receiver and action. */
  Delivery with(Notification changed) {
    List<Notification> list = new ArrayList<>(notifications);
    list.removeIf(
        old -> old.receiver().equals(changed.receiver()) && old.action() == changed.action());
    list.add(changed);
    return new Delivery(alertId, alert, list);
  }

  /** The same about a newer version of the episode. */
  Delivery about(Alert newer) {
    return new Delivery(alertId, newer, notifications);
  }
}
