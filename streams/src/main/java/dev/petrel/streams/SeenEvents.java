// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The ids of the events that a partition has counted, so that a redelivered one is not counted
 * twice.
 *
 * <p>Not thread-safe: belongs to one task.
 */
final class SeenEvents {
  /*
   * A redelivered event has the same timestamp, so ids are kept per window. Windows in use are hash
   * sets on the heap; all are in a logged store too, as appended chunks of what came since the last
   * save: 8 bytes an event. A window that is not on the heap is read back when an event for it comes,
   * which is what makes history of any age exact. Least recently used windows leave the heap above
   * a bound on ids.
   *
   * An id is a 64-bit hash (wyhash). Two different ids of one window and partition collide with a
   * chance of n^2 / 2^65: for 300,000 events a minute once in 400 million such minutes.
   *
   * Store keys: 'c' window chunk-number → hashes; 't' window → latest arrival, for expiry.
   */

  private static final byte CHUNK = 'c';
  private static final byte TOUCHED = 't';
  private static final Hasher64 HASHER = Hashing.wyhashFinal4();

  private final KeyValueStore<Bytes, byte[]> store;
  private final int maxIdsOnHeap;
  private final Map<Long, Window> windows = new LinkedHashMap<>(64, 0.75f, true);
  private int idsOnHeap;

  SeenEvents(KeyValueStore<Bytes, byte[]> store, int maxIdsOnHeap) {
    this.store = store;
    this.maxIdsOnHeap = maxIdsOnHeap;
  }

  /**
   * Remembers an event.
   *
   * @param arrival when the record arrived in Kafka, in ms since the epoch
   * @return false when it was there already
   */
  boolean add(long windowStart, String eventId, long arrival) {
    Window window = windows.get(windowStart);
    if (window == null) {
      window = load(windowStart);
      windows.put(windowStart, window);
    }
    window.touched = Math.max(window.touched, arrival);
    long hash = HASHER.hashCharsToLong(eventId);
    if (!window.ids.add(hash)) {
      return false;
    }
    window.unsaved.addLong(hash);
    idsOnHeap++;
    return true;
  }

  private Window load(long windowStart) {
    Window window = new Window();
    try (KeyValueIterator<Bytes, byte[]> chunks =
        store.range(chunkKey(windowStart, 0), chunkKey(windowStart, Integer.MAX_VALUE))) {
      while (chunks.hasNext()) {
        ByteBuffer hashes = ByteBuffer.wrap(chunks.next().value);
        while (hashes.hasRemaining()) {
          window.ids.add(hashes.getLong());
        }
        window.chunks++;
      }
    }
    idsOnHeap += window.ids.size();
    return window;
  }

  /** Writes what came since the last save to the store. */
  void save() {
    for (Map.Entry<Long, Window> entry : windows.entrySet()) {
      Window window = entry.getValue();
      int count = window.unsaved.size();
      if (count == 0) {
        continue;
      }
      ByteBuffer hashes = ByteBuffer.allocate(count * Long.BYTES);
      for (int i = 0; i < count; i++) {
        hashes.putLong(window.unsaved.getLong(i));
      }
      store.put(chunkKey(entry.getKey(), window.chunks++), hashes.array());
      store.put(
          touchedKey(entry.getKey()),
          ByteBuffer.allocate(Long.BYTES).putLong(window.touched).array());
      window.unsaved.clear();
    }
    trim();
  }

  private void trim() {
    Iterator<Window> leastRecentlyUsed = windows.values().iterator();
    while (idsOnHeap > maxIdsOnHeap && leastRecentlyUsed.hasNext()) {
      idsOnHeap -= leastRecentlyUsed.next().ids.size();
      leastRecentlyUsed.remove();
    }
  }

  /** Forgets the windows to which no event has come since {@code arrivedBefore}; save() first. */
  void expire(long arrivedBefore) {
    try (KeyValueIterator<Bytes, byte[]> touched =
        store.range(touchedKey(Long.MIN_VALUE), touchedKey(Long.MAX_VALUE))) {
      while (touched.hasNext()) {
        KeyValue<Bytes, byte[]> entry = touched.next();
        if (ByteBuffer.wrap(entry.value).getLong() < arrivedBefore) {
          forget(windowOf(entry.key));
        }
      }
    }
  }

  private void forget(long windowStart) {
    Window onHeap = windows.remove(windowStart);
    if (onHeap != null) {
      idsOnHeap -= onHeap.ids.size();
    }
    try (KeyValueIterator<Bytes, byte[]> chunks =
        store.range(chunkKey(windowStart, 0), chunkKey(windowStart, Integer.MAX_VALUE))) {
      while (chunks.hasNext()) {
        store.delete(chunks.next().key);
      }
    }
    store.delete(touchedKey(windowStart));
  }

  private static Bytes chunkKey(long windowStart, int chunk) {
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES)
            .put(CHUNK)
            .putLong(sortable(windowStart))
            .putInt(chunk)
            .array());
  }

  private static Bytes touchedKey(long windowStart) {
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Long.BYTES).put(TOUCHED).putLong(sortable(windowStart)).array());
  }

  private static long windowOf(Bytes touchedKey) {
    return sortable(ByteBuffer.wrap(touchedKey.get()).getLong(1));
  }

  /** Stores sort keys as unsigned bytes: flipping the sign bit makes that the signed order. */
  private static long sortable(long windowStart) {
    return windowStart ^ Long.MIN_VALUE;
  }

  private static final class Window {
    private final LongHashSet ids = new LongHashSet();
    private final LongArrayList unsaved = new LongArrayList();
    private int chunks;
    private long touched = Long.MIN_VALUE;
  }
}
