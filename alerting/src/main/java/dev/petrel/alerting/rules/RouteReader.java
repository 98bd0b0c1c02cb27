// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.route.Grouping;
import dev.petrel.alerting.route.Route;
import dev.petrel.alerting.route.Timers;
import dev.petrel.service.match.Matcher;
import java.util.List;
import java.util.Set;

/** Reads the section {@code route}. */
final class RouteReader {

  private static final String[] KEYS = {
    "receiver",
    "group_by",
    "group_wait",
    "group_interval",
    "repeat_interval",
    "matchers",
    "continue",
    "mute_time_intervals",
    "active_time_intervals",
    "routes"
  };

  private final Set<String> receivers;
  private final Set<String> timeIntervals;

  /**
   * @param receivers the names that a route may have as receiver
   * @param timeIntervals the names that a route may refer to
   */
  RouteReader(Set<String> receivers, Set<String> timeIntervals) {
    this.receivers = receivers;
    this.timeIntervals = timeIntervals;
  }

  Route root(YamlMap map) {
    map.allow(KEYS);
    for (String key : List.of("matchers", "continue", "mute_time_intervals")) {
      YamlValue value = map.find(key);
      if (value != null) {
        throw value.error("is not allowed at the root, which takes every alert at any time");
      }
    }
    Route defaults =
        Route.root(
            map.required("receiver").oneOf(receivers),
            new Grouping(List.of(), false),
            Timers.DEFAULT);
    return node(map, defaults, Route.ROOT, List.of());
  }

  private Route child(YamlValue value, Route parent) {
    YamlMap map = value.map().allow(KEYS);
    List<Matcher> matchers = matchers(map, "matchers");
    return node(map, parent, Route.path(parent.path(), matchers), matchers);
  }

  /** What the file leaves out is the parent's, but for matchers, continue and mute times. */
  private Route node(YamlMap map, Route parent, String path, List<Matcher> matchers) {
    Route self =
        new Route(
            path,
            map.get("receiver", value -> value.oneOf(receivers), parent.receiver()),
            matchers,
            map.get("continue", YamlValue::bool, false),
            map.get("group_by", value -> Grouping.by(value.distinctTexts()), parent.grouping()),
            timers(map, parent.timers()),
            map.list("mute_time_intervals", value -> value.oneOf(timeIntervals)),
            map.list("active_time_intervals", value -> value.oneOf(timeIntervals)),
            List.of());
    return new Route(
        self.path(),
        self.receiver(),
        self.matchers(),
        self.continues(),
        self.grouping(),
        self.timers(),
        self.muteTimeIntervals(),
        self.activeTimeIntervals(),
        map.list("routes", value -> child(value, self)));
  }

  private static Timers timers(YamlMap map, Timers parent) {
    YamlValue repeat = map.find("repeat_interval");
    return new Timers(
        map.get("group_wait", YamlValue::duration, parent.groupWait()),
        map.get("group_interval", YamlValue::duration, parent.groupInterval()),
        repeat == null ? parent.repeatInterval() : repeat.positiveDuration(),
        parent.linger());
  }

  static List<Matcher> matchers(YamlMap map, String key) {
    return map.list(key, YamlValue::matcher);
  }
}
