// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.notify.Notifier;
import dev.petrel.alerting.notify.Pace;
import dev.petrel.alerting.notify.Receiver;
import dev.petrel.alerting.notify.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code receivers}. */
final class ReceiverReader {

  private static final String NAME = "[A-Za-z0-9._-]{1,60}";

  private final List<Integration> integrations;
  private final Secrets secrets;

  ReceiverReader(List<Integration> integrations, Secrets secrets) {
    this.integrations = List.copyOf(integrations);
    this.secrets = secrets;
  }

  Map<String, Receiver> read(YamlMap root) {
    Map<String, Receiver> receivers = new LinkedHashMap<>();
    Map<String, YamlValue> fallbacks = new LinkedHashMap<>();
    root.required("receivers")
        .list()
        .forEach(
            value -> {
              YamlMap map = value.map().allow(keys());
              YamlValue place = map.required("name");
              String name = place.text();
              if (!name.matches(NAME)) {
                throw place.error(
                    "'%s' is not allowed; must be 1 to 60 letters, digits, dots, - or _"
                        .formatted(name));
              }
              if (receivers.put(name, receiver(name, map)) != null) {
                throw place.error("'" + name + "' stands here twice");
              }
              YamlValue fallback = map.find("fallback");
              if (fallback != null) {
                fallbacks.put(name, fallback);
              }
            });
    fallbacks.forEach((name, fallback) -> checkFallback(name, fallback, receivers));
    return receivers;
  }

  private Set<String> keys() {
    Set<String> keys = new HashSet<>(Set.of("name", "fallback"));
    integrations.forEach(integration -> keys.add(integration.section()));
    return keys;
  }

  private static void checkFallback(
      String name, YamlValue fallback, Map<String, Receiver> receivers) {
    Set<String> seen = new HashSet<>(Set.of(name));
    @Nullable Receiver next = receivers.get(fallback.oneOf(receivers.keySet()));
    while (next != null) {
      if (!seen.add(next.name())) {
        throw fallback.error("leads back to '" + next.name() + "'");
      }
      next = next.fallback() == null ? null : receivers.get(next.fallback());
    }
  }

  private Receiver receiver(String name, YamlMap map) {
    List<Target> targets = new ArrayList<>();
    for (Integration integration : integrations) {
      List<YamlValue> entries = map.list(integration.section(), value -> value);
      for (int i = 0; i < entries.size(); i++) {
        String number = entries.size() == 1 ? "" : "-" + (i + 1);
        targets.add(target(name + "/" + integration.kind() + number, integration, entries.get(i)));
      }
    }
    YamlValue fallback = map.find("fallback");
    return new Receiver(name, targets, fallback == null ? null : fallback.text());
  }

  private Target target(String name, Integration integration, YamlValue value) {
    YamlMap entry = value.map();
    Set<String> keys = new HashSet<>(integration.keys());
    keys.addAll(Set.of("send_resolved", "max_per_minute"));
    entry.allow(keys);
    Notifier notifier = integration.reader().read(name, entry, secrets);
    Pace pace =
        entry.get(
            "max_per_minute", each -> Pace.perMinute(each.number(1, 10_000)), Pace.of(notifier));
    return new Target(
        name,
        notifier,
        pace,
        notifier.refreshInterval().orElse(null),
        entry.get("send_resolved", YamlValue::bool, true),
        destination(integration, entry));
  }

  /** All that an entry says of where messages go, with its secrets: stays in memory. */
  private String destination(Integration integration, YamlMap entry) {
    StringBuilder all = new StringBuilder(integration.kind());
    for (String key : new TreeSet<>(integration.keys())) {
      YamlValue value = entry.find(key);
      if (value != null) {
        boolean secret = key.endsWith("_env") || key.endsWith("_file");
        all.append('\n').append(key).append('=').append(value.canonical());
        if (secret) {
          String name = key.substring(0, key.lastIndexOf('_'));
          all.append('=').append(secrets.read(entry, name));
        }
      }
    }
    return all.toString();
  }
}
