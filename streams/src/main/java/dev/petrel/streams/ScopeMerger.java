// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.service.Topic;
import dev.petrel.stats.Accounts;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;
import dev.petrel.streams.Aggregate.Role;
import dev.petrel.streams.AggregateKey.Length;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Adds the increments of all partitions to the aggregate of their scope and window, and publishes
 * each changed aggregate every second.
 *
 * <p>Input: {@link PartialBatch} increments. Output: {@link CallStats} documents of minutes, hours
 * and days under {@link CallStats#key()}, and the account of merged attempts. Windows: tumbling;
 * minutes are published while open, once more as final when {@link StreamTime} has passed them by
 * the close delay, and again with a higher revision whenever a late increment comes; hours and days
 * likewise as their parts close. State: one aggregate a scope and window, 50 to 300 bytes a minute,
 * until no increment has come for the horizon.
 */
final class ScopeMerger implements Processor<String, Output, String, Output> {
  /*
   * Changed aggregates are on the heap from their first increment until they are published and stored
   * at the next full second, which is followed at once by a commit. A commit that comes without that
   * stores them too (persist), and marks them as unpublished.
   */

  static final String AGGREGATES = "scope-aggregates";
  static final String UNPUBLISHED = "unpublished-aggregates";
  static final String PROGRESS = "merge-progress";
  static final String BEFORE_COMMIT = "scope-before-commit";

  private static final Duration EXPIRY_INTERVAL = Duration.ofHours(1);
  private static final Bytes CLOSED_KEY = Bytes.wrap("closed".getBytes(StandardCharsets.UTF_8));
  private static final Bytes MERGED_KEY = Bytes.wrap("merged".getBytes(StandardCharsets.UTF_8));
  private static final String ALL_CALLS = ScopeKind.ALL.wireName() + "|";

  private final AggregationConfig config;
  private final Conservation conservation;
  private final Cardinality cardinality;
  private final Supplier<SendSchedule> scheduleOfThread;
  private final List<Cancellable> schedules = new ArrayList<>();
  private long latestArrival = Long.MIN_VALUE;
  private boolean changed;

  private @Nullable State state;

  ScopeMerger(
      AggregationConfig config,
      Conservation conservation,
      Cardinality cardinality,
      Supplier<SendSchedule> scheduleOfThread) {
    this.config = config;
    this.conservation = conservation;
    this.cardinality = cardinality;
    this.scheduleOfThread = scheduleOfThread;
  }

  /** What exists from init() on. */
  private static final class State {
    private final ProcessorContext<String, Output> context;
    private final SendSchedule schedule;
    private final KeyValueStore<Bytes, byte[]> progress;
    private final Aggregates aggregates;
    private final ClosedWindows closed;
    private final ScopeCaps caps;
    private final Rollups rollups;
    private final StreamTime streamTime;
    private long merged;

    private State(
        ProcessorContext<String, Output> context,
        AggregationConfig config,
        Cardinality cardinality,
        SendSchedule schedule) {
      this.context = context;
      this.schedule = schedule;
      progress = context.getStateStore(PROGRESS);
      aggregates =
          new Aggregates(context.getStateStore(AGGREGATES), context.getStateStore(UNPUBLISHED));
      closed = ClosedWindows.fromBytes(progress.get(CLOSED_KEY));
      caps = new ScopeCaps(config);
      rollups = new Rollups(aggregates, caps, cardinality, closed);
      streamTime = new StreamTime(context.currentSystemTimeMs());
      byte[] saved = progress.get(MERGED_KEY);
      merged = saved == null ? 0 : Accounts.decode(saved).merged();
    }

    private Accounts accounts() {
      return new Accounts(context.taskId().partition(), -1, -1, 0, 0, 0, 0, 0, merged);
    }

    private void save() {
      progress.put(CLOSED_KEY, closed.toBytes());
      progress.put(MERGED_KEY, accounts().encode());
    }
  }

  @Override
  public void init(ProcessorContext<String, Output> context) {
    State opened = new State(context, config, cardinality, scheduleOfThread.get());
    state = opened;
    changed = opened.aggregates.changed() > 0;
    BeforeCommitStore beforeCommit = context.getStateStore(BEFORE_COMMIT);
    beforeCommit.onCommit(() -> persist(opened));
    schedules.add(
        context.schedule(
            Instant.EPOCH,
            SendSchedule.TICK,
            PunctuationType.WALL_CLOCK_TIME,
            now -> tick(opened, now)));
    schedules.add(
        context.schedule(
            Instant.EPOCH,
            EXPIRY_INTERVAL,
            PunctuationType.WALL_CLOCK_TIME,
            now -> expire(opened)));
  }

  @Override
  public void process(Record<String, Output> record) {
    if (state == null) {
      throw new IllegalStateException("process before init");
    }
    if (!(record.value() instanceof PartialBatch batch)) {
      throw new IllegalStateException("no batch of increments: " + record.value());
    }
    State opened = state;
    long now = opened.context.currentSystemTimeMs();
    latestArrival = Math.max(latestArrival, record.timestamp());
    opened.schedule.received(record.timestamp());
    changed = true;
    PartialBatches.read(
        batch.entries(),
        (scopeKey, windowStart, importId, measures) -> {
          AggregateKey key = new AggregateKey(Length.MINUTE, windowStart, scopeKey, importId);
          long added = opened.rollups.add(key, measures, record.timestamp());
          opened.merged += scopeKey.startsWith(ALL_CALLS) ? added : 0;
          if (importId == null) {
            opened.streamTime.advance(batch.partition(), windowStart, now);
          }
          flushIfLarge(opened, now);
        });
  }

  /** Keeps the heap bounded: what is published early is part of the same transaction. */
  private void flushIfLarge(State opened, long now) {
    if (opened.aggregates.changed() > maxOnHeap()) {
      opened.aggregates.flush((key, aggregate) -> publish(opened, key, aggregate, now));
    }
  }

  private int maxOnHeap() {
    return config.maxCellsOnHeap(conservation.openPartitions());
  }

  private void tick(State opened, long now) {
    boolean closes = closes(opened, now);
    if ((!changed && !closes) || !opened.schedule.isDue(now)) {
      return;
    }
    if (closes) {
      close(opened, now, Length.MINUTE, Length.HOUR);
      close(opened, now, Length.HOUR, Length.DAY);
      close(opened, now, Length.DAY, Length.DAY);
    }
    opened.aggregates.flush((key, aggregate) -> publish(opened, key, aggregate, now));
    opened.context.forward(
        new Record<>(
            "scopes-" + opened.context.taskId().partition(),
            new Output.Published(Topic.ACCOUNTS, opened.accounts().encode()),
            now));
    cardinality.tracked(opened.context.taskId(), opened.caps);
    opened.save();
    changed = false;
    opened.context.commit();
  }

  private boolean closes(State opened, long now) {
    return closedBefore(opened, now, Length.MINUTE) > opened.closed.before(Length.MINUTE);
  }

  /** Windows of a length that start before this are over. */
  private long closedBefore(State opened, long now, Length length) {
    long time = opened.streamTime.at(now);
    return time == Long.MIN_VALUE
        ? Long.MIN_VALUE
        : CallStats.windowStartOf(time - config.closeDelay().toMillis(), length.millis());
  }

  private void close(State opened, long now, Length length, Length longer) {
    long from = opened.closed.before(length);
    long to = closedBefore(opened, now, length);
    if (to <= from) {
      return;
    }
    opened.closed.close(length, to);
    opened.aggregates.forEach(
        length,
        from,
        to,
        key -> {
          opened.aggregates.change(key);
          if (longer != length) {
            opened.rollups.rollUp(key, longer);
          }
          flushIfLarge(opened, now);
        });
  }

  private void publish(State opened, AggregateKey key, Aggregate aggregate, long now) {
    if (aggregate.role() == Role.IN_OTHER) {
      return;
    }
    // The others' aggregate has a part in each merging partition.
    int part = aggregate.role() == Role.OTHER ? opened.context.taskId().partition() : 0;
    CallStats stats =
        new CallStats(
            Scope.ofKey(key.scopeKey()),
            key.importId(),
            part,
            key.windowStart(),
            key.length().millis(),
            opened.closed.contains(key),
            aggregate.nextRevision(now),
            aggregate.measures());
    Topic topic = key.length() == Length.MINUTE ? Topic.CALL_STATS : Topic.CALL_ROLLUPS;
    opened.context.forward(
        new Record<>(
            stats.key(key.scopeKey()),
            new Output.Published(topic, CallStatsCodec.encode(stats)),
            now));
  }

  /** Makes the heap durable within the transaction that is about to commit. */
  private void persist(State opened) {
    if (changed) {
      opened.aggregates.persist();
      opened.save();
    }
  }

  private void expire(State opened) {
    if (latestArrival != Long.MIN_VALUE) {
      long before = latestArrival - config.stateRetention().toMillis();
      for (Length length : Length.values()) {
        opened.aggregates.expire(length, Math.min(before, opened.closed.before(length)));
      }
    }
  }

  @Override
  public void close() {
    // They outlive the processor where its task is revived.
    schedules.forEach(Cancellable::cancel);
    schedules.clear();
    if (state != null) {
      cardinality.closed(state.context.taskId());
    }
  }
}
