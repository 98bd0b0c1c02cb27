// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;
import org.agrona.collections.LongHashSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The ids of the events that a partition has counted, so that a redelivered one is not counted
 * twice.
 *
 * <p>Not thread-safe: belongs to one task.
 */
final class SeenEvents {
  /*
   * A redelivered event has the same timestamp, so ids are kept by second of event time. Seconds in
   * use are hash sets on the heap; all are in a logged store too, as appended chunks of what came
   * since the last save: 8 bytes an event. A second that is not on the heap is read back when an
   * event for it comes. That is what makes history of any age exact, and why the slots are small: a
   * late event costs one read of the ids of a second, not of a minute. Which seconds the store has is
   * on the heap, so that a new one costs no read at all. Above a bound on ids, those seconds leave the
   * heap that no event has come for since the last save.
   *
   * An id is a 64-bit hash (wyhash). Two different ids of one second and partition collide with a
   * chance of n^2 / 2^65: for 5,000 events a second once in 47,000 years.
   *
   * Store keys: 'c' slot chunk-number → hashes; 't' slot → latest arrival, to the granularity of
   * TOUCH_MS, for expiry.
   */

  private static final long SLOT_MS = 1000;

  /** Arrivals are noted this coarsely, which keeps writes few; slots live that much longer. */
  private static final long TOUCH_MS = 600_000;

  /** Above so many seconds (12 days of them) the store is asked instead of the heap. */
  private static final int MAX_KNOWN_SLOTS = 1_000_000;

  /** What a slot takes beside its ids, in ids. */
  private static final int SLOT_OVERHEAD = 16;

  private static final byte CHUNK = 'c';
  private static final byte TOUCHED = 't';
  private static final Hasher64 HASHER = Hashing.wyhashFinal4();

  private final KeyValueStore<Bytes, byte[]> store;
  private final int maxIdsOnHeap;
  private final Long2ObjectHashMap<Slot> slots = new Long2ObjectHashMap<>();
  private final LongHashSet stored = new LongHashSet();
  private boolean storedIsComplete = true;
  private final List<Slot> unsaved = new ArrayList<>();
  private int idsOnHeap;
  private long save;
  private @Nullable Slot last;

  SeenEvents(KeyValueStore<Bytes, byte[]> store, int maxIdsOnHeap) {
    this.store = store;
    this.maxIdsOnHeap = maxIdsOnHeap;
    try (KeyValueIterator<Bytes, byte[]> touched = touched()) {
      while (storedIsComplete && touched.hasNext()) {
        noteStored(slotOf(touched.next().key));
      }
    }
  }

  /**
   * Remembers an event.
   *
   * @param arrival when the record arrived in Kafka, in ms since the epoch
   * @return false when it was there already
   */
  boolean add(long timestamp, String eventId, long arrival) {
    Slot slot = slot(Math.floorDiv(timestamp, SLOT_MS));
    slot.arrival = Math.max(slot.arrival, arrival);
    slot.usedInSave = save;
    long hash = HASHER.hashCharsToLong(eventId);
    if (!slot.ids.add(hash)) {
      return false;
    }
    if (slot.unsaved.isEmpty()) {
      unsaved.add(slot);
    }
    slot.unsaved.addLong(hash);
    idsOnHeap++;
    return true;
  }

  private Slot slot(long number) {
    Slot slot = last;
    if (slot != null && slot.number == number) {
      return slot;
    }
    slot = slots.get(number);
    if (slot == null) {
      slot = new Slot(number);
      slots.put(number, slot);
      if (!storedIsComplete || stored.contains(number)) {
        load(slot);
      }
      idsOnHeap += SLOT_OVERHEAD + slot.ids.size();
    }
    last = slot;
    return slot;
  }

  private void load(Slot slot) {
    byte[] touched = store.get(touchedKey(slot.number));
    if (touched == null) {
      return;
    }
    slot.storedArrival = ByteBuffer.wrap(touched).getLong();
    slot.arrival = slot.storedArrival;
    try (KeyValueIterator<Bytes, byte[]> chunks =
        store.range(chunkKey(slot.number, 0), chunkKey(slot.number, Integer.MAX_VALUE))) {
      while (chunks.hasNext()) {
        ByteBuffer hashes = ByteBuffer.wrap(chunks.next().value);
        while (hashes.hasRemaining()) {
          slot.ids.add(hashes.getLong());
        }
        slot.chunks++;
      }
    }
  }

  private void noteStored(long slot) {
    if (storedIsComplete && stored.size() >= MAX_KNOWN_SLOTS) {
      storedIsComplete = false;
      stored.clear();
      stored.compact();
    }
    if (storedIsComplete) {
      stored.add(slot);
    }
  }

  /** Writes what came since the last save to the store. */
  void save() {
    for (Slot slot : unsaved) {
      int count = slot.unsaved.size();
      ByteBuffer hashes = ByteBuffer.allocate(count * Long.BYTES);
      for (int i = 0; i < count; i++) {
        hashes.putLong(slot.unsaved.getLong(i));
      }
      store.put(chunkKey(slot.number, slot.chunks++), hashes.array());
      slot.unsaved.clear();
      if (slot.arrival > slot.storedArrival + TOUCH_MS || slot.chunks == 1) {
        slot.storedArrival = slot.arrival;
        byte[] arrival = ByteBuffer.allocate(Long.BYTES).putLong(slot.arrival).array();
        store.put(touchedKey(slot.number), arrival);
        noteStored(slot.number);
      }
    }
    unsaved.clear();
    if (idsOnHeap > maxIdsOnHeap) {
      trim();
    }
    save++;
  }

  private void trim() {
    last = null;
    Iterator<Slot> all = slots.values().iterator();
    while (all.hasNext()) {
      Slot slot = all.next();
      if (slot.usedInSave < save) {
        idsOnHeap -= SLOT_OVERHEAD + slot.ids.size();
        all.remove();
      }
    }
    if (idsOnHeap > maxIdsOnHeap) {
      slots.clear();
      idsOnHeap = 0;
    }
  }

  /** Forgets the slots to which no event has come since {@code arrivedBefore}; save() first. */
  void expire(long arrivedBefore) {
    last = null;
    try (KeyValueIterator<Bytes, byte[]> touched = touched()) {
      while (touched.hasNext()) {
        KeyValue<Bytes, byte[]> entry = touched.next();
        if (ByteBuffer.wrap(entry.value).getLong() + TOUCH_MS < arrivedBefore) {
          forget(slotOf(entry.key));
        }
      }
    }
  }

  private void forget(long number) {
    Slot onHeap = slots.remove(number);
    if (onHeap != null) {
      idsOnHeap -= SLOT_OVERHEAD + onHeap.ids.size();
    }
    stored.remove(number);
    try (KeyValueIterator<Bytes, byte[]> chunks =
        store.range(chunkKey(number, 0), chunkKey(number, Integer.MAX_VALUE))) {
      while (chunks.hasNext()) {
        store.delete(chunks.next().key);
      }
    }
    store.delete(touchedKey(number));
  }

  private KeyValueIterator<Bytes, byte[]> touched() {
    return store.range(touchedKey(Long.MIN_VALUE), touchedKey(Long.MAX_VALUE));
  }

  private static Bytes chunkKey(long slot, int chunk) {
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES)
            .put(CHUNK)
            .putLong(sortable(slot))
            .putInt(chunk)
            .array());
  }

  private static Bytes touchedKey(long slot) {
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Long.BYTES).put(TOUCHED).putLong(sortable(slot)).array());
  }

  private static long slotOf(Bytes touchedKey) {
    return sortable(ByteBuffer.wrap(touchedKey.get()).getLong(1));
  }

  /** Stores sort keys as unsigned bytes: flipping the sign bit makes that the signed order. */
  private static long sortable(long slot) {
    return slot ^ Long.MIN_VALUE;
  }

  private static final class Slot {
    private final long number;
    private final LongHashSet ids = new LongHashSet();
    private final LongArrayList unsaved = new LongArrayList();
    private int chunks;
    private long arrival = Long.MIN_VALUE;
    private long storedArrival = Long.MIN_VALUE;
    private long usedInSave;

    private Slot(long number) {
      this.number = number;
    }
  }
}
