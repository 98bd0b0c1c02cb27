// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The aggregates of one task whose window is not final yet, by window, kept in a store.
 *
 * <p>An entry is written once when a window opens and deleted once when it closes. Not thread-safe.
 */
final class OpenWindows {

  private static final byte[] PUBLISHED = {0};
  private static final byte[] UNPUBLISHED = {1};

  private final KeyValueStore<Bytes, byte[]> store;
  private final NavigableMap<Long, Set<PartialKey>> byWindow = new TreeMap<>();
  private final Set<PartialKey> unpublished = new HashSet<>();

  OpenWindows(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
    try (KeyValueIterator<Bytes, byte[]> entries = store.all()) {
      while (entries.hasNext()) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        PartialKey key = PartialKey.fromBytes(entry.key);
        index(key);
        if (entry.value[0] == UNPUBLISHED[0]) {
          unpublished.add(key);
        }
      }
    }
  }

  /** The aggregates that were stored without being published. */
  List<PartialKey> unpublished() {
    return List.copyOf(unpublished);
  }

  List<PartialKey> startingBefore(long time) {
    List<PartialKey> keys = new ArrayList<>();
    for (Set<PartialKey> window : byWindow.headMap(time, false).values()) {
      keys.addAll(window);
    }
    return keys;
  }

  boolean contains(PartialKey key) {
    return byWindow.getOrDefault(key.windowStart(), Set.of()).contains(key);
  }

  /** Notes that a published aggregate's window is open. */
  void add(PartialKey key) {
    boolean added = index(key);
    if (unpublished.remove(key) || added) {
      store.put(key.toBytes(), PUBLISHED);
    }
  }

  /** Notes that an aggregate was stored without being published. */
  void markUnpublished(PartialKey key) {
    index(key);
    if (unpublished.add(key)) {
      store.put(key.toBytes(), UNPUBLISHED);
    }
  }

  /** Notes that a published aggregate's window is closed. */
  void remove(PartialKey key) {
    Set<PartialKey> window = byWindow.get(key.windowStart());
    if (window == null || !window.remove(key)) {
      return;
    }
    if (window.isEmpty()) {
      byWindow.remove(key.windowStart());
    }
    unpublished.remove(key);
    store.delete(key.toBytes());
  }

  private boolean index(PartialKey key) {
    return byWindow.computeIfAbsent(key.windowStart(), window -> new HashSet<>()).add(key);
  }

  @Override
  public String toString() {
    return "OpenWindows" + Map.of("windows", byWindow.size(), "unpublished", unpublished.size());
  }
}
