// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import dev.petrel.alerting.traffic.FailureKind;
import dev.petrel.alerting.traffic.Group;
import dev.petrel.alerting.traffic.Series;
import dev.petrel.alerting.traffic.Window;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The windows of a group's scopes at one time, without what open episodes explain already.
 *
 * <p>Leaving the explained part out is what inhibits: a scope whose failures an episode covers has
 * none left, and a wider scope is judged by its other parts alone.
 */
final class View {
  /*
   * The records of a scope and of its parts arrive a moment apart, so that a difference of the two
   * is mostly skew. Only when the parts miss a fifth of the attempts or more, part of the traffic
   * has really no model or no tenant; it is then the remainder, which cannot be narrowed down.
   */
  private static final double UNATTRIBUTED_SHARE = 0.2;

  private final int minutes;
  private final Window provider;
  private final Map<String, Window> models = new HashMap<>();
  private final Map<String, Map<String, Window>> cells = new HashMap<>();
  private final Map<String, Window> tenants = new HashMap<>();
  private final Map<String, Window> withoutTenant = new HashMap<>();
  private final Window withoutModel;

  View(Group group, long now, FailureConfig config, Collection<Coverage> explained) {
    int full = config.minutes();
    FailureKind kind = config.kind();
    minutes = full + 1;
    boolean providerExplained =
        explained.stream().anyMatch(each -> each.level() == Coverage.Level.PROVIDER);
    Window allModels = new Window(minutes);
    Window openModels = new Window(minutes);
    for (Map.Entry<String, Series> entry : group.models().entrySet()) {
      Window whole = entry.getValue().window(now, full, kind);
      allModels.add(whole);
      addModel(group, now, config, entry.getKey(), whole, explained);
      Window open = models.get(entry.getKey());
      if (open != null) {
        openModels.add(open);
      }
    }
    Series whole = group.whole();
    if (whole == null || providerExplained) {
      provider = new Window(minutes);
      withoutModel = new Window(minutes);
    } else {
      Window window = whole.window(now, full, kind);
      withoutModel = remainder(window, allModels);
      if (explained.isEmpty()) {
        provider = window;
      } else {
        provider = openModels;
        provider.add(withoutModel);
      }
    }
  }

  private void addModel(
      Group group,
      long now,
      FailureConfig config,
      String model,
      Window whole,
      Collection<Coverage> explained) {
    if (explained.stream().anyMatch(each -> each.coversModel(model))) {
      return;
    }
    Window all = new Window(minutes);
    Window open = new Window(minutes);
    boolean masked = false;
    Map<String, Window> openCells = new HashMap<>();
    for (Map.Entry<String, Series> entry : group.cells().getOrDefault(model, Map.of()).entrySet()) {
      String tenant = entry.getKey();
      Window cell = entry.getValue().window(now, config.minutes(), config.kind());
      all.add(cell);
      if (explained.stream().anyMatch(each -> each.covers(model, tenant))) {
        masked = true;
      } else {
        open.add(cell);
        openCells.put(tenant, cell);
        tenants.computeIfAbsent(tenant, name -> new Window(minutes)).add(cell);
      }
    }
    Window rest = remainder(whole, all);
    withoutTenant.put(model, rest);
    cells.put(model, openCells);
    if (masked) {
      open.add(rest);
      models.put(model, open);
    } else {
      models.put(model, whole);
    }
  }

  private static Window remainder(Window whole, Window parts) {
    return parts.attempts() < (1 - UNATTRIBUTED_SHARE) * whole.attempts()
        ? whole.minus(parts)
        : whole.none();
  }

  /** All of the provider's traffic. */
  Window provider() {
    return provider;
  }

  /** By model. */
  Map<String, Window> models() {
    return models;
  }

  /** By tenant, summed over the models. */
  Map<String, Window> tenants() {
    return tenants;
  }

  /** One model's, by tenant. */
  Map<String, Window> tenantsOn(String model) {
    return cells.getOrDefault(model, Map.of());
  }

  /** One tenant's, by model. */
  Map<String, Window> modelsOf(String tenant) {
    Map<String, Window> found = new HashMap<>();
    cells.forEach(
        (model, byTenant) -> {
          Window cell = byTenant.get(tenant);
          if (cell != null) {
            found.put(model, cell);
          }
        });
    return found;
  }

  /** The provider's traffic that names no model. */
  Window withoutModel() {
    return withoutModel;
  }

  /** One model's traffic that names no tenant. */
  Window withoutTenant(String model) {
    return windowOr(withoutTenant.get(model));
  }

  /** The provider's traffic that names no tenant. */
  Window withoutTenant() {
    Window sum = new Window(minutes);
    sum.add(withoutModel);
    withoutTenant.values().forEach(sum::add);
    return sum;
  }

  private Window windowOr(@Nullable Window window) {
    return window == null ? new Window(minutes) : window;
  }

  /** What an episode covers; of a tenant, on these models. */
  Window of(Coverage coverage, Iterable<String> modelsOfTenant) {
    return switch (coverage.level()) {
      case PROVIDER -> provider;
      case MODEL -> windowOr(models.get(String.valueOf(coverage.model())));
      case TENANT -> {
        Window sum = new Window(minutes);
        for (String model : modelsOfTenant) {
          sum.add(windowOr(tenantsOn(model).get(String.valueOf(coverage.tenant()))));
        }
        yield sum;
      }
    };
  }
}
