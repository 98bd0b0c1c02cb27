// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.route.AlertLabels;
import dev.petrel.alerting.route.Route;
import dev.petrel.alerting.route.Routing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives incidents their routes and targets, by the policy in force. Not thread-safe. */
final class Bindings {

  private NotificationPolicy policy;

  Bindings(NotificationPolicy policy) {
    this.policy = policy;
  }

  /** Goes by another policy from now on. */
  void use(NotificationPolicy newer) {
    policy = newer;
  }

  Routing routing() {
    return policy.routing();
  }

  /** Targets that are not there any more, or elsewhere, are left once they know of the end. */
  void retire(Incident incident) {
    Map<String, Target> targets = new HashMap<>();
    policy.targets().forEach(target -> targets.put(target.name(), target));
    for (Lane lane : List.copyOf(incident.lanes())) {
      Target known = lane.target();
      Target newer = targets.get(lane.name());
      if (known == null || lane.isRetired()) {
        continue;
      }
      if (newer != null && newer.isSamePlaceAs(known)) {
        lane.target(newer);
        continue;
      }
      lane.retire();
      if (newer != null) {
        int number = 1;
        while (incident.hasLane(lane.name() + "~" + number)) {
          number++;
        }
        incident.rename(lane, lane.name() + "~" + number);
      }
    }
  }

  /** Gives an incident its route and targets; returns false when no route leads to it any more. */
  boolean connect(Incident incident) {
    addLanes(incident);
    List<Member> firing = incident.members().stream().filter(Member::isFiring).toList();
    if (!incident.isOpen() || firing.isEmpty()) {
      return true;
    }
    List<Route> routes =
        firing.stream()
            .flatMap(member -> routing().root().match(AlertLabels.of(member.alert())).stream())
            .filter(route -> route.receiver().equals(incident.group().receiver()))
            .toList();
    if (routes.isEmpty()) {
      return false;
    }
    if (incident.group().kind() == Group.Kind.ROUTE) {
      incident.route(
          routes.stream()
              .filter(route -> route.path().equals(incident.group().route()))
              .findFirst()
              .orElse(routes.get(0)));
    }
    return true;
  }

  /** One that has ended gets no further lanes, only targets for those that it has. */
  void addLanes(Incident incident) {
    boolean all = incident.isOpen() || incident.lanes().isEmpty();
    List<String> names = new ArrayList<>(List.of(incident.group().receiver()));
    names.addAll(incident.fallbacks());
    for (String name : names) {
      Receiver receiver = policy.receivers().get(name);
      if (receiver == null) {
        continue;
      }
      for (Target target : receiver.targets()) {
        if (all || incident.hasLane(target.name())) {
          incident.addLane(target, name);
        }
      }
    }
  }

  /**
   * Has the fallback told when a target finally could not be told of what goes on; returns whether
   * there is one that was not told so far.
   */
  boolean fallBack(Incident incident, Lane lane, long now) {
    Notification trigger = lane.log().get(Action.TRIGGER);
    Receiver receiver = policy.receivers().get(lane.receiver());
    String fallback = receiver == null ? null : receiver.fallback();
    if (!incident.isOpen()
        || fallback == null
        || trigger == null
        || trigger.status() != DeliveryStatus.FAILED
        || !incident.fallbacks().add(fallback)) {
      return false;
    }
    incident.note(new Note(now, fallback, null, "fallback", lane.name() + " could not be told"));
    incident.changed();
    addLanes(incident);
    return true;
  }
}
