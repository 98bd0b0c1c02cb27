// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.petrel.event.EventField;
import dev.petrel.event.InvalidEventException;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.Outcome;
import dev.petrel.service.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of one partition on the heap and sends what it counted, by scope, every second.
 *
 * <p>Input: a call event under any key. Output: {@link PartialBatch} increments, with the latest
 * arrival as timestamp, and the partition's accounts. Windows: tumbling minutes on event time.
 * Late: a live event is counted while it is at most the correction horizon older than its arrival,
 * an imported one always. State: ids of counted events, 8 bytes each, until a second of event time
 * has seen none for the horizon; what providers asked retries to wait for, for an hour.
 */
final class PartitionAggregator implements Processor<byte[], byte[], String, Output> {
  /*
   * Exactly once, although the counts are on the heap: at a full second everything is sent, followed
   * at once by a commit, so that between transactions the heap is empty. Tasks of one thread send at
   * the same moment, because the schedule is anchored. Where a commit comes without that (interval,
   * rebalance, clean close), persist() writes the heap to the `pending` store within the transaction,
   * and the next owner of the partition sends it. Above the bound on the heap counts are sent in
   * between, as part of the transaction that the next full second commits.
   *
   * While catching up it sends every fourth second: cells then hold more calls each, and fewer
   * increments, commits and documents are made of the same backlog.
   */

  static final String PENDING = "pending-partials";
  static final String SEEN = "seen-events";
  static final String RETRY_ASKS = "retry-asks";
  static final String ACCOUNTS = "partition-accounts";
  static final String BEFORE_COMMIT = "partition-before-commit";

  /** Names the import that a record belongs to. */
  static final String IMPORT_HEADER = "petrel-import";

  private static final Duration EXPIRY_INTERVAL = Duration.ofMinutes(10);
  private static final Bytes LEDGER_KEY = Bytes.wrap("ledger".getBytes(StandardCharsets.UTF_8));
  private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final LlmCallEventCodec codec;
  private final AggregationConfig config;
  private final Conservation conservation;

  private final Supplier<SendSchedule> scheduleOfThread;
  private final List<Cancellable> schedules = new ArrayList<>();
  private long latestArrival = Long.MIN_VALUE;
  private int nextPending;

  /** Whether anything happened since the last send, and since the heap was last made durable. */
  private boolean unsent;

  private boolean unsaved;

  private @Nullable State state;

  PartitionAggregator(
      LlmCallEventCodec codec,
      AggregationConfig config,
      Conservation conservation,
      Supplier<SendSchedule> scheduleOfThread) {
    this.codec = codec;
    this.config = config;
    this.conservation = conservation;
    this.scheduleOfThread = scheduleOfThread;
  }

  /**
   * What exists from init() on. Also the heap that belongs to a transaction: where that is aborted,
   * Kafka Streams initializes the same processor again, and it must start with nothing.
   */
  private record State(
      ProcessorContext<String, Output> context,
      KeyValueStore<Bytes, byte[]> pending,
      KeyValueStore<Bytes, byte[]> accounts,
      SeenEvents seen,
      RetryAsks retryAsks,
      SendSchedule schedule,
      Ledger ledger,
      Cells cells,
      List<Bytes> pendingKeys) {}

  @Override
  public void init(ProcessorContext<String, Output> context) {
    KeyValueStore<Bytes, byte[]> pending = context.getStateStore(PENDING);
    KeyValueStore<Bytes, byte[]> accounts = context.getStateStore(ACCOUNTS);
    State opened =
        new State(
            context,
            pending,
            accounts,
            new SeenEvents(context.getStateStore(SEEN), config.maxIdsOnHeap()),
            new RetryAsks(context.getStateStore(RETRY_ASKS)),
            scheduleOfThread.get(),
            Ledger.fromBytes(accounts.get(LEDGER_KEY)),
            new Cells(),
            new ArrayList<>());
    state = opened;
    try (KeyValueIterator<Bytes, byte[]> left = pending.all()) {
      while (left.hasNext()) {
        Bytes key = left.next().key;
        opened.pendingKeys.add(key);
        nextPending = Math.max(nextPending, ByteBuffer.wrap(key.get()).getInt(1) + 1);
      }
    }
    // What the last owner saved without sending it, its accounts at least.
    unsent = true;
    unsaved = false;
    conservation.opened(context.taskId(), opened.ledger);
    BeforeCommitStore beforeCommit = context.getStateStore(BEFORE_COMMIT);
    beforeCommit.onCommit(() -> persist(opened));
    schedules.add(
        context.schedule(
            Instant.EPOCH,
            SendSchedule.TICK,
            PunctuationType.WALL_CLOCK_TIME,
            now -> {
              if (unsent && opened.schedule.isDue(now)) {
                sendAndCommit(opened);
              }
            }));
    schedules.add(
        context.schedule(
            Instant.EPOCH,
            EXPIRY_INTERVAL,
            PunctuationType.WALL_CLOCK_TIME,
            now -> expire(opened)));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    State opened = opened();
    unsent = true;
    unsaved = true;
    latestArrival = Math.max(latestArrival, record.timestamp());
    opened.schedule.received(record.timestamp());
    opened.context.recordMetadata().ifPresent(read -> opened.ledger.accept(read.offset()));
    LlmCallEvent event;
    try {
      event = codec.decode(record.value());
    } catch (InvalidEventException e) {
      opened.ledger.enter(Ledger.Account.DEAD_LETTERED);
      throw new InvalidRecordException(e);
    }
    opened.ledger.enter(count(opened, event, record));
    if (opened.cells.size() > maxCellsOnHeap()) {
      forwardCells(opened);
    }
  }

  private int maxCellsOnHeap() {
    return config.maxCellsOnHeap(conservation.openPartitions());
  }

  private Ledger.Account count(State opened, LlmCallEvent event, Record<byte[], byte[]> record) {
    String importId = importId(record);
    long age = record.timestamp() - event.timestamp();
    if (importId == null && age > config.correctionHorizon().toMillis()) {
      return Ledger.Account.BEYOND_RETENTION;
    }
    if (!opened.seen.add(event.timestamp(), event.eventId(), record.timestamp())) {
      return Ledger.Account.DUPLICATES;
    }
    Boolean early = event.get(EventField.ATTEMPT, 0) > 0 ? opened.retryAsks.isEarly(event) : null;
    opened.cells.add(event, importId, early);
    if (event.outcome() == Outcome.ERROR) {
      opened.retryAsks.remember(event);
    }
    return Ledger.Account.AGGREGATED;
  }

  /** The import that a record belongs to, null for a live one. */
  private static @Nullable String importId(Record<byte[], byte[]> record) {
    Header header = record.headers().lastHeader(IMPORT_HEADER);
    if (header == null || header.value() == null || header.value().length == 0) {
      return null;
    }
    String id = new String(header.value(), StandardCharsets.UTF_8);
    // Ids become part of keys: what is not plain is replaced by its hash.
    return PLAIN_ID.matcher(id).matches()
        ? id
        : Long.toHexString(Hashing.wyhashFinal4().hashCharsToLong(id));
  }

  /** Sends everything counted since the last time, and asks for a commit right behind it. */
  private void sendAndCommit(State opened) {
    int partition = opened.context.taskId().partition();
    for (Bytes key : opened.pendingKeys) {
      byte[] left = opened.pending.delete(key);
      if (left != null) {
        forward(opened, new PartialBatch(key.get()[0], partition, left));
      }
    }
    opened.pendingKeys.clear();
    forwardCells(opened);
    forward(
        opened,
        "calls-" + partition,
        new Output.Published(Topic.ACCOUNTS, opened.ledger.accounts(partition).encode()));
    save(opened);
    unsent = false;
    opened.context.commit();
  }

  private void forwardCells(State opened) {
    for (PartialBatch batch : drain(opened)) {
      forward(opened, batch);
    }
  }

  private void forward(State opened, PartialBatch batch) {
    forward(opened, Integer.toString(batch.shard()), batch);
  }

  private void forward(State opened, String key, Output output) {
    opened.context.forward(new Record<>(key, output, Math.max(0, latestArrival)));
  }

  /** Makes the heap durable within the transaction that is about to commit. */
  private void persist(State opened) {
    if (!unsaved) {
      return;
    }
    for (PartialBatch batch : drain(opened)) {
      Bytes key =
          Bytes.wrap(
              ByteBuffer.allocate(1 + Integer.BYTES)
                  .put((byte) batch.shard())
                  .putInt(nextPending++)
                  .array());
      opened.pending.put(key, batch.entries());
      opened.pendingKeys.add(key);
    }
    save(opened);
  }

  private List<PartialBatch> drain(State opened) {
    PartialBatches batches = new PartialBatches(opened.context.taskId().partition());
    opened.cells.drainTo(batches);
    return batches.batches();
  }

  private void save(State opened) {
    opened.seen.save();
    opened.retryAsks.save(latestArrival);
    int partition = opened.context.taskId().partition();
    opened.accounts.put(LEDGER_KEY, opened.ledger.accounts(partition).encode());
    unsaved = false;
  }

  private void expire(State opened) {
    if (latestArrival != Long.MIN_VALUE) {
      opened.seen.save();
      opened.seen.expire(latestArrival - config.stateRetention().toMillis());
    }
  }

  @Override
  public void close() {
    // They outlive the processor where its task is revived.
    schedules.forEach(Cancellable::cancel);
    schedules.clear();
    if (state != null) {
      conservation.closed(state.context.taskId(), state.ledger);
    }
  }

  private State opened() {
    if (state == null) {
      throw new IllegalStateException("process before init");
    }
    return state;
  }
}
