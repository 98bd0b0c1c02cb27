// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A map that forgets what was not asked for lately, and never holds more than twice its size.
 *
 * <p>Two generations: new and found entries go to the young one, and when that is full it becomes
 * the old one and the old one is dropped. Reading takes no lock, unlike an order of last use; names
 * in use survive a flood of others. Thread-safe.
 */
final class BoundedCache<K, V> {
  private final int generationSize;
  private volatile Generations<K, V> generations;

  BoundedCache(int generationSize) {
    this.generationSize = generationSize;
    this.generations = new Generations<>(new ConcurrentHashMap<>(), Map.of());
  }

  @Nullable V get(K key) {
    Generations<K, V> now = generations;
    V value = now.young.get(key);
    if (value == null) {
      value = now.old.get(key);
      if (value != null) {
        put(key, value);
      }
    }
    return value;
  }

  synchronized void put(K key, V value) {
    Generations<K, V> now = generations;
    if (now.young.size() >= generationSize && !now.young.containsKey(key)) {
      now = new Generations<>(new ConcurrentHashMap<>(), now.young);
      generations = now;
    }
    now.young.put(key, value);
  }

  int size() {
    Generations<K, V> now = generations;
    return now.young.size() + now.old.size();
  }

  private record Generations<K, V>(Map<K, V> young, Map<K, V> old) {}
}
