// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.CallStats;
import dev.petrel.stats.ScopeKind;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Which scopes have aggregates of their own, when a kind has more of them than its cap: those with
 * the most calls lately. Not thread-safe: belongs to one merging task.
 */
final class ScopeCaps {
  /*
   * Until the cap is reached every scope gets a place. After that a scope must have more than twice
   * the calls, within an hour of event time, of the tracked one that has the fewest, and takes its
   * place. Without the factor the many that are equally small would replace each other all the time.
   * Volumes are halved as hours go by, so that yesterday's heavy tenants make room.
   *
   * An import has places of its own: history with ten thousand tenants must not displace today's.
   */

  private static final int REPLACE_FACTOR = 2;
  private static final int MAX_IMPORTS = 64;

  private final AggregationConfig config;
  private final Map<ScopeKind, Tracked> live = new EnumMap<>(ScopeKind.class);
  private final Map<String, Map<ScopeKind, Tracked>> imports =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<ScopeKind, Tracked>> eldest) {
          return size() > MAX_IMPORTS;
        }
      };

  ScopeCaps(AggregationConfig config) {
    this.config = config;
  }

  /** Whether a new aggregate of a scope is to be published; gives it a place if there is one. */
  boolean hasPlace(String scopeKey, @Nullable String importId) {
    ScopeKind kind = kindOf(scopeKey);
    return kind == ScopeKind.ALL || tracked(kind, importId).hasPlace(scopeKey);
  }

  /**
   * Notes calls of a scope.
   *
   * @param hour the aggregate's key that they were added to
   * @param attempts how many were added
   * @param attemptsOfHour how many the hour has now
   * @return whether the scope, which had no place, has got one by it
   */
  boolean addVolume(AggregateKey hour, long attempts, long attemptsOfHour) {
    ScopeKind kind = kindOf(hour.scopeKey());
    if (kind == ScopeKind.ALL) {
      return false;
    }
    Tracked tracked = tracked(kind, hour.importId());
    if (hour.importId() == null) {
      tracked.halveUntil(hour.windowStart());
    }
    return tracked.add(hour.scopeKey(), attempts, attemptsOfHour);
  }

  /** How many scopes of a kind have a place, imports aside. */
  int tracked(ScopeKind kind) {
    Tracked tracked = live.get(kind);
    return tracked == null ? 0 : tracked.volumes.size();
  }

  private Tracked tracked(ScopeKind kind, @Nullable String importId) {
    Map<ScopeKind, Tracked> byKind =
        importId == null
            ? live
            : imports.computeIfAbsent(importId, absent -> new EnumMap<>(ScopeKind.class));
    return byKind.computeIfAbsent(kind, absent -> new Tracked(config.maxScopesHere(kind)));
  }

  static ScopeKind kindOf(String scopeKey) {
    return ScopeKind.named(scopeKey.substring(0, scopeKey.indexOf('|')));
  }

  /** The scopes of one kind that have a place. */
  private static final class Tracked {

    private record Place(String scopeKey, long volume) {}

    private final int capacity;
    private final Map<String, Long> volumes = new HashMap<>();

    /** Volumes as they once were: the head is brought up to date before it is believed. */
    private final PriorityQueue<Place> smallest =
        new PriorityQueue<>(Comparator.comparingLong(Place::volume));

    private long hour = Long.MIN_VALUE;

    private Tracked(int capacity) {
      this.capacity = capacity;
    }

    private boolean hasPlace(String scopeKey) {
      if (volumes.containsKey(scopeKey)) {
        return true;
      }
      if (volumes.size() >= capacity) {
        return false;
      }
      put(scopeKey, 0);
      return true;
    }

    private boolean add(String scopeKey, long attempts, long attemptsOfHour) {
      Long volume = volumes.get(scopeKey);
      if (volume != null) {
        volumes.put(scopeKey, volume + attempts);
        return false;
      }
      if (volumes.size() >= capacity) {
        Place least = least();
        if (least == null || attemptsOfHour <= REPLACE_FACTOR * least.volume) {
          return false;
        }
        smallest.remove();
        volumes.remove(least.scopeKey);
      }
      put(scopeKey, attemptsOfHour);
      return true;
    }

    private void put(String scopeKey, long volume) {
      volumes.put(scopeKey, volume);
      smallest.add(new Place(scopeKey, volume));
    }

    private @Nullable Place least() {
      for (Place place = smallest.peek(); place != null; place = smallest.peek()) {
        Long volume = volumes.get(place.scopeKey);
        if (volume != null && volume == place.volume) {
          return place;
        }
        smallest.remove();
        if (volume != null) {
          smallest.add(new Place(place.scopeKey, volume));
        }
      }
      return null;
    }

    private void halveUntil(long newHour) {
      if (hour == Long.MIN_VALUE) {
        hour = newHour;
      }
      // After so many halvings nothing is left to halve.
      hour = Math.max(hour, newHour - Long.SIZE * CallStats.HOUR_MS);
      // Late calls belong to hours before: they halve nothing.
      while (hour < newHour) {
        hour += CallStats.HOUR_MS;
        volumes.replaceAll((scopeKey, volume) -> volume / 2);
        smallest.clear();
        volumes.forEach((scopeKey, volume) -> smallest.add(new Place(scopeKey, volume)));
      }
    }
  }
}
