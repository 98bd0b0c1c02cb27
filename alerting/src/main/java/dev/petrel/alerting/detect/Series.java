// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.stats.CallStats;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The recent minutes of one scope. Not thread-safe. */
final class Series {

  private final String scope;
  private final TreeMap<Long, Minute> minutes = new TreeMap<>();

  Series(String scope) {
    this.scope = scope;
  }

  /** The scope's key. */
  String scope() {
    return scope;
  }

  /** Puts back a minute as it was stored. */
  void restore(long windowStart, Minute minute) {
    minutes.put(windowStart, minute);
  }

  /** Takes a revision in; returns what to store, or null when it is not newer. */
  @Nullable Minute accept(ScopeMinute update, long now) {
    Minute known = minutes.getOrDefault(update.windowStart(), Minute.NONE);
    if (update.revision() <= known.revision()) {
      return null;
    }
    long momentAt = 0;
    for (Minute minute : minutes.values()) {
      momentAt = Math.max(momentAt, minute.lastMomentAt());
    }
    Minute updated = known.updated(update, momentAt, now);
    minutes.put(update.windowStart(), updated);
    return updated;
  }

  /** The current minute and the {@code full} ones before it, as of {@code now}. */
  Window window(long now, int full) {
    long current = CallStats.windowStartOf(now);
    Window window = new Window(full + 1);
    for (int back = 0; back <= full; back++) {
      Minute minute = minutes.get(current - back * CallStats.WINDOW_MS);
      if (minute != null) {
        window.add(back, minute);
      }
    }
    return window;
  }

  /** The failures by error type in the same minutes. */
  Map<String, Long> errors(long now, int full) {
    long current = CallStats.windowStartOf(now);
    Map<String, Long> sum = new HashMap<>();
    for (Minute minute :
        minutes.subMap(current - full * CallStats.WINDOW_MS, true, current, true).values()) {
      minute.counts().errors().forEach((type, count) -> sum.merge(type, count, Long::sum));
    }
    return sum;
  }

  /**
   * Attempts and failures of the minutes that start before {@code end}: what was normal.
   *
   * @param below only minutes with a smaller ratio than this count
   */
  Counts before(long end, double below) {
    long attempts = 0;
    long bad = 0;
    for (Minute minute : minutes.headMap(end, false).values()) {
      Counts counts = minute.counts();
      if (counts.bad() < below * counts.attempts()) {
        attempts += counts.attempts();
        bad += counts.bad();
      }
    }
    return new Counts(attempts, bad, Map.of());
  }

  /** Forgets the minutes that start before {@code end} and names each. */
  void evict(long end, LongConsumer evicted) {
    while (!minutes.isEmpty() && minutes.firstKey() < end) {
      evicted.accept(minutes.firstKey());
      minutes.pollFirstEntry();
    }
  }

  boolean isEmpty() {
    return minutes.isEmpty();
  }
}
