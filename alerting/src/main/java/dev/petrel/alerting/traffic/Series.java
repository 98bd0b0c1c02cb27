// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.traffic;

import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The recent minutes and hours of one scope. Not thread-safe. */
public final class Series {

  private static final long MINUTE = CallStats.WINDOW_MS;
  private static final long HOUR = CallStats.HOUR_MS;

  private final String name;
  private final Scope scope;
  private final TreeMap<Long, Minute> minutes = new TreeMap<>();
  private final TreeMap<Long, Hour> hours = new TreeMap<>();
  private long firstSeenAt = Long.MAX_VALUE;
  private long lastSeenAt = Long.MIN_VALUE;

  Series(String name) {
    this.name = name;
    this.scope = ScopeWindow.scopeOf(name);
  }

  /** {@link ScopeWindow#series}. */
  public String name() {
    return name;
  }

  /** The scope. */
  public Scope scope() {
    return scope;
  }

  /** How long minutes of a kind of scope are kept: what the patterns look back. */
  static Duration minutesKept(ScopeKind kind) {
    // By far the most scopes are of this kind; nothing looks further back on them.
    return kind == ScopeKind.TENANT_MODEL ? Duration.ofMinutes(12) : Duration.ofMinutes(66);
  }

  /** How long hours of a kind of scope are kept. */
  static Duration hoursKept(ScopeKind kind) {
    return switch (kind) {
      case ALL, PROVIDER, MODEL, SERVICE -> Duration.ofDays(15);
      case TENANT, CREDENTIAL -> Duration.ofHours(75);
      case TENANT_MODEL -> Duration.ZERO;
    };
  }

  // ---- What comes in

  /** Takes a revision of a minute in; returns what to store, or null when it is not newer. */
  @Nullable Minute accept(ScopeWindow update, long now) {
    Minute known = minutes.get(update.windowStart());
    if (known != null && update.revision() <= known.revision) {
      return null;
    }
    Minute.Moments moments = new Minute.Moments();
    minutes.values().forEach(moments::add);
    Minute updated =
        known == null ? Minute.first(update, moments, now) : known.updated(update, moments, now);
    restore(updated);
    return updated;
  }

  /** Puts back a minute as it was stored. */
  void restore(Minute minute) {
    minutes.put(minute.start, minute);
    lastSeenAt = Math.max(lastSeenAt, minute.start);
    firstSeenAt = Math.min(firstSeenAt, minute.start);
  }

  /** Takes a revision of an hour in; returns what to store, or null when it is not newer. */
  @Nullable Hour acceptHour(ScopeWindow update) {
    Hour known = hours.get(update.windowStart());
    if (known != null && update.revision() <= known.revision()) {
      return null;
    }
    Hour hour = Hour.of(update);
    restore(hour);
    return hour;
  }

  /** Puts back an hour as it was stored. */
  void restore(Hour hour) {
    hours.put(hour.start(), hour);
    lastSeenAt = Math.max(lastSeenAt, hour.start());
    firstSeenAt = Math.min(firstSeenAt, hour.start());
  }

  /** Forgets what is too old, and names each by its start. */
  void evict(long now, LongConsumer evictedMinute, LongConsumer evictedHour) {
    evict(minutes, now - minutesKept(scope.kind()).toMillis(), evictedMinute);
    evict(hours, now - hoursKept(scope.kind()).toMillis(), evictedHour);
  }

  private static void evict(NavigableMap<Long, ?> windows, long end, LongConsumer evicted) {
    while (!windows.isEmpty() && windows.firstKey() < end) {
      evicted.accept(windows.firstKey());
      windows.pollFirstEntry();
    }
  }

  boolean isEmpty() {
    return minutes.isEmpty() && hours.isEmpty();
  }

  // ---- What is asked

  /** Since when the scope is known, in ms since the epoch, as far as it is remembered. */
  public long firstSeenAt() {
    return firstSeenAt;
  }

  /**
   * The start of the latest minute with an attempt, of its hour where minutes are no longer
   * remembered.
   */
  public long lastMinute() {
    return lastSeenAt;
  }

  /** Failures of a kind in the current minute and the {@code full} ones before it. */
  public Window window(long now, int full, FailureKind kind) {
    long current = CallStats.windowStartOf(now);
    Window window = new Window(full + 1);
    for (int back = 0; back <= full; back++) {
      Minute minute = minutes.get(current - back * MINUTE);
      if (minute != null) {
        window.add(back, minute, kind);
      }
    }
    return window;
  }

  /** Sums over the current minute and the {@code full} ones before it. */
  public Totals recent(long now, int full) {
    long current = CallStats.windowStartOf(now);
    return totals(current - full * MINUTE, current + MINUTE);
  }

  /** Sums over the {@code full} whole minutes before the current one. */
  public Totals recentFull(long now, int full) {
    long current = CallStats.windowStartOf(now);
    return totals(current - full * MINUTE, current);
  }

  /** Sums over the minutes that start from {@code from}, inclusive, to {@code to}, exclusive. */
  public Totals totals(long from, long to) {
    Totals totals = new Totals();
    between(from, to).values().forEach(totals::add);
    return totals;
  }

  /** All that was counted in these minutes. */
  public Measures measures(long from, long to) {
    Measures sum = new Measures();
    for (Minute minute : between(from, to).values()) {
      minute.addTo(sum);
    }
    return sum;
  }

  /** All that was counted in the current minute and the {@code full} ones before it. */
  public Measures recentMeasures(long now, int full) {
    long current = CallStats.windowStartOf(now);
    return measures(current - full * MINUTE, current + MINUTE);
  }

  /** A number of each minute with an attempt, oldest first. */
  public double[] eachMinute(long from, long to, ToDoubleFunction<Minute> number) {
    return between(from, to).values().stream().mapToDouble(number).toArray();
  }

  private SortedMap<Long, Minute> between(long from, long to) {
    return from >= to ? new TreeMap<>() : minutes.subMap(from, to);
  }

  /** The hours that start from {@code from}, inclusive, to {@code to}, exclusive, oldest first. */
  public List<Hour> hours(long from, long to) {
    return from >= to ? List.of() : new ArrayList<>(hours.subMap(from, to).values());
  }

  /** The hours that are remembered, oldest first. */
  public Collection<Hour> hours() {
    return hours.values();
  }

  /** The part of the whole minutes from {@code from} to {@code to} that had an attempt. */
  public double activeShare(long from, long to) {
    long all = (to - from) / MINUTE;
    return all <= 0 ? 0 : (double) between(from, to).size() / all;
  }

  /**
   * Attempts and failures of a kind before {@code end}: what was normal.
   *
   * @param below only minutes with a smaller ratio than this count
   */
  public Normal before(long end, double below, FailureKind kind) {
    long attempts = 0;
    long bad = 0;
    for (Minute minute : minutes.headMap(end, false).values()) {
      if (minute.bad(kind) < below * minute.attempts) {
        attempts += minute.attempts;
        bad += minute.bad(kind);
      }
    }
    return new Normal(attempts, bad);
  }

  /**
   * What was normal.
   *
   * @param attempts all attempts
   * @param bad failed ones
   */
  public record Normal(long attempts, long bad) {}

  /** The start of the hour that a time falls into. */
  public static long hourOf(long timestamp) {
    return CallStats.windowStartOf(timestamp, HOUR);
  }
}
