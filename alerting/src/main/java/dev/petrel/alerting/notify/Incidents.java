// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.route.AlertLabels;
import dev.petrel.alerting.route.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All incidents and alerts of the partitions that this instance has, and which alert is in which
 * incident.
 *
 * <p>An alert is in at most one open incident of a receiver, and stays in it to its end: when its
 * severity rises it may come into those of further receivers, but no receiver is told of it twice.
 * Not thread-safe.
 */
final class Incidents {

  /** What comes on top of so many alerts is an incident of its own. */
  static final int MAX_ALERTS = 500;

  /** An alert as it stands, and the partition that it came from. */
  record Known(int partition, Alert alert) {}

  private record Place(int partition, Group group) {}

  private final Map<String, Incident> byId = new LinkedHashMap<>();
  private final Map<String, Known> alerts = new HashMap<>();
  private final Map<Place, Incident> open = new HashMap<>();
  private final Map<String, Set<Incident>> openOf = new HashMap<>();

  @Nullable Incident find(String id) {
    return byId.get(id);
  }

  Collection<Incident> all() {
    return byId.values();
  }

  Collection<Known> alerts() {
    return alerts.values();
  }

  @Nullable Known alert(String alertId) {
    return alerts.get(alertId);
  }

  /** Takes in an incident of the log, in place of its earlier version. */
  void restore(Incident incident) {
    forget(incident.id());
    byId.put(incident.id(), incident);
    for (Member member : incident.members()) {
      Known known = alerts.get(member.alert().alertId());
      if (known == null || isNewer(member.alert(), known.alert())) {
        alerts.put(member.alert().alertId(), new Known(incident.partition(), member.alert()));
      }
    }
    if (incident.isOpen()) {
      open.put(new Place(incident.partition(), incident.group()), incident);
      incident.members().forEach(member -> openOf(member.alert().alertId()).add(incident));
    }
  }

  /** An episode that is over stays so; what is read again changes nothing. */
  private static boolean isNewer(Alert alert, Alert known) {
    return known.status() == Status.FIRING && alert.updatedAt() >= known.updatedAt();
  }

  private Set<Incident> openOf(String alertId) {
    return openOf.computeIfAbsent(alertId, id -> new LinkedHashSet<>());
  }

  /** Forgets an incident. */
  void forget(String id) {
    Incident incident = byId.remove(id);
    if (incident != null) {
      close(incident);
    }
  }

  /** Takes an incident that has ended, or is forgotten, out of what alerts can join. */
  void close(Incident incident) {
    open.remove(new Place(incident.partition(), incident.group()), incident);
    incident.members().forEach(member -> unindex(incident, member.alert().alertId()));
  }

  /** Forgets a partition. */
  void drop(int partition) {
    for (Incident incident : List.copyOf(byId.values())) {
      if (incident.partition() == partition) {
        forget(incident.id());
      }
    }
    alerts.values().removeIf(known -> known.partition() == partition);
  }

  /** Takes in an alert as it stands; returns whether it was news. */
  boolean accept(int partition, Alert alert) {
    Known known = alerts.get(alert.alertId());
    if (known != null && !isNewer(alert, known.alert())) {
      return false;
    }
    alerts.put(alert.alertId(), new Known(partition, alert));
    openOf.getOrDefault(alert.alertId(), Set.of()).forEach(incident -> incident.put(alert));
    return true;
  }

  /** Brings an alert into the incidents of all routes that take it, as far as it is not there. */
  List<Incident> join(Known known, Route root, long now) {
    List<Incident> joined = new ArrayList<>();
    Map<String, String> labels = AlertLabels.of(known.alert());
    for (Route route : root.match(labels)) {
      if (!isWith(known.alert(), route.receiver())) {
        joined.add(join(known, Group.of(route, labels), route, now));
      }
    }
    return joined;
  }

  private boolean isWith(Alert alert, String receiver) {
    return openOf.getOrDefault(alert.alertId(), Set.of()).stream()
        .anyMatch(incident -> incident.group().receiver().equals(receiver));
  }

  /** Brings an alert into the open incident of a group; begins one where there is none. */
  Incident join(Known known, Group group, @Nullable Route route, long now) {
    Alert alert = known.alert();
    Place place = new Place(known.partition(), group);
    Incident incident = open.get(place);
    if (incident == null || incident.members().size() >= MAX_ALERTS) {
      incident = new Incident(known.partition(), newId(group, alert), group, now);
      incident.route(route);
      byId.put(incident.id(), incident);
      open.put(place, incident);
    }
    incident.put(alert);
    openOf(alert.alertId()).add(incident);
    return incident;
  }

  private String newId(Group group, Alert first) {
    Map<String, String> labels = new TreeMap<>(group.labels());
    labels.put("alert_id", first.alertId());
    String base =
        group.isOneAlert()
            ? first.alertId()
            : Alert.id(
                group.kind() + "|" + group.receiver() + "|" + group.route(),
                labels,
                first.startsAt());
    String id = base;
    for (int number = 2; byId.containsKey(id); number++) {
      id = base + "." + number;
    }
    return id;
  }

  /** Takes an alert out of an incident, which does not tell of it. */
  void leave(Incident incident, String alertId) {
    incident.remove(alertId);
    unindex(incident, alertId);
  }

  private void unindex(Incident incident, String alertId) {
    openOf.computeIfPresent(
        alertId,
        (id, others) -> {
          others.remove(incident);
          return others.isEmpty() ? null : others;
        });
  }

  /**
   * Makes incidents agree that a crash has left apart, as it came between writing them: all have
   * the newest version of their alerts, and no alert is in two incidents of one receiver.
   */
  void repair(int partition) {
    List<Incident> here =
        byId.values().stream()
            .filter(incident -> incident.partition() == partition && incident.isOpen())
            .sorted(
                Comparator.comparing((Incident incident) -> !incident.isTold())
                    .thenComparing(incident -> incident.group().kind() == Group.Kind.ROUTE)
                    .thenComparingLong(Incident::createdAt))
            .toList();
    Map<String, Set<String>> taken = new HashMap<>();
    for (Incident incident : here) {
      Set<String> seen =
          taken.computeIfAbsent(incident.group().receiver(), r -> new LinkedHashSet<>());
      for (Member member : List.copyOf(incident.members())) {
        String alertId = member.alert().alertId();
        Known known = alerts.get(alertId);
        if (known != null && isNewer(known.alert(), member.alert())) {
          incident.put(known.alert()); // another incident's record was written before the crash
        }
        if (!seen.add(alertId) && !member.isTold()) {
          leave(incident, alertId);
        }
      }
    }
  }

  /** Forgets alerts that are over and in no incident. */
  void forgetAlerts() {
    Set<String> needed = new LinkedHashSet<>();
    byId.values().forEach(i -> i.members().forEach(member -> needed.add(member.alert().alertId())));
    alerts
        .entrySet()
        .removeIf(
            entry ->
                entry.getValue().alert().status() == Status.RESOLVED
                    && !needed.contains(entry.getKey()));
  }
}
