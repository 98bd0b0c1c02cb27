// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongArrayList;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * How long providers asked to wait (Retry-After) on failed attempts, until the retries come that
 * did, or did not, wait. Not thread-safe: belongs to one task.
 */
final class RetryAsks {
  /*
   * Attempts of a call are published one after the other under one key, so that a failure is read
   * before its retry, from the same partition. A retry whose failure is not known, because it named
   * no time, was lost, came from elsewhere or more than an hour before, is not judged.
   *
   * Asks are on the heap, and in a logged store as one chunk a save. Chunks are dropped, oldest
   * first, after an hour or above the bound on asks.
   */

  private static final int MAX_ASKS = 100_000;
  private static final long MAX_AGE_MS = 3_600_000;

  /** Timestamps are cut to milliseconds, and timers may fire a clock tick too soon. */
  private static final long TOLERANCE_MS = 20;

  private static final int ASK_LONGS = 3;
  private static final long UNKNOWN = Long.MIN_VALUE;
  private static final Hasher64 HASHER = Hashing.wyhashFinal4();

  /**
   * @param failedAt when the failed attempt ended, in ms since the epoch, or {@link #UNKNOWN}
   * @param waitMs what the provider asked for, in ms
   */
  private record Ask(long failedAt, long waitMs) {}

  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Chunk(long number, long arrival, long[] asks) {}

  private final KeyValueStore<Bytes, byte[]> store;
  private final Long2ObjectHashMap<Ask> asks = new Long2ObjectHashMap<>();
  private final Deque<Chunk> chunks = new ArrayDeque<>();
  private final LongArrayList unsaved = new LongArrayList();
  private long nextChunk;

  RetryAsks(KeyValueStore<Bytes, byte[]> store) {
    this.store = store;
    try (KeyValueIterator<Bytes, byte[]> entries = store.all()) {
      while (entries.hasNext()) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        long number = ByteBuffer.wrap(entry.key.get()).getLong();
        ByteBuffer in = ByteBuffer.wrap(entry.value);
        long arrival = in.getLong();
        long[] saved = new long[in.remaining() / Long.BYTES];
        in.asLongBuffer().get(saved);
        chunks.add(new Chunk(number, arrival, saved));
        for (int i = 0; i < saved.length; i += ASK_LONGS) {
          asks.put(saved[i], new Ask(saved[i + 1], saved[i + 2]));
        }
        nextChunk = number + 1;
      }
    }
  }

  /** Remembers what the provider asked for on this attempt's failure, if it did. */
  void remember(LlmCallEvent event) {
    Long wait = event.get(EventField.RETRY_AFTER_MS);
    String callId = event.get(EventField.CALL_ID);
    if (wait == null || callId == null) {
      return;
    }
    Double duration = event.get(EventField.DURATION_MS);
    long failedAt = duration == null ? UNKNOWN : event.timestamp() + Math.round(duration);
    long key = key(callId, event.get(EventField.ATTEMPT, 0));
    asks.put(key, new Ask(failedAt, wait));
    unsaved.addLong(key);
    unsaved.addLong(failedAt);
    unsaved.addLong(wait);
  }

  /**
   * Whether this attempt, a retry, started before the time was over that the provider asked for
   * when the attempt before it failed; null when that is not known.
   */
  @Nullable Boolean isEarly(LlmCallEvent retry) {
    String callId = retry.get(EventField.CALL_ID);
    if (callId == null || asks.isEmpty()) {
      return null;
    }
    Ask ask = asks.get(key(callId, retry.get(EventField.ATTEMPT, 0) - 1));
    if (ask == null) {
      return null;
    }
    Long waited = retry.get(EventField.RETRY_DELAY_MS);
    if (waited != null) {
      return waited < ask.waitMs;
    }
    return ask.failedAt == UNKNOWN
        ? null
        : retry.timestamp() + TOLERANCE_MS < ask.failedAt + ask.waitMs;
  }

  private static long key(String callId, long attempt) {
    return HASHER.hashCharsToLong(callId) + attempt * 0x9e3779b97f4a7c15L; // 2^64 / golden ratio
  }

  /** Writes what came since the last save to the store, and drops what is too old or too much. */
  void save(long arrival) {
    if (!unsaved.isEmpty()) {
      Chunk chunk = new Chunk(nextChunk++, arrival, unsaved.toLongArray());
      ByteBuffer bytes = ByteBuffer.allocate((1 + chunk.asks.length) * Long.BYTES).putLong(arrival);
      bytes.asLongBuffer().put(chunk.asks);
      store.put(key(chunk), bytes.array());
      chunks.add(chunk);
      unsaved.clear();
    }
    Chunk oldest = chunks.peek();
    while (oldest != null && (oldest.arrival < arrival - MAX_AGE_MS || asks.size() > MAX_ASKS)) {
      for (int i = 0; i < oldest.asks.length; i += ASK_LONGS) {
        asks.remove(oldest.asks[i]);
      }
      store.delete(key(oldest));
      chunks.remove();
      oldest = chunks.peek();
    }
  }

  private static Bytes key(Chunk chunk) {
    return Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(chunk.number).array());
  }
}
