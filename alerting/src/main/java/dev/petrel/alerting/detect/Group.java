// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The recent minutes of all scopes of one provider in one environment: its own, its models', and
 * its tenants' on each model. Not thread-safe.
 */
final class Group {

  private final @Nullable String environment;
  private final @Nullable String provider;
  private final Map<String, Series> models = new HashMap<>();
  private final Map<String, Map<String, Series>> cells = new HashMap<>();
  private @Nullable Series whole;

  /**
   * @param key a key of {@link ScopeMinute#groupOf}
   */
  Group(String key) {
    Scope scope = Scope.ofKey(key);
    environment = scope.environment();
    provider = scope.provider();
  }

  /** The environment, null when the events name none. */
  @Nullable String environment() {
    return environment;
  }

  /** The provider, null when the events do not tell it. */
  @Nullable String provider() {
    return provider;
  }

  /** The minutes of a scope of this group, which must be of a kind that {@link #takes}. */
  Series series(Scope scope) {
    return switch (scope.kind()) {
      case PROVIDER -> {
        Series series = whole == null ? new Series(scope.key()) : whole;
        whole = series;
        yield series;
      }
      case MODEL -> models.computeIfAbsent(nameOf(scope.model()), model -> new Series(scope.key()));
      case TENANT_MODEL ->
          cells
              .computeIfAbsent(nameOf(scope.model()), model -> new HashMap<>())
              .computeIfAbsent(nameOf(scope.tenant()), tenant -> new Series(scope.key()));
      default -> throw new IllegalArgumentException("alerting does not look at " + scope.kind());
    };
  }

  /** Whether a scope is of a kind that the rules look at. */
  static boolean takes(Scope scope) {
    return (scope.kind() == ScopeKind.PROVIDER && scope.provider() != null)
        || scope.kind() == ScopeKind.MODEL
        || scope.kind() == ScopeKind.TENANT_MODEL;
  }

  private static String nameOf(@Nullable String name) {
    return name == null ? "" : name;
  }

  @Nullable Series whole() {
    return whole;
  }

  Map<String, Series> models() {
    return models;
  }

  /** By model and tenant. */
  Map<String, Map<String, Series>> cells() {
    return cells;
  }

  /** The series of what an episode covers; of a tenant, on these models. */
  List<Series> covered(Coverage coverage, Iterable<String> modelsOfTenant) {
    List<Series> found = new ArrayList<>();
    switch (coverage.level()) {
      case PROVIDER -> addIfPresent(found, whole);
      case MODEL -> addIfPresent(found, models.get(nameOf(coverage.model())));
      case TENANT -> {
        for (String model : modelsOfTenant) {
          addIfPresent(found, cells.getOrDefault(model, Map.of()).get(nameOf(coverage.tenant())));
        }
      }
    }
    return found;
  }

  private static void addIfPresent(List<Series> list, @Nullable Series series) {
    if (series != null) {
      list.add(series);
    }
  }

  /** Forgets minutes that start before {@code end}; names each by scope key and start. */
  void evict(long end, BiConsumer<String, Long> evicted) {
    if (whole != null && evict(whole, end, evicted)) {
      whole = null;
    }
    models.values().removeIf(series -> evict(series, end, evicted));
    for (Iterator<Map<String, Series>> i = cells.values().iterator(); i.hasNext(); ) {
      Map<String, Series> tenants = i.next();
      tenants.values().removeIf(series -> evict(series, end, evicted));
      if (tenants.isEmpty()) {
        i.remove();
      }
    }
  }

  private static boolean evict(Series series, long end, BiConsumer<String, Long> evicted) {
    series.evict(end, start -> evicted.accept(series.scope(), start));
    return series.isEmpty();
  }

  boolean isEmpty() {
    return whole == null && models.isEmpty() && cells.isEmpty();
  }
}
