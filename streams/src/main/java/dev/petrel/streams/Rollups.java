// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;
import dev.petrel.streams.Aggregate.Role;
import dev.petrel.streams.AggregateKey.Length;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which calls get from minutes to hours and days, and by which scopes beyond the cap
 * are counted in {@code __other__}. Not thread-safe.
 */
final class Rollups {
  /*
   * A minute is added to its hour when it closes, an hour to its day likewise. What comes later for a
   * closed window is added to it and to all longer windows that it is in already. So an hour is at any
   * time the sum of its closed minutes, and nothing is added twice.
   *
   * An aggregate in role IN_OTHER is kept like any other one, and whatever is added to it is added to
   * the aggregate of all others of the same window too, which is what gets published. So the sum over
   * the published aggregates of a kind is exact at any time. A scope that wins a place takes the counts
   * of the current hour along: its minutes, hour and day are taken off the others' and published.
   */

  private final Aggregates aggregates;
  private final ScopeCaps caps;
  private final Cardinality cardinality;
  private final ClosedWindows closed;

  Rollups(Aggregates aggregates, ScopeCaps caps, Cardinality cardinality, ClosedWindows closed) {
    this.aggregates = aggregates;
    this.caps = caps;
    this.cardinality = cardinality;
    this.closed = closed;
  }

  /**
   * Adds an increment to a minute.
   *
   * @param increment stands on its measures, and is read to their end
   * @return how many attempts were added
   */
  long add(AggregateKey minute, ByteBuffer increment, long arrival) {
    Aggregate aggregate = aggregates.change(minute, this::roleOf);
    long before = aggregate.measures().attempts();
    if (!closed.contains(minute) && aggregate.role() == Role.OWN) {
      aggregate.measures().merge(increment);
    } else {
      Measures added = Measures.fromBytes(increment);
      if (closed.contains(minute)) {
        addLate(minute.in(Length.HOUR), added, aggregate.measures(), arrival);
      }
      aggregate.measures().merge(added);
      Aggregate others = othersOf(minute, aggregate);
      if (others != null) {
        others.measures().merge(added);
        others.touch(arrival);
        cardinality.inOther(ScopeCaps.kindOf(minute.scopeKey()), added.attempts());
      }
    }
    aggregate.touch(arrival);
    return aggregate.measures().attempts() - before;
  }

  private void addLate(AggregateKey longer, Measures added, Measures minute, long arrival) {
    Aggregate aggregate = aggregates.change(longer, this::roleOf);
    aggregate.measures().mergeLate(added, minute);
    aggregate.touch(arrival);
    Aggregate others = othersOf(longer, aggregate);
    if (others != null) {
      others.measures().mergeLate(added, minute);
      others.touch(arrival);
    }
    if (longer.length() == Length.HOUR) {
      if (closed.contains(longer)) {
        addLate(longer.in(Length.DAY), added, minute, arrival);
      }
      addVolume(longer, aggregate, added.attempts());
    }
  }

  /** Adds a window that has just closed to the longer one that it is part of. */
  void rollUp(AggregateKey key, Length longerLength) {
    Aggregate shorter = aggregates.change(key);
    if (shorter == null || shorter.role() == Role.OTHER) {
      return; // others are told from the longer window's own scopes
    }
    AggregateKey longer = key.in(longerLength);
    Aggregate aggregate = aggregates.change(longer, this::roleOf);
    aggregate.measures().mergeWindow(shorter.measures());
    aggregate.touch(shorter.touched());
    Aggregate others = othersOf(longer, aggregate);
    if (others != null) {
      others.measures().mergeWindow(shorter.measures());
      others.touch(shorter.touched());
    }
    if (longerLength == Length.HOUR) {
      addVolume(longer, aggregate, shorter.measures().attempts());
    }
  }

  private void addVolume(AggregateKey hour, Aggregate aggregate, long attempts) {
    if (caps.addVolume(hour, attempts, aggregate.measures().attempts())) {
      publishFromNowOn(hour);
      publishFromNowOn(hour.in(Length.DAY));
      for (long start = hour.windowStart();
          start < hour.windowStart() + CallStats.HOUR_MS;
          start += CallStats.WINDOW_MS) {
        publishFromNowOn(new AggregateKey(Length.MINUTE, start, hour.scopeKey(), hour.importId()));
      }
    }
  }

  private void publishFromNowOn(AggregateKey key) {
    Aggregate aggregate = aggregates.change(key);
    if (aggregate == null) {
      return;
    }
    Aggregate others = othersOf(key, aggregate);
    if (others != null) {
      others.measures().subtract(aggregate.measures());
      aggregate.publishFromNowOn();
    }
  }

  private Role roleOf(AggregateKey key) {
    return caps.hasPlace(key.scopeKey(), key.importId()) ? Role.OWN : Role.IN_OTHER;
  }

  /** The aggregate that counts {@code aggregate} too; null when it is published itself. */
  private @Nullable Aggregate othersOf(AggregateKey key, Aggregate aggregate) {
    if (aggregate.role() != Role.IN_OTHER) {
      return null;
    }
    Scope scope = Scope.ofKey(key.scopeKey());
    ScopeKind kind = scope.kind();
    String others = Scope.other(kind, scope.environment()).key();
    return aggregates.change(key.of(others), absent -> Role.OTHER);
  }
}
