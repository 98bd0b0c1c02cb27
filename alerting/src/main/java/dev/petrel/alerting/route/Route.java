// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.route;

import static java.util.Objects.requireNonNull;

import dev.petrel.service.match.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A node of the routing tree, as Alertmanager has it: an alert that it matches goes to the first
 * child that matches, and to the next ones as long as a matching child lets it go on; where no
 * child matches, the node itself takes it.
 *
 * @param path names it: the matchers from the root to here, as {@code {}/{severity="critical"}}
 * @param receiver who is told
 * @param matchers which alerts; none at the root
 * @param continues whether the siblings after it are asked too
 * @param grouping which alerts are told together
 * @param timers when they are told
 * @param muteTimeIntervals names of the times in which nothing new is told
 * @param activeTimeIntervals names of the only times in which something new is told; none for all
 * @param routes its children
 */
public record Route(
    String path,
    String receiver,
    List<Matcher> matchers,
    boolean continues,
    Grouping grouping,
    Timers timers,
    List<String> muteTimeIntervals,
    List<String> activeTimeIntervals,
    List<Route> routes) {

  /** The path of a root. */
  public static final String ROOT = "{}";

  public Route {
    requireNonNull(path, "path");
    requireNonNull(receiver, "receiver");
    matchers = List.copyOf(matchers);
    muteTimeIntervals = List.copyOf(muteTimeIntervals);
    activeTimeIntervals = List.copyOf(activeTimeIntervals);
    routes = List.copyOf(routes);
  }

  /** A root without children. */
  public static Route root(String receiver, Grouping grouping, Timers timers) {
    return new Route(
        ROOT, receiver, List.of(), false, grouping, timers, List.of(), List.of(), List.of());
  }

  /** The path of a child with these matchers. */
  public static String path(String parent, List<Matcher> matchers) {
    return parent
        + "/{"
        + String.join(",", matchers.stream().map(Matcher::toString).toList())
        + "}";
  }

  /** The routes that take an alert with these labels; empty only when this does not match. */
  public List<Route> match(Map<String, String> labels) {
    if (!Matcher.all(matchers, labels)) {
      return List.of();
    }
    List<Route> taken = new ArrayList<>();
    for (Route child : routes) {
      List<Route> matched = child.match(labels);
      taken.addAll(matched);
      if (!matched.isEmpty() && !child.continues()) {
        break;
      }
    }
    return taken.isEmpty() ? List.of(this) : taken;
  }

  /** This and all below it. */
  public Stream<Route> all() {
    return Stream.concat(Stream.of(this), routes.stream().flatMap(Route::all));
  }
}
