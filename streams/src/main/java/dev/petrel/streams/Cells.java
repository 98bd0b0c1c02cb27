// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.stats.Attempt;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.stats.ModelNames;
import dev.petrel.stats.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a partition has counted since it last sent, on the heap. Not thread-safe.
 *
 * <p>A call has up to seven scopes, and is added to no more than three cells: those of its route,
 * its service and its credential. The aggregates of all other scopes are sums of routes, made when
 * they are sent.
 */
final class Cells {

  /** Above so many routes nothing about them is remembered from one send to the next. */
  private static final int MAX_REMEMBERED = 50_000;

  private final Map<Minute, MinuteCells> minutes = new HashMap<>();
  private final Map<Route, Targets> targetsByRoute = new HashMap<>();
  private final Map<Scope, Target> targetsByScope = new HashMap<>();
  private int size;

  // Calls of a partition are nearly in order: most fall into the minute of the one before.
  private @Nullable Minute lastMinute;
  private MinuteCells lastCells = new MinuteCells();

  /** A minute of live calls, or of an import. */
  private record Minute(long start, @Nullable String importId) {}

  private static final class MinuteCells {
    private final Map<Route, Measures> routes = new HashMap<>();

    /** Of services and credentials. */
    private final Map<Scope, Measures> others = new HashMap<>();
  }

  /** Who calls what. */
  private record Route(
      @Nullable String environment,
      @Nullable String provider,
      @Nullable String model,
      @Nullable String tenant) {

    static Route of(LlmCallEvent event) {
      return new Route(
          event.get(EventField.ENVIRONMENT),
          event.get(EventField.PROVIDER),
          ModelNames.modelOf(event),
          event.get(EventField.TENANT));
    }
  }

  /**
   * Where the calls of a route are added to at once; the rest follows from {@link Target#wider}.
   *
   * @param tenantModel null where tenant or model is unknown
   * @param tenant null where it is unknown
   * @param called the model, or what is known instead
   */
  private record Targets(@Nullable Target tenantModel, @Nullable Target tenant, Target called) {}

  /** A scope on its way out. */
  private static final class Target {
    private final PartialBatches.ScopeName name;

    /** The scope that all calls of this one belong to, through no other. */
    private final @Nullable Target wider;

    /** How many scopes are wider. */
    private final int depth;

    private @Nullable Measures sum;
    private boolean isShared;

    private Target(Scope scope, @Nullable Target wider) {
      this.name = PartialBatches.ScopeName.of(scope);
      this.wider = wider;
      this.depth = wider == null ? 0 : wider.depth + 1;
    }
  }

  /** The sums of one minute, while they are made: those with most wider scopes come first. */
  private static final class Sums {
    private static final int DEPTHS = 3;

    private final List<List<Target>> byDepth = new ArrayList<>();

    private Sums() {
      for (int depth = 0; depth < DEPTHS; depth++) {
        byDepth.add(new ArrayList<>());
      }
    }

    /** Many scopes, those of a tenant on a model, have one cell: it need not be copied. */
    private void add(@Nullable Target target, Measures measures) {
      if (target == null) {
        return;
      }
      Measures sum = target.sum;
      if (sum == null) {
        target.sum = measures;
        target.isShared = true;
        byDepth.get(target.depth).add(target);
        return;
      }
      if (target.isShared) {
        Measures copy = new Measures();
        copy.merge(sum);
        target.sum = copy;
        target.isShared = false;
        sum = copy;
      }
      sum.merge(measures);
    }

    private void drainTo(PartialBatches batches, Minute minute) {
      for (int depth = DEPTHS - 1; depth >= 0; depth--) {
        for (Target target : byDepth.get(depth)) {
          Measures sum = Objects.requireNonNull(target.sum);
          batches.add(target.name, minute.start, minute.importId, sum);
          add(target.wider, sum);
          target.sum = null;
        }
        byDepth.get(depth).clear();
      }
    }
  }

  /**
   * Counts a call.
   *
   * @param importId the import that it belongs to, null for a live one
   * @param early of a retry whose preceding attempt had a Retry-After: whether it started before
   *     that time was over; else null
   */
  void add(LlmCallEvent event, @Nullable String importId, @Nullable Boolean early) {
    MinuteCells cells = cellsOf(CallStats.windowStartOf(event.timestamp()), importId);
    Route route = Route.of(event);
    Attempt attempt = new Attempt(event);
    add(cell(cells.routes, route), attempt, early);
    String service = event.get(EventField.SERVICE);
    if (service != null) {
      Measures cell = cell(cells.others, Scope.service(route.environment, service));
      add(cell, attempt, early);
      cell.addSource(event);
    }
    String credential = event.get(EventField.CREDENTIAL);
    if (credential != null) {
      Scope scope = Scope.credential(route.environment, route.provider, credential);
      add(cell(cells.others, scope), attempt, early);
    }
  }

  private static void add(Measures cell, Attempt attempt, @Nullable Boolean early) {
    cell.add(attempt);
    if (early != null) {
      cell.addRetryAfterAsk(early);
    }
  }

  private MinuteCells cellsOf(long start, @Nullable String importId) {
    Minute last = lastMinute;
    if (last == null || last.start != start || !Objects.equals(last.importId, importId)) {
      last = new Minute(start, importId);
      lastMinute = last;
      lastCells = minutes.computeIfAbsent(last, minute -> new MinuteCells());
    }
    return lastCells;
  }

  private <K> Measures cell(Map<K, Measures> cells, K key) {
    Measures cell = cells.get(key);
    if (cell == null) {
      cell = new Measures();
      cells.put(key, cell);
      size++;
    }
    return cell;
  }

  /** How many cells there are. */
  int size() {
    return size;
  }

  /** Adds the cells up by scope into {@code batches}, and is empty then. */
  void drainTo(PartialBatches batches) {
    Sums sums = new Sums();
    minutes.forEach(
        (minute, cells) -> {
          cells.routes.forEach(
              (route, cell) -> {
                Targets targets = targets(route);
                sums.add(targets.tenantModel, cell);
                sums.add(targets.tenant, cell);
                sums.add(targets.called, cell);
              });
          cells.others.forEach((scope, cell) -> sums.add(target(scope, null), cell));
          sums.drainTo(batches, minute);
        });
    minutes.clear();
    lastMinute = null;
    size = 0;
    if (targetsByRoute.size() > MAX_REMEMBERED) {
      targetsByRoute.clear();
      targetsByScope.clear();
    }
  }

  private Targets targets(Route route) {
    Targets known = targetsByRoute.get(route);
    if (known != null) {
      return known;
    }
    String environment = route.environment;
    Target called = target(Scope.all(environment), null);
    if (route.provider != null) {
      called = target(Scope.provider(environment, route.provider), called);
    }
    if (route.model != null) {
      called = target(Scope.model(environment, route.provider, route.model), called);
    }
    Target tenant = null;
    Target tenantModel = null;
    if (route.tenant != null) {
      tenant = target(Scope.tenant(environment, route.tenant), null);
      if (route.model != null) {
        Scope scope = Scope.tenantModel(environment, route.tenant, route.provider, route.model);
        tenantModel = target(scope, null);
      }
    }
    Targets targets = new Targets(tenantModel, tenant, called);
    targetsByRoute.put(route, targets);
    return targets;
  }

  /** One target a scope, so that all routes meet in it. */
  private Target target(Scope scope, @Nullable Target wider) {
    Target target = targetsByScope.get(scope);
    if (target == null) {
      target = new Target(scope, wider);
      targetsByScope.put(scope, target);
    }
    return target;
  }
}
