// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.petrel.event.InvalidEventException;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
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
 * Counts the calls of one partition on the heap and sends what it counted, by scope, every second.
 *
 * <p>Input: a call event under any key. Output: {@link Partial} increments under the scope's key,
 * with the latest arrival as timestamp. Windows: tumbling minutes on event time. Late: a live event
 * is counted while it is at most the correction horizon older than its arrival, an imported one
 * always. State: ids of counted events, 8 bytes each, until a window has seen none for the horizon.
 */
final class PartitionAggregator implements Processor<byte[], byte[], String, Partial> {
  /*
   * Exactly once, although the counts are on the heap: in the normal course everything is sent at a
   * full second, followed at once by a commit, so that between transactions the heap is empty. Tasks
   * of one thread send at the same moment, because the schedule is anchored. Where a commit comes
   * without that (interval, rebalance, clean close), persist() writes the heap to the `pending` store
   * within the transaction, and the next owner of the partition sends it.
   */

  static final String PENDING = "pending-partials";
  static final String SEEN = "seen-events";
  static final String ACCOUNTS = "partition-accounts";
  static final String BEFORE_COMMIT = "partition-before-commit";

  /** How often partials are sent. */
  static final Duration SEND_INTERVAL = Duration.ofSeconds(1);

  private static final Duration EXPIRY_INTERVAL = Duration.ofMinutes(10);
  private static final Bytes LEDGER_KEY = Bytes.wrap("ledger".getBytes(StandardCharsets.UTF_8));

  private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** Names the import that a record belongs to. */
  static final String IMPORT_HEADER = "petrel-import";

  private final LlmCallEventCodec codec;
  private final AggregationConfig config;
  private final Conservation conservation;

  private final Map<Cell, Measures> cells = new HashMap<>();
  private final Map<PartialKey, Measures> carried = new LinkedHashMap<>();
  private long latestArrival = Long.MIN_VALUE;
  private boolean changed;

  private @Nullable State state;

  PartitionAggregator(
      LlmCallEventCodec codec, AggregationConfig config, Conservation conservation) {
    this.codec = codec;
    this.config = config;
    this.conservation = conservation;
  }

  /** What exists from init() on. */
  private record State(
      ProcessorContext<String, Partial> context,
      KeyValueStore<Bytes, byte[]> pending,
      KeyValueStore<Bytes, byte[]> accounts,
      SeenEvents seen,
      Ledger ledger) {}

  @Override
  public void init(ProcessorContext<String, Partial> context) {
    KeyValueStore<Bytes, byte[]> pending = context.getStateStore(PENDING);
    KeyValueStore<Bytes, byte[]> accounts = context.getStateStore(ACCOUNTS);
    Ledger ledger = Ledger.fromBytes(accounts.get(LEDGER_KEY));
    SeenEvents seen = new SeenEvents(context.getStateStore(SEEN), config.maxIdsOnHeap());
    State opened = new State(context, pending, accounts, seen, ledger);
    state = opened;
    try (KeyValueIterator<Bytes, byte[]> left = pending.all()) {
      while (left.hasNext()) {
        KeyValue<Bytes, byte[]> entry = left.next();
        carried.put(
            PartialKey.fromBytes(entry.key), Measures.fromBytes(ByteBuffer.wrap(entry.value)));
      }
    }
    changed = !carried.isEmpty();
    conservation.opened(context.taskId(), ledger);
    BeforeCommitStore beforeCommit = context.getStateStore(BEFORE_COMMIT);
    beforeCommit.onCommit(() -> persist(opened));
    context.schedule(
        Instant.EPOCH, SEND_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> send(opened));
    context.schedule(
        Instant.EPOCH, EXPIRY_INTERVAL, PunctuationType.WALL_CLOCK_TIME, now -> expire(opened));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    State opened = opened();
    changed = true;
    latestArrival = Math.max(latestArrival, record.timestamp());
    LlmCallEvent event;
    try {
      event = codec.decode(record.value());
    } catch (InvalidEventException e) {
      opened.ledger.enter(Ledger.Account.DEAD_LETTERED);
      throw new InvalidRecordException(e);
    }
    opened.ledger.enter(count(opened, event, record));
    if (cells.size() >= config.maxCells()) {
      send(opened);
    }
  }

  private Ledger.Account count(State opened, LlmCallEvent event, Record<byte[], byte[]> record) {
    String importId = importId(record);
    long age = record.timestamp() - event.timestamp();
    if (importId == null && age > config.correctionHorizon().toMillis()) {
      return Ledger.Account.BEYOND_RETENTION;
    }
    long windowStart = CallStats.windowStartOf(event.timestamp());
    if (!opened.seen.add(windowStart, event.eventId(), record.timestamp())) {
      return Ledger.Account.DUPLICATES;
    }
    cells.computeIfAbsent(Cell.of(event, importId), cell -> new Measures()).add(event);
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
  private void send(State opened) {
    if (!changed) {
      return;
    }
    for (Map.Entry<PartialKey, Measures> partial : partials().entrySet()) {
      PartialKey key = partial.getKey();
      opened.context.forward(
          new Record<>(
              key.scopeKey(),
              new Partial(key.windowStart(), key.importId(), partial.getValue()),
              Math.max(0, latestArrival)));
    }
    for (PartialKey key : carried.keySet()) {
      opened.pending.delete(key.toBytes());
    }
    carried.clear();
    cells.clear();
    saveAccounts(opened);
    opened.context.commit();
  }

  /** Makes the heap durable within the transaction that is about to commit. */
  private void persist(State opened) {
    if (!changed) {
      return;
    }
    Map<PartialKey, Measures> partials = partials();
    for (Map.Entry<PartialKey, Measures> partial : partials.entrySet()) {
      opened.pending.put(partial.getKey().toBytes(), partial.getValue().toBytes());
    }
    carried.putAll(partials);
    cells.clear();
    saveAccounts(opened);
    changed = !carried.isEmpty();
  }

  private void saveAccounts(State opened) {
    opened.seen.save();
    opened.accounts.put(LEDGER_KEY, opened.ledger.toBytes());
    changed = false;
  }

  /**
   * The carried increments and the cells, added up by scope. The carried ones are changed in place.
   */
  private Map<PartialKey, Measures> partials() {
    Map<PartialKey, Measures> partials = new LinkedHashMap<>(carried);
    for (Map.Entry<Cell, Measures> entry : cells.entrySet()) {
      Cell cell = entry.getKey();
      for (Scope scope : cell.scopes()) {
        PartialKey key = new PartialKey(scope.key(), cell.windowStart(), cell.importId());
        partials.computeIfAbsent(key, absent -> new Measures()).merge(entry.getValue());
      }
    }
    return partials;
  }

  private void expire(State opened) {
    if (latestArrival != Long.MIN_VALUE) {
      opened.seen.save();
      opened.seen.expire(latestArrival - config.stateRetention().toMillis());
    }
  }

  @Override
  public void close() {
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
