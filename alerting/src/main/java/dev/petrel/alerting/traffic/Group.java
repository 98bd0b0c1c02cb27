// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.traffic;

import dev.petrel.stats.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All scopes of one provider in one environment: its own, its models', and its tenants' on each
 * model. Not thread-safe.
 */
public final class Group {

  private final @Nullable String environment;
  private final @Nullable String provider;
  private final Map<String, Series> models = new HashMap<>();
  private final Map<String, Map<String, Series>> cells = new HashMap<>();
  private @Nullable Series whole;

  Group(@Nullable String environment, @Nullable String provider) {
    this.environment = environment;
    this.provider = provider;
  }

  /** The environment, null when the events name none. */
  public @Nullable String environment() {
    return environment;
  }

  /** The provider, null when the events do not tell it. */
  public @Nullable String provider() {
    return provider;
  }

  void add(Series series) {
    Scope scope = series.scope();
    switch (scope.kind()) {
      case PROVIDER -> whole = series;
      case MODEL -> models.put(nameOf(scope.model(), series), series);
      case TENANT_MODEL ->
          cells
              .computeIfAbsent(nameOf(scope.model(), series), model -> new HashMap<>())
              .put(nameOf(scope.tenant(), series), series);
      default -> throw new IllegalArgumentException("a group has no " + scope.kind());
    }
  }

  void remove(Series series) {
    Scope scope = series.scope();
    switch (scope.kind()) {
      case PROVIDER -> whole = null;
      case MODEL -> models.remove(nameOf(scope.model(), series));
      case TENANT_MODEL -> {
        Map<String, Series> tenants = cells.get(nameOf(scope.model(), series));
        if (tenants != null && tenants.remove(nameOf(scope.tenant(), series)) != null) {
          if (tenants.isEmpty()) {
            cells.remove(nameOf(scope.model(), series));
          }
        }
      }
      default -> throw new IllegalArgumentException("a group has no " + scope.kind());
    }
  }

  /** Where there are several series of one scope, the part is part of the name. */
  private static String nameOf(@Nullable String name, Series series) {
    String known = name == null ? "" : name;
    return series.name().equals(series.scope().key())
        ? known
        : known + series.name().substring(series.name().lastIndexOf('~'));
  }

  /** The provider's own series; null while none is known. */
  public @Nullable Series whole() {
    return whole;
  }

  /** By model. */
  public Map<String, Series> models() {
    return models;
  }

  /** By model and tenant. */
  public Map<String, Map<String, Series>> cells() {
    return cells;
  }

  /** The series of one model; empty when it is not known. */
  public List<Series> ofModel(String model) {
    Series series = models.get(model);
    return series == null ? List.of() : List.of(series);
  }

  /** The series of a tenant on these models. */
  public List<Series> ofTenant(String tenant, Iterable<String> onModels) {
    List<Series> found = new ArrayList<>();
    for (String model : onModels) {
      Series series = cells.getOrDefault(model, Map.of()).get(tenant);
      if (series != null) {
        found.add(series);
      }
    }
    return found;
  }

  boolean isEmpty() {
    return whole == null && models.isEmpty() && cells.isEmpty();
  }
}
