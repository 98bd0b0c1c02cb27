// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Adds the increments of all partitions to the aggregate of their scope and window, and publishes
 * each changed aggregate every second.
 *
 * <p>Input: {@link Partial} increments under the scope's key. Output: {@link CallStats} documents
 * under {@link CallStats#key()}. Windows: tumbling minutes; published while open, once more as
 * final when stream time has passed the window by the close delay, and again with a higher revision
 * whenever a late increment comes. Where no increment comes for two minutes, wall-clock time stands
 * in for stream time, so that the last windows of a stream close too. State: one aggregate a scope
 * and window, 50 to 300 bytes, until no increment has come for the horizon.
 */
final class ScopeMerger implements Processor<String, Partial, String, byte[]> {
  /*
   * Changed aggregates are on the heap from their first increment until they are published and stored
   * at the next full second, which is followed at once by a commit. A commit that comes without that
   * stores them too (persist) and notes them in `open-windows` as unpublished.
   */

  static final String AGGREGATES = "scope-aggregates";
  static final String OPEN = "open-windows";
  static final String BEFORE_COMMIT = "scope-before-commit";

  private static final Duration EXPIRY_INTERVAL = Duration.ofHours(1);
  private static final Duration IDLE = Duration.ofMinutes(2);

  private final AggregationConfig config;

  private final Map<PartialKey, Aggregate> changed = new LinkedHashMap<>();
  private long streamTime = Long.MIN_VALUE;
  private long latestArrival = Long.MIN_VALUE;
  private long lastInputAt;

  private @Nullable State state;

  ScopeMerger(AggregationConfig config) {
    this.config = config;
  }

  /** What exists from init() on. */
  private record State(
      ProcessorContext<String, byte[]> context,
      KeyValueStore<Bytes, byte[]> aggregates,
      OpenWindows open) {}

  @Override
  public void init(ProcessorContext<String, byte[]> context) {
    State opened =
        new State(
            context,
            context.getStateStore(AGGREGATES),
            new OpenWindows(context.getStateStore(OPEN)));
    state = opened;
    lastInputAt = context.currentSystemTimeMs();
    for (PartialKey key : opened.open.unpublished()) {
      changed.put(key, load(opened, key));
    }
    BeforeCommitStore beforeCommit = context.getStateStore(BEFORE_COMMIT);
    beforeCommit.onCommit(() -> persist(opened));
    context.schedule(
        Instant.EPOCH,
        PartitionAggregator.SEND_INTERVAL,
        PunctuationType.WALL_CLOCK_TIME,
        now -> publish(opened, now));
    context.schedule(
        Instant.EPOCH, EXPIRY_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> expire(opened));
  }

  @Override
  public void process(Record<String, Partial> record) {
    if (state == null) {
      throw new IllegalStateException("process before init");
    }
    State opened = state;
    Partial partial = record.value();
    PartialKey key = new PartialKey(record.key(), partial.windowStart(), partial.importId());
    Aggregate aggregate = changed.get(key);
    if (aggregate == null) {
      aggregate = load(opened, key);
      changed.put(key, aggregate);
    }
    aggregate.measures.merge(partial.measures());
    aggregate.touched = Math.max(aggregate.touched, record.timestamp());
    latestArrival = Math.max(latestArrival, record.timestamp());
    streamTime = Math.max(streamTime, partial.windowStart());
    lastInputAt = opened.context.currentSystemTimeMs();
  }

  private static Aggregate load(State opened, PartialKey key) {
    byte[] stored = opened.aggregates.get(key.toBytes());
    return stored == null ? new Aggregate() : Aggregate.fromBytes(stored);
  }

  private void publish(State opened, long now) {
    long closedUntil = closedUntil(now);
    for (PartialKey key : opened.open.startingBefore(closedUntil)) {
      changed.computeIfAbsent(key, absent -> load(opened, absent));
    }
    if (changed.isEmpty()) {
      return;
    }
    for (Map.Entry<PartialKey, Aggregate> entry : changed.entrySet()) {
      PartialKey key = entry.getKey();
      Aggregate aggregate = entry.getValue();
      // Wall-clock milliseconds, so that revisions grow even where the state has expired.
      aggregate.revision = Math.max(aggregate.revision + 1, now);
      // Once final, a window stays final: what comes later corrects it.
      aggregate.closed |= key.windowStart() < closedUntil;
      opened.aggregates.put(key.toBytes(), aggregate.toBytes());
      if (aggregate.closed) {
        opened.open.remove(key);
      } else {
        opened.open.add(key);
      }
      CallStats stats =
          new CallStats(
              Scope.ofKey(key.scopeKey()),
              key.importId(),
              key.windowStart(),
              CallStats.WINDOW_MS,
              aggregate.closed,
              aggregate.revision,
              aggregate.measures);
      opened.context.forward(new Record<>(stats.key(), CallStatsCodec.encode(stats), now));
    }
    changed.clear();
    opened.context.commit();
  }

  /** Windows that start before this are closed. */
  private long closedUntil(long now) {
    boolean idle = now - lastInputAt > IDLE.toMillis();
    long time = idle ? Math.max(streamTime, now) : streamTime;
    return time == Long.MIN_VALUE
        ? Long.MIN_VALUE
        : time - CallStats.WINDOW_MS - config.closeDelay().toMillis() + 1;
  }

  /** Makes the heap durable within the transaction that is about to commit. */
  private void persist(State opened) {
    for (Map.Entry<PartialKey, Aggregate> entry : changed.entrySet()) {
      opened.aggregates.put(entry.getKey().toBytes(), entry.getValue().toBytes());
      opened.open.markUnpublished(entry.getKey());
    }
  }

  private void expire(State opened) {
    if (latestArrival == Long.MIN_VALUE) {
      return;
    }
    long arrivedBefore = latestArrival - config.stateRetention().toMillis();
    // A window's last event arrived after it began: later windows cannot have expired.
    try (KeyValueIterator<Bytes, byte[]> old =
        opened.aggregates.range(
            PartialKey.lowerBound(0), PartialKey.lowerBound(Math.max(0, arrivedBefore)))) {
      while (old.hasNext()) {
        KeyValue<Bytes, byte[]> entry = old.next();
        PartialKey key = PartialKey.fromBytes(entry.key);
        boolean expired = Aggregate.fromBytes(entry.value).touched < arrivedBefore;
        if (expired && !changed.containsKey(key) && !opened.open.contains(key)) {
          opened.aggregates.delete(entry.key);
        }
      }
    }
  }

  /** An aggregate as it is kept. */
  private static final class Aggregate {
    private final Measures measures;
    private long revision;
    private long touched = Long.MIN_VALUE;
    private boolean closed;

    private Aggregate() {
      this(new Measures());
    }

    private Aggregate(Measures measures) {
      this.measures = measures;
    }

    private byte[] toBytes() {
      byte[] counts = measures.toBytes();
      return ByteBuffer.allocate(2 * Long.BYTES + 1 + counts.length)
          .putLong(revision)
          .putLong(touched)
          .put((byte) (closed ? 1 : 0))
          .put(counts)
          .array();
    }

    private static Aggregate fromBytes(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      long revision = in.getLong();
      long touched = in.getLong();
      boolean closed = in.get() != 0;
      Aggregate aggregate = new Aggregate(Measures.fromBytes(in));
      aggregate.revision = revision;
      aggregate.touched = touched;
      aggregate.closed = closed;
      return aggregate;
    }
  }
}
