// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.streams.AggregateKey.Length;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates of one merging task: changed ones on the heap, all others in a store. Not
 * thread-safe.
 */
final class Aggregates {

  private static final byte[] MARK = {};

  private final KeyValueStore<Bytes, byte[]> store;

  /** Keys of aggregates that were stored without being published. */
  private final KeyValueStore<Bytes, byte[]> unpublished;

  private final Map<AggregateKey, Aggregate> changed = new LinkedHashMap<>();

  /** No minute from here on is in the store: a new window's aggregates need not be looked up. */
  private long firstMinuteNotStored;

  Aggregates(KeyValueStore<Bytes, byte[]> store, KeyValueStore<Bytes, byte[]> unpublished) {
    this.store = store;
    this.unpublished = unpublished;
    Bytes firstHour = AggregateKey.lowerBound(Length.HOUR, 0);
    try (KeyValueIterator<Bytes, byte[]> minutes =
        store.reverseRange(AggregateKey.lowerBound(Length.MINUTE, 0), firstHour)) {
      // The upper bound is part of the range, but no key.
      firstMinuteNotStored =
          minutes.hasNext() ? AggregateKey.fromBytes(minutes.next().key).windowStart() + 1 : 0;
    }
    try (KeyValueIterator<Bytes, byte[]> marks = unpublished.all()) {
      while (marks.hasNext()) {
        AggregateKey key = AggregateKey.fromBytes(marks.next().key);
        byte[] stored = store.get(key.toBytes());
        if (stored != null) {
          changed.put(key, Aggregate.fromBytes(stored));
        }
      }
    }
  }

  /** The aggregate, which is going to be changed; null when there is none. */
  @Nullable Aggregate change(AggregateKey key) {
    Aggregate aggregate = changed.get(key);
    if (aggregate != null) {
      return aggregate;
    }
    if (isNewMinute(key)) {
      return null;
    }
    byte[] stored = store.get(key.toBytes());
    if (stored == null) {
      return null;
    }
    aggregate = Aggregate.fromBytes(stored);
    changed.put(key, aggregate);
    return aggregate;
  }

  /** Like {@link #change}, with a new one when there is none. */
  Aggregate change(AggregateKey key, Function<AggregateKey, Aggregate.Role> roleOfNew) {
    Aggregate aggregate = change(key);
    if (aggregate == null) {
      aggregate = new Aggregate(roleOfNew.apply(key));
      changed.put(key, aggregate);
    }
    return aggregate;
  }

  private boolean isNewMinute(AggregateKey key) {
    return key.length() == Length.MINUTE && key.windowStart() >= firstMinuteNotStored;
  }

  /** How many are changed. */
  int changed() {
    return changed.size();
  }

  /** Gives each changed aggregate to {@code publisher} and then stores it. */
  void flush(BiConsumer<AggregateKey, Aggregate> publisher) {
    for (Map.Entry<AggregateKey, Aggregate> entry : changed.entrySet()) {
      publisher.accept(entry.getKey(), entry.getValue());
      put(entry.getKey(), entry.getValue());
    }
    changed.clear();
    try (KeyValueIterator<Bytes, byte[]> marks = unpublished.all()) {
      while (marks.hasNext()) {
        unpublished.delete(marks.next().key);
      }
    }
  }

  /** Stores the changed aggregates as they are, to be published later. */
  void persist() {
    for (Map.Entry<AggregateKey, Aggregate> entry : changed.entrySet()) {
      put(entry.getKey(), entry.getValue());
      unpublished.put(entry.getKey().toBytes(), MARK);
    }
  }

  private void put(AggregateKey key, Aggregate aggregate) {
    store.put(key.toBytes(), aggregate.toBytes());
    if (key.length() == Length.MINUTE) {
      firstMinuteNotStored = Math.max(firstMinuteNotStored, key.windowStart() + 1);
    }
  }

  /**
   * Gives the keys of all aggregates of windows that start in a range, one after the other; the
   * visitor may change any aggregate and flush.
   */
  void forEach(Length length, long from, long to, Consumer<AggregateKey> visitor) {
    List<AggregateKey> onHeapOnly = new ArrayList<>();
    for (AggregateKey key : changed.keySet()) {
      boolean inRange =
          key.length() == length && key.windowStart() >= from && key.windowStart() < to;
      if (inRange && (isNewMinute(key) || store.get(key.toBytes()) == null)) {
        onHeapOnly.add(key);
      }
    }
    try (KeyValueIterator<Bytes, byte[]> stored =
        store.range(AggregateKey.lowerBound(length, from), AggregateKey.lowerBound(length, to))) {
      // The iterator reads the store as it was when it was opened: a visitor that flushes does not
      // make it meet these again.
      onHeapOnly.forEach(visitor);
      while (stored.hasNext()) {
        visitor.accept(AggregateKey.fromBytes(stored.next().key));
      }
    }
  }

  /** Deletes the aggregates of windows that start before a time and were last changed before it. */
  void expire(Length length, long before) {
    try (KeyValueIterator<Bytes, byte[]> old =
        store.range(AggregateKey.lowerBound(length, 0), AggregateKey.lowerBound(length, before))) {
      while (old.hasNext()) {
        KeyValue<Bytes, byte[]> entry = old.next();
        if (Aggregate.touchedOf(entry.value) < before
            && !changed.containsKey(AggregateKey.fromBytes(entry.key))) {
          store.delete(entry.key);
        }
      }
    }
  }
}
