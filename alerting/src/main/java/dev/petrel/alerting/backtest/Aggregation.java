// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.backtest;

import dev.petrel.alerting.traffic.ScopeWindow;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.stats.Attempt;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates recorded calls on the heap, as the aggregation topology does it live: the same
 * measures of the same scopes and windows, each version of them once a second. Not thread-safe.
 */
public final class Aggregation {

  /** How long after its end a minute takes late calls and is then added to its hour. */
  private static final long LATE_MS = 10 * CallStats.WINDOW_MS;

  private static final int MAX_ASKS = 100_000;

  /** A window of a scope. */
  private record Key(Scope scope, long start) {}

  /** What was counted in it. */
  private static final class Cell {
    private final Measures measures = new Measures();
    private long revision;
  }

  private final Map<Key, Cell> minutes = new LinkedHashMap<>();
  private final Map<Key, Cell> hours = new HashMap<>();
  private final Set<Key> changed = new LinkedHashSet<>();
  private final Map<List<@Nullable Object>, List<Scope>> scopes = new HashMap<>();

  /** What providers asked retries to wait for, in ms, by call and attempt. */
  private final Map<String, Long> asks =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > MAX_ASKS;
        }
      };

  /** Counts a call. */
  public void add(LlmCallEvent event) {
    Attempt attempt = new Attempt(event);
    Boolean early = isEarly(event);
    long start = CallStats.windowStartOf(event.timestamp());
    for (Scope scope : scopesOf(event)) {
      Key key = new Key(scope, start);
      Cell cell = minutes.computeIfAbsent(key, each -> new Cell());
      cell.measures.add(attempt);
      if (early != null) {
        cell.measures.addRetryAfterAsk(early);
      }
      if (scope.kind() == ScopeKind.SERVICE) {
        cell.measures.addSource(event);
      }
      changed.add(key);
    }
  }

  private List<Scope> scopesOf(LlmCallEvent event) {
    List<@Nullable Object> route = new ArrayList<>(7);
    route.add(event.get(EventField.ENVIRONMENT));
    route.add(event.get(EventField.PROVIDER));
    route.add(event.get(EventField.REQUEST_MODEL));
    route.add(event.get(EventField.RESPONSE_MODEL));
    route.add(event.get(EventField.TENANT));
    route.add(event.get(EventField.SERVICE));
    route.add(event.get(EventField.CREDENTIAL));
    return scopes.computeIfAbsent(route, each -> Scope.allOf(event));
  }

  private @Nullable Boolean isEarly(LlmCallEvent event) {
    String call = event.get(EventField.CALL_ID);
    if (call == null) {
      return null;
    }
    long number = event.get(EventField.ATTEMPT, 0);
    Long wait = event.get(EventField.RETRY_AFTER_MS);
    if (wait != null && event.outcome() == Outcome.ERROR) {
      asks.put(call + '#' + number, wait);
    }
    Long asked = number == 0 ? null : asks.remove(call + '#' + (number - 1));
    Long waited = event.get(EventField.RETRY_DELAY_MS);
    if (asked == null || waited == null) {
      return null;
    }
    return waited < asked;
  }

  /**
   * Gives what has changed since the last time, and closes old minutes.
   *
   * @param now the time, in ms since the epoch
   * @param windows takes each changed window and its environment, empty where the calls name none
   */
  public void drain(long now, BiConsumer<String, ScopeWindow> windows) {
    for (Key key : changed) {
      Cell cell = minutes.get(key);
      if (cell != null) {
        windows.accept(environment(key), window(key, CallStats.WINDOW_MS, cell));
      }
    }
    changed.clear();
    close(now, windows);
  }

  private void close(long now, BiConsumer<String, ScopeWindow> windows) {
    Set<Key> grown = new LinkedHashSet<>();
    for (Iterator<Map.Entry<Key, Cell>> i = minutes.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<Key, Cell> entry = i.next();
      Key minute = entry.getKey();
      if (minute.start() + CallStats.WINDOW_MS + LATE_MS > now) {
        break; // minutes come nearly in order; one that comes late waits for those before it
      }
      if (minute.scope().kind() != ScopeKind.TENANT_MODEL) {
        Key hour =
            new Key(minute.scope(), CallStats.windowStartOf(minute.start(), CallStats.HOUR_MS));
        hours
            .computeIfAbsent(hour, each -> new Cell())
            .measures
            .mergeWindow(entry.getValue().measures);
        grown.add(hour);
      }
      i.remove();
    }
    for (Key hour : grown) {
      Cell cell = hours.get(hour);
      if (cell != null) {
        windows.accept(environment(hour), window(hour, CallStats.HOUR_MS, cell));
      }
    }
    hours.keySet().removeIf(hour -> hour.start() + 2 * CallStats.HOUR_MS < now - LATE_MS);
  }

  private static String environment(Key key) {
    String environment = key.scope().environment();
    return environment == null ? "" : environment;
  }

  private static ScopeWindow window(Key key, long length, Cell cell) {
    return new ScopeWindow(
        key.scope().key(), key.start(), length, ++cell.revision, cell.measures.toBytes());
  }
}
