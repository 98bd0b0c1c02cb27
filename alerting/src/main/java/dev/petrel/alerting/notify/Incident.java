// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.route.Route;
import dev.petrel.alerting.route.Timers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An incident as the dispatcher works on it; its {@link Delivery} is what lasts. */
final class Incident {

  private static final int MAX_NOTES = 40;
  private static final Comparator<Member> ORDER =
      Comparator.comparing(Member::isFiring)
          .thenComparing(member -> member.alert().severity())
          .reversed()
          .thenComparingLong(member -> member.alert().startsAt());

  private final int partition;
  private final String id;
  private final Group group;
  private final long createdAt;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final Map<String, Lane> lanes = new LinkedHashMap<>();
  private final Set<String> fallbacks = new LinkedHashSet<>();
  private final Deque<Note> notes = new ArrayDeque<>();
  private Told told = Told.NOTHING;
  private @Nullable Long endedAt;
  private @Nullable String endedBecause;
  private @Nullable Route route;
  private Timers timers;
  private boolean logged;
  private long lookAt;

  /** One that begins now. */
  Incident(int partition, String id, Group group, long createdAt) {
    this.partition = partition;
    this.id = id;
    this.group = group;
    this.createdAt = createdAt;
    this.timers = group.timers();
  }

  /** One of the log; the targets of its lanes are not known yet. */
  static Incident of(int partition, Delivery log) {
    Incident incident = new Incident(partition, log.incidentId(), log.group(), log.createdAt());
    log.alerts().forEach(member -> incident.members.put(member.alert().alertId(), member));
    log.notifications()
        .forEach(notification -> incident.lane(notification.receiver()).log(notification));
    log.remembered().forEach((name, values) -> incident.lane(name).remember(values));
    incident.fallbacks.addAll(log.fallbacks());
    incident.notes.addAll(log.decisions());
    incident.told = log.told();
    incident.endedAt = log.endedAt();
    incident.endedBecause = log.endedBecause();
    incident.logged = true;
    return incident;
  }

  private Lane lane(String name) {
    return lanes.computeIfAbsent(name, each -> new Lane(each, group.receiver(), null));
  }

  Delivery delivery() {
    List<Notification> notifications = new ArrayList<>();
    Map<String, Map<String, String>> remembered = new HashMap<>();
    for (Lane lane : lanes.values()) {
      notifications.addAll(lane.log().values());
      if (!lane.remembered().isEmpty()) {
        remembered.put(lane.name(), lane.remembered());
      }
    }
    return new Delivery(
        id,
        group,
        createdAt,
        told,
        endedAt,
        endedBecause,
        List.copyOf(fallbacks),
        List.copyOf(members.values()),
        notifications,
        remembered,
        List.copyOf(notes));
  }

  int partition() {
    return partition;
  }

  String id() {
    return id;
  }

  Group group() {
    return group;
  }

  long createdAt() {
    return createdAt;
  }

  Told told() {
    return told;
  }

  boolean isTold() {
    return told.revision() > 0;
  }

  boolean isOpen() {
    return endedAt == null;
  }

  @Nullable String endedBecause() {
    return endedBecause;
  }

  @Nullable Long endedAt() {
    return endedAt;
  }

  Timers timers() {
    return timers;
  }

  @Nullable Route route() {
    return route;
  }

  /** Sets the route that it goes by; null for an incident that no route makes. */
  void route(@Nullable Route newRoute) {
    route = newRoute;
    timers = newRoute == null ? group.timers() : newRoute.timers();
    lookAt = 0;
  }

  Collection<Member> members() {
    return members.values();
  }

  @Nullable Member member(String alertId) {
    return members.get(alertId);
  }

  /** Takes in an alert, or a newer version of one that it has. */
  void put(Alert alert) {
    Member known = members.get(alert.alertId());
    members.put(alert.alertId(), known == null ? new Member(alert, 0, false) : known.about(alert));
    // Newer numbers alone need not be in the log.
    logged &=
        known != null
            && known.alert().status() == alert.status()
            && known.alert().revision() == alert.revision();
    lookAt = 0;
  }

  void remove(String alertId) {
    members.remove(alertId);
    changed();
  }

  Flush.Snapshot snapshot() {
    return new Flush.Snapshot(members.values(), createdAt, told);
  }

  /** Tells of these alerts from now on too, and of all as they stand. */
  void tell(List<Alert> joining, String reason, boolean reminder, long now) {
    for (Alert alert : joining) {
      members.computeIfPresent(alert.alertId(), (id, member) -> member.nowTold());
    }
    members.replaceAll((id, member) -> member.isTold() ? member.nowTold() : member);
    told = told.next(reason, reminder, now);
    changed();
  }

  void end(String why, long now) {
    endedAt = now;
    endedBecause = why;
    changed();
  }

  /** The alerts that it tells of: those that go on first, the most severe first. */
  List<Alert> toldAlerts() {
    return members.values().stream()
        .filter(Member::isTold)
        .sorted(ORDER)
        .map(Member::alert)
        .toList();
  }

  /** Whether all that it tells of is over. */
  boolean isQuiet() {
    return members.values().stream().noneMatch(member -> member.isTold() && member.isFiring());
  }

  Collection<Lane> lanes() {
    return lanes.values();
  }

  /** Adds a lane, unless it has one for the target; gives it its target. */
  void addLane(Target target, String receiver) {
    Lane lane = lanes.get(target.name());
    if (lane == null) {
      lanes.put(target.name(), new Lane(target.name(), receiver, target));
    } else if (lane.target() == null) {
      lane.bind(receiver, target);
    }
  }

  void rename(Lane lane, String newName) {
    lanes.remove(lane.name());
    lane.rename(newName);
    lanes.put(newName, lane);
    changed();
  }

  boolean hasLane(String name) {
    return lanes.containsKey(name);
  }

  /** Whether somebody may know of it. */
  boolean isReached() {
    return lanes.values().stream().anyMatch(Lane::isReached);
  }

  Set<String> fallbacks() {
    return fallbacks;
  }

  void note(Note note) {
    Note last = notes.peekLast();
    if (last != null && note.repeats(last)) {
      return;
    }
    notes.addLast(note);
    if (notes.size() > MAX_NOTES) {
      notes.removeFirst();
    }
    changed();
  }

  void changed() {
    logged = false;
  }

  boolean isLogged() {
    return logged;
  }

  void logged() {
    logged = true;
  }

  /** When its timers have to be looked at, in ms since the epoch. */
  long lookAt() {
    return lookAt;
  }

  void lookAt(long time) {
    lookAt = time;
  }
}
