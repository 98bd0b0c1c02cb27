// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.traffic;

import dev.petrel.stats.CallStats;
import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The recent traffic of one environment, by scope. Not thread-safe. */
public final class Traffic {

  /** Where what came in is made durable; called in the transaction that it came with. */
  public interface Store {
    /** Keeps a minute or an hour under a key; null deletes it. */
    void put(String key, byte @Nullable [] value);
  }

  private static final char AT = '@';
  private static final char HOUR_MARK = '/';

  private final @Nullable String environment;
  private final Store store;
  private final Map<String, Series> series = new HashMap<>();
  private final Map<ScopeKind, Map<String, Series>> byKind = new EnumMap<>(ScopeKind.class);
  private final Map<String, Group> groups = new LinkedHashMap<>();

  /**
   * @param environment null when the events name none
   * @param store where what comes in is kept
   */
  public Traffic(@Nullable String environment, Store store) {
    this.environment = environment;
    this.store = store;
  }

  /** The environment, null when the events name none. */
  public @Nullable String environment() {
    return environment;
  }

  /** Takes a revision of an aggregate in; an older one than what is known changes nothing. */
  public void accept(ScopeWindow window, long now) {
    Series of = seriesOf(window.series());
    if (window.windowMs() == CallStats.WINDOW_MS) {
      Minute minute = of.accept(window, now);
      if (minute != null) {
        store.put(window.series() + AT + minute.start, minute.toBytes());
      }
    } else if (window.windowMs() == CallStats.HOUR_MS) {
      Hour hour = of.acceptHour(window);
      if (hour != null) {
        store.put(window.series() + AT + hour.start() + HOUR_MARK, hour.toBytes());
      }
    }
  }

  /**
   * Puts back what was stored.
   *
   * @throws IllegalArgumentException when it is none of this release
   */
  public void restore(String key, byte[] value) {
    int at = key.lastIndexOf(AT);
    Series of = seriesOf(key.substring(0, at));
    if (key.charAt(key.length() - 1) == HOUR_MARK) {
      of.restore(Hour.fromBytes(value));
    } else {
      of.restore(Minute.fromBytes(value));
    }
  }

  /** The series name in a store's key. */
  public static String seriesOfKey(String key) {
    return key.substring(0, key.lastIndexOf(AT));
  }

  private Series seriesOf(String name) {
    Series known = series.get(name);
    if (known != null) {
      return known;
    }
    Series created = new Series(name);
    series.put(name, created);
    ofSame(created.scope().kind()).put(name, created);
    Group group = groupOf(created.scope());
    if (group != null) {
      group.add(created);
    }
    return created;
  }

  private Map<String, Series> ofSame(ScopeKind kind) {
    return byKind.computeIfAbsent(kind, each -> new LinkedHashMap<>());
  }

  private @Nullable Group groupOf(Scope scope) {
    boolean grouped =
        switch (scope.kind()) {
          case PROVIDER, MODEL, TENANT_MODEL -> true;
          case ALL, TENANT, SERVICE, CREDENTIAL -> false;
        };
    return grouped
        ? groups.computeIfAbsent(
            groupKey(scope.provider()), key -> new Group(environment, scope.provider()))
        : null;
  }

  private static String groupKey(@Nullable String provider) {
    return provider == null ? "" : '=' + provider;
  }

  /** Forgets what is too old. */
  public void evict(long now) {
    for (Series each : new ArrayList<>(series.values())) {
      each.evict(
          now,
          start -> store.put(each.name() + AT + start, null),
          start -> store.put(each.name() + AT + start + HOUR_MARK, null));
      if (each.isEmpty()) {
        series.remove(each.name());
        ofSame(each.scope().kind()).remove(each.name());
        Group group = groups.get(groupKey(each.scope().provider()));
        if (group != null && groupOf(each.scope()) == group) {
          group.remove(each);
          if (group.isEmpty()) {
            groups.remove(groupKey(each.scope().provider()));
          }
        }
      }
    }
  }

  /** Whether nothing is known. */
  public boolean isEmpty() {
    return series.isEmpty();
  }

  /** How many scopes are known. */
  public int size() {
    return series.size();
  }

  /** The providers. */
  public Collection<Group> groups() {
    return groups.values();
  }

  /** The provider with this name; null when it is not known. */
  public @Nullable Group group(@Nullable String provider) {
    return groups.get(groupKey(provider));
  }

  /** All scopes of a kind, but for those that stand for many together. */
  public List<Series> ofKind(ScopeKind kind) {
    return ofSame(kind).values().stream().filter(each -> !each.scope().isOther()).toList();
  }

  /** The series of a scope; null when it is not known. */
  public @Nullable Series of(Scope scope) {
    return series.get(scope.key());
  }

  /** The series of a tenant; null when it is not known. */
  public @Nullable Series tenant(String tenant) {
    return of(Scope.tenant(environment, tenant));
  }

  /** The series of a service; null when it is not known. */
  public @Nullable Series service(String service) {
    return of(Scope.service(environment, service));
  }

  /** All calls together; null when none is known. */
  public @Nullable Series all() {
    return of(Scope.all(environment));
  }
}
