// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.route.Routing;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Whom to tell of which alerts, when and how.
 *
 * @param routing which receiver
 * @param receivers by name; all that the routes refer to
 */
public record NotificationPolicy(Routing routing, Map<String, Receiver> receivers) {

  public NotificationPolicy {
    requireNonNull(routing, "routing");
    receivers = Map.copyOf(receivers);
  }

  /** Without a rule file: each alert by itself and at once, to all of these. */
  static NotificationPolicy toAll(List<Target> targets) {
    Receiver all = new Receiver("default", targets, null);
    return new NotificationPolicy(Routing.to(all.name()), Map.of(all.name(), all));
  }

  /** All targets of all receivers. */
  Stream<Target> targets() {
    return receivers.values().stream().flatMap(receiver -> receiver.targets().stream());
  }
}
