// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.Outcome;
import dev.petrel.stats.Accounts;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AggregationTopologyTest {

  private static final long T0 = Instant.parse("2026-11-24T10:00:00Z").toEpochMilli();
  private static final long MINUTE = CallStats.WINDOW_MS;

  @TempDir private Path stateDir;

  private final AtomicLong now = new AtomicLong(T0);
  private final LlmCallEventCodec codec =
      new LlmCallEventCodec(() -> Instant.ofEpochMilli(now.get()), AggregatedFields.ALL);
  private final Conservation conservation = new Conservation();

  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> calls;
  private TestOutputTopic<String, byte[]> stats;
  private TestOutputTopic<String, byte[]> rollups;
  private TestOutputTopic<String, byte[]> accounts;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  /** The latest record of each key. */
  private final Map<String, CallStats> latest = new HashMap<>();

  private final Map<String, CallStats> latestRollups = new HashMap<>();
  private final Map<String, Accounts> latestAccounts = new HashMap<>();
  private Map<ScopeKind, Integer> maxScopes = Map.of();

  @BeforeEach
  void open() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    config.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
    config.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, "llm-calls-dlq");
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    driver = new TopologyTestDriver(topology(), config, Instant.ofEpochMilli(T0));
    calls =
        driver.createInputTopic("llm-calls", new ByteArraySerializer(), new ByteArraySerializer());
    stats = output("llm-call-stats");
    rollups = output("llm-call-rollups");
    accounts = output("llm-accounts");
    deadLetters =
        driver.createOutputTopic(
            "llm-calls-dlq", new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private TestOutputTopic<String, byte[]> output(String topic) {
    return driver.createOutputTopic(topic, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private Topology topology() {
    AggregationConfig aggregation =
        new AggregationConfig(Duration.ofHours(24), Duration.ofMinutes(1), 100, 1000, maxScopes, 1);
    return new AggregationTopology(codec, aggregation, conservation, new Cardinality()).get();
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void get_countsOneCallInEveryScopeItBelongsTo() {
    // When
    send(
        event("e1", T0)
            .set(EventField.ENVIRONMENT, "prod")
            .set(EventField.PROVIDER, "openai")
            .set(EventField.REQUEST_MODEL, "gpt-4o-2024-08-06")
            .set(EventField.TENANT, "acme")
            .set(EventField.SERVICE, "chat")
            .set(EventField.CREDENTIAL, "0badcafe")
            .set(EventField.INPUT_TOKENS, 100L)
            .set(EventField.OUTPUT_TOKENS, 20L)
            .set(EventField.DURATION_MS, 1000.0));
    tick(5);

    // Then
    assertThat(latest.values())
        .extracting(s -> s.scope())
        .containsExactlyInAnyOrder(
            Scope.all("prod"),
            Scope.provider("prod", "openai"),
            Scope.model("prod", "openai", "gpt-4o"),
            Scope.tenant("prod", "acme"),
            Scope.tenantModel("prod", "acme", "openai", "gpt-4o"),
            Scope.service("prod", "chat"),
            Scope.credential("prod", "openai", "0badcafe"));
    for (CallStats each : latest.values()) {
      assertThat(each.windowStart()).isEqualTo(T0);
      assertThat(each.closed()).isFalse();
      assertThat(each.measures().attempts()).isEqualTo(1);
      assertThat(each.measures().calls()).isEqualTo(1);
      assertThat(each.measures().retries()).isZero();
      assertThat(each.measures().outcomes(Outcome.SUCCESS)).isEqualTo(1);
      assertThat(each.measures().tokens(EventField.INPUT_TOKENS)).isEqualTo(100);
      assertThat(each.measures().attemptsWithTokens(EventField.REASONING_TOKENS)).isZero();
      assertThat(each.measures().pricedAttempts()).isZero();
      assertThat(each.measures().latencyMs().quantile(0.5)).isBetween(992.5, 1007.5);
    }
    assertThat(deadLetters.isEmpty()).isTrue();
  }

  @Test
  void get_publishesNothingWithoutInput() {
    tick(180);

    assertThat(latest).isEmpty();
    assertThat(conservation.accepted()).isZero();
  }

  @Test
  void get_putsTheLastMillisecondAndTheFirstOfTheNextWindowApart() {
    send(event("e1", T0 + MINUTE - 1));
    send(event("e2", T0 + MINUTE));
    tick(5);

    assertThat(all(T0).measures().attempts()).isEqualTo(1);
    assertThat(all(T0 + MINUTE).measures().attempts()).isEqualTo(1);
  }

  @Test
  void get_closesAWindowWhenStreamTimePassesItByTheDelay() {
    send(event("e1", T0));
    tick(5);

    // One window later the delay of a minute is not over.
    pass(Duration.ofMinutes(1));
    send(event("e2", T0 + MINUTE));
    tick(5);
    assertThat(all(T0).closed()).isFalse();

    pass(Duration.ofMinutes(1));
    send(event("e3", T0 + 2 * MINUTE));
    tick(5);
    assertThat(all(T0).closed()).isTrue();
    assertThat(all(T0).measures().attempts()).isEqualTo(1);
    assertThat(all(T0 + MINUTE).closed()).isFalse();
  }

  @Test
  void get_closesTheLastWindowOfAnIdleStreamByWallClock() {
    send(event("e1", T0));

    tick(240);

    assertThat(all(T0).closed()).isTrue();
  }

  @Test
  void get_correctsAClosedWindowWithAHigherRevision() {
    send(event("e1", T0));
    tick(240);
    long revision = all(T0).revision();

    send(event("e2", T0 + 1));
    tick(5);

    assertThat(all(T0).measures().attempts()).isEqualTo(2);
    assertThat(all(T0).revision()).isGreaterThan(revision);
    assertThat(all(T0).closed()).isTrue();
  }

  @Test
  void get_countsALiveEventUpToTheHorizonAndNotBeyond() {
    long arrival = T0 + Duration.ofHours(24).toMillis();
    now.set(arrival);
    send(event("exactly", T0), arrival, null);
    send(event("beyond", T0 - 1), arrival, null);
    tick(5);

    assertThat(all(T0).measures().attempts()).isEqualTo(1);
    assertThat(latest.values()).noneMatch(s -> s.windowStart() < T0);
    assertThat(conservation.count(Ledger.Account.BEYOND_RETENTION)).isEqualTo(1);
    assertConserved(2);
  }

  @Test
  void get_countsImportedHistoryInRecordsOfItsOwnBesideLiveTraffic() {
    long monthsAgo = T0 - Duration.ofDays(200).toMillis();
    send(event("live", T0));
    send(event("old", monthsAgo), T0, "trace-1");
    send(event("import-into-live-window", T0), T0, "trace-1");
    tick(5);

    assertThat(all(T0).measures().attempts()).isEqualTo(1);
    assertThat(all(T0).importId()).isNull();
    CallStats imported = latest.get(Scope.all(null).key() + "@" + monthsAgo + "#trace-1");
    assertThat(imported.measures().attempts()).isEqualTo(1);
    assertThat(imported.importId()).isEqualTo("trace-1");
    assertThat(latest).containsKey(Scope.all(null).key() + "@" + T0 + "#trace-1");
    assertConserved(3);
  }

  @Test
  void get_countsARedeliveredEventOnce() {
    send(event("e1", T0));
    send(event("e1", T0));
    tick(5);
    send(event("e1", T0));
    tick(5);

    assertThat(all(T0).measures().attempts()).isEqualTo(1);
    assertThat(conservation.count(Ledger.Account.DUPLICATES)).isEqualTo(2);
    assertConserved(3);
  }

  @Test
  void get_recognisesARedeliveredEventAfterItsWindowLeftTheHeap() {
    // The test's bound is 100 ids on the heap.
    for (int i = 0; i < 300; i++) {
      send(event("e" + i, T0 + i * MINUTE / 30));
    }
    now.addAndGet(10 * MINUTE);
    tick(5);

    for (int i = 0; i < 300; i++) {
      send(event("e" + i, T0 + i * MINUTE / 30));
    }
    tick(5);

    assertThat(conservation.count(Ledger.Account.AGGREGATED)).isEqualTo(300);
    assertThat(conservation.count(Ledger.Account.DUPLICATES)).isEqualTo(300);
  }

  @Test
  void get_forgetsIdsAfterTheHorizonOfArrival() {
    send(event("e1", T0), T0, "import");
    tick(5);
    driver.advanceWallClockTime(Duration.ofHours(27));
    long later = T0 + Duration.ofHours(27).toMillis();
    now.set(later);
    send(event("other", later));
    // Once for the first step to send and expire, once for the second.
    driver.advanceWallClockTime(Duration.ofHours(1));
    driver.advanceWallClockTime(Duration.ofHours(1));

    send(event("e1", T0), later, "import");
    tick(5);

    // Counted again, from nothing: the published record is replaced by an equal one.
    assertThat(latest.get(Scope.all(null).key() + "@" + T0 + "#import").measures().attempts())
        .isEqualTo(1);
    assertThat(conservation.count(Ledger.Account.AGGREGATED)).isEqualTo(3);
  }

  @Test
  void get_sendsWhatIsNoEventToTheDeadLetterTopicWithItsReason() {
    byte[] negative =
        "{\"v\":1,\"event_id\":\"x\",\"timestamp\":%d,\"outcome\":\"success\",\"input_tokens\":-1}"
            .formatted(T0)
            .getBytes(StandardCharsets.UTF_8);
    calls.pipeInput(new TestRecord<>("key".getBytes(StandardCharsets.UTF_8), negative));
    calls.pipeInput(new TestRecord<>(null, "{\"v\":1,".getBytes(StandardCharsets.UTF_8)));
    calls.pipeInput(new TestRecord<>(null, (byte[]) null));
    send(event("good", T0));
    tick(5);

    List<TestRecord<byte[], byte[]>> letters = deadLetters.readRecordsToList();
    assertThat(letters).hasSize(3);
    Headers headers = letters.get(0).headers();
    assertThat(header(headers, "petrel-reason")).isEqualTo("impossible_value");
    assertThat(header(headers, "petrel-field")).isEqualTo("input_tokens");
    assertThat(header(headers, "petrel-message"))
        .isEqualTo("input_tokens: must not be negative, was -1");
    assertThat(header(headers, "petrel-source-topic")).isEqualTo("llm-calls");
    assertThat(header(headers, "petrel-source-offset")).isEqualTo("0");
    assertThat(letters.get(0).value()).isEqualTo(negative);
    assertThat(header(letters.get(1).headers(), "petrel-reason")).isEqualTo("truncated");
    assertThat(header(letters.get(2).headers(), "petrel-reason")).isEqualTo("empty");
    assertThat(all(T0).measures().attempts()).isEqualTo(1);
    assertThat(conservation.count(Ledger.Account.DEAD_LETTERED)).isEqualTo(3);
    assertConserved(4);
  }

  @Test
  void get_doesNotCloseWindowsForOneClockThatIsAhead() {
    send(event("e1", T0));
    send(event("ahead", T0 + 59 * MINUTE));
    tick(5);

    assertThat(all(T0).closed()).isFalse();
    assertThat(all(T0 + 59 * MINUTE).measures().attempts()).isEqualTo(1);
  }

  @Test
  void get_rollsClosedMinutesUpIntoHoursAndDays() {
    long hour = CallStats.windowStartOf(T0, CallStats.HOUR_MS);
    send(event("e1", T0).set(EventField.INPUT_TOKENS, 5L));
    send(event("e2", T0 + MINUTE).set(EventField.INPUT_TOKENS, 7L));
    tick(5);
    assertThat(latestRollups).isEmpty();

    // Both minutes close, the hour is open.
    tick(300);
    CallStats open = latestRollups.get(rollupKey(hour, CallStats.HOUR_MS));
    assertThat(open.measures().attempts()).isEqualTo(2);
    assertThat(open.measures().tokens(EventField.INPUT_TOKENS)).isEqualTo(12);
    assertThat(open.closed()).isFalse();
    assertThat(latestRollups).doesNotContainKey(rollupKey(hour, CallStats.DAY_MS));

    // A late call corrects minute and hour.
    send(event("late", T0 + 1));
    tick(5);
    assertThat(all(T0).measures().attempts()).isEqualTo(2);
    assertThat(latestRollups.get(rollupKey(hour, CallStats.HOUR_MS)).measures().attempts())
        .isEqualTo(3);

    // The hour closes, and is in its day; a late call corrects all three.
    pass(Duration.ofHours(2));
    tick(5);
    send(event("later", T0 + 2));
    tick(5);
    long day = CallStats.windowStartOf(T0, CallStats.DAY_MS);
    assertThat(latestRollups.get(rollupKey(hour, CallStats.HOUR_MS)).closed()).isTrue();
    assertThat(latestRollups.get(rollupKey(hour, CallStats.HOUR_MS)).measures().attempts())
        .isEqualTo(4);
    assertThat(latestRollups.get(rollupKey(day, CallStats.DAY_MS)).measures().attempts())
        .isEqualTo(4);
    assertThat(latestRollups.get(rollupKey(day, CallStats.DAY_MS)).closed()).isFalse();
  }

  private static String rollupKey(long start, long length) {
    return new CallStats(Scope.all(null), null, start, length, false, 0, new Measures()).key();
  }

  @Test
  void get_countsRetriesThatCameTooEarly() {
    send(asked("c1", "c1-0", T0));
    send(asked("c2", "c2-0", T0));
    send(asked("c3", "c3-0", T0));
    // 1 s after the start of an attempt of 500 ms that was told to wait for 2 s.
    send(retry("c1", "c1-1", T0 + 1000));
    send(retry("c2", "c2-1", T0 + 2500));
    // What the client says it waited counts before what timestamps say.
    send(retry("c3", "c3-1", T0 + 9000).set(EventField.RETRY_DELAY_MS, 1999L));
    // A retry of nothing that is known.
    send(retry("c4", "c4-1", T0 + 1000));
    tick(5);

    Measures measures = all(T0).measures();
    assertThat(measures.retries()).isEqualTo(4);
    assertThat(measures.retriesAfterAsk()).isEqualTo(3);
    assertThat(measures.earlyRetries()).isEqualTo(2);
  }

  private static LlmCallEvent.Builder asked(String call, String id, long timestamp) {
    return event(id, timestamp)
        .set(EventField.CALL_ID, call)
        .set(EventField.ATTEMPT, 0L)
        .set(EventField.OUTCOME, Outcome.ERROR)
        .set(EventField.ERROR_TYPE, ErrorType.RATE_LIMIT)
        .set(EventField.DURATION_MS, 500.0)
        .set(EventField.RETRY_AFTER_MS, 2000L);
  }

  private static LlmCallEvent.Builder retry(String call, String id, long timestamp) {
    return event(id, timestamp).set(EventField.CALL_ID, call).set(EventField.ATTEMPT, 1L);
  }

  @Test
  void get_countsScopesBeyondTheCapTogetherAndKeepsTotalsExact() {
    restartWith(Map.of(ScopeKind.TENANT, 3));
    // Five small tenants, of which three get a place; then a heavy one.
    for (int i = 0; i < 5; i++) {
      send(event("s" + i, T0 + i).set(EventField.TENANT, "small-" + i));
    }
    tick(5);
    for (int i = 0; i < 40; i++) {
      send(event("h" + i, T0 + 100 + i).set(EventField.TENANT, "heavy"));
    }
    tick(5);
    assertThat(tenant("heavy", T0)).isNull();
    assertThat(tenant(Scope.OTHER, T0).measures().attempts()).isEqualTo(42);
    assertTenantsAddUp(45, T0);

    // At the end of the minute it has more than twice the calls of the smallest: it gets a place,
    // and takes along what it had.
    tick(240);
    assertThat(tenant("heavy", T0).measures().attempts()).isEqualTo(40);
    assertThat(tenant(Scope.OTHER, T0).measures().attempts()).isEqualTo(2);
    assertTenantsAddUp(45, T0);

    // From then on it is counted on its own at once, and the one that it replaced is not.
    long later = T0 + 5 * MINUTE;
    for (int i = 0; i < 5; i++) {
      send(event("t" + i, later + i).set(EventField.TENANT, "small-" + i), later, null);
    }
    send(event("x", later).set(EventField.TENANT, "heavy"), later, null);
    tick(5);
    assertThat(tenant("heavy", later).measures().attempts()).isEqualTo(1);
    assertThat(tenant(Scope.OTHER, later).measures().attempts()).isEqualTo(3);
    assertTenantsAddUp(6, later);

    tick(240);
    long hour = CallStats.windowStartOf(T0, CallStats.HOUR_MS);
    Map<String, Long> byTenant = new HashMap<>();
    latestRollups.values().stream()
        .filter(s -> s.scope().kind() == ScopeKind.TENANT && s.windowStart() == hour)
        .forEach(s -> byTenant.put(s.scope().tenant(), s.measures().attempts()));
    assertThat(byTenant).containsEntry("heavy", 41L);
    assertThat(byTenant.values().stream().mapToLong(n -> n).sum()).isEqualTo(51);
  }

  private CallStats tenant(String tenant, long windowStart) {
    return latest.get(Scope.tenant(null, tenant).key() + "@" + windowStart);
  }

  private void assertTenantsAddUp(long attempts, long windowStart) {
    assertThat(
            latest.values().stream()
                .filter(s -> s.scope().kind() == ScopeKind.TENANT)
                .filter(s -> s.windowStart() == windowStart)
                .mapToLong(s -> s.measures().attempts())
                .sum())
        .isEqualTo(attempts);
  }

  private void restartWith(Map<ScopeKind, Integer> caps) {
    driver.close();
    maxScopes = caps;
    open();
  }

  @Test
  void get_equalsABatchComputationOnRandomDisorderedStreams() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Reference expected = new Reference();
    List<LlmCallEvent> sent = new ArrayList<>();
    now.set(T0 + 60 * MINUTE);
    int accepted = 1500;
    for (int i = 0; i < accepted; i++) {
      boolean duplicate = !sent.isEmpty() && random.nextInt(10) == 0;
      LlmCallEvent event =
          duplicate ? sent.get(random.nextInt(sent.size())) : randomEvent(random, i);
      calls.pipeInput(new TestRecord<>(null, codec.encode(event), new RecordHeaders(), now.get()));
      expected.add(event, now.get());
      sent.add(event);
      if (random.nextInt(20) == 0) {
        tick(1);
      }
    }
    tick(5);

    Map<ScopeWindow, CallStats> published = new HashMap<>();
    latest.values().forEach(each -> published.put(ScopeWindow.of(each), each));
    latestRollups.values().forEach(each -> published.put(ScopeWindow.of(each), each));
    assertThat(expected.differencesOf(published)).as("seed %d", seed).isEmpty();
    assertConserved(accepted);
  }

  @Test
  void get_namesItsStoresAndTopics() {
    assertThat(topology().describe().toString())
        .contains(
            "Source: calls (topics: [llm-calls])",
            "Processor: aggregate-per-partition (stores: [",
            "Sink: partials-by-scope-repartition-sink (topic: partials-by-scope-repartition)",
            "Processor: merge-by-scope (stores: [",
            "Sink: stats (extractor class: ",
            "Sink: accounts (extractor class: ")
        .contains("pending-partials", "seen-events", "retry-asks", "partition-accounts")
        .contains("scope-aggregates", "unpublished-aggregates", "merge-progress");
  }

  private LlmCallEvent randomEvent(Random random, int i) {
    LlmCallEvent.Builder event =
        event("e" + i, T0 + random.nextInt(30) * MINUTE + random.nextInt(60_000))
            .set(EventField.PROVIDER, random.nextBoolean() ? "openai" : "anthropic")
            .set(EventField.REQUEST_MODEL, "model-" + random.nextInt(3))
            .set(EventField.DURATION_MS, random.nextDouble() * 10_000)
            .set(EventField.ATTEMPT, (long) random.nextInt(3));
    if (random.nextBoolean()) {
      event.set(EventField.TENANT, "tenant-" + (int) Math.sqrt(random.nextInt(100)));
    }
    if (random.nextInt(4) == 0) {
      event
          .set(EventField.OUTCOME, Outcome.ERROR)
          .set(EventField.ERROR_TYPE, ErrorType.values()[random.nextInt(5)]);
    } else {
      event
          .set(EventField.INPUT_TOKENS, (long) random.nextInt(10_000))
          .set(EventField.COST_NANO_USD, (long) random.nextInt(1_000_000));
    }
    return event.build();
  }

  private static LlmCallEvent.Builder event(String id, long timestamp) {
    return LlmCallEvent.newBuilder()
        .set(EventField.EVENT_ID, id)
        .set(EventField.TIMESTAMP, timestamp)
        .set(EventField.OUTCOME, Outcome.SUCCESS);
  }

  private void send(LlmCallEvent.Builder event) {
    send(event, now.get(), null);
  }

  private void send(LlmCallEvent.Builder event, long arrival, String importId) {
    RecordHeaders headers = new RecordHeaders();
    if (importId != null) {
      headers.add(PartitionAggregator.IMPORT_HEADER, importId.getBytes(StandardCharsets.UTF_8));
    }
    calls.pipeInput(new TestRecord<>(null, codec.encode(event.build()), headers, arrival));
  }

  private void pass(Duration time) {
    now.addAndGet(time.toMillis());
    driver.advanceWallClockTime(time);
  }

  /** Lets wall-clock seconds pass and takes in what is published. */
  private void tick(int seconds) {
    for (int i = 0; i < seconds; i++) {
      driver.advanceWallClockTime(Duration.ofSeconds(1));
    }
    read(stats, latest);
    read(rollups, latestRollups);
    accounts
        .readRecordsToList()
        .forEach(record -> latestAccounts.put(record.key(), Accounts.decode(record.value())));
  }

  private static void read(TestOutputTopic<String, byte[]> topic, Map<String, CallStats> latest) {
    for (TestRecord<String, byte[]> record : topic.readRecordsToList()) {
      CallStats published = CallStatsCodec.decode(record.value());
      assertThat(record.key()).isEqualTo(published.key());
      CallStats before = latest.put(record.key(), published);
      if (before != null) {
        assertThat(published.revision()).isGreaterThan(before.revision());
      }
    }
  }

  private CallStats all(long windowStart) {
    return latest.get(Scope.all(null).key() + "@" + windowStart);
  }

  private void assertConserved(long accepted) {
    assertThat(conservation.accepted()).isEqualTo(accepted);
    long attempts =
        latest.values().stream()
            .filter(s -> s.scope().kind() == ScopeKind.ALL)
            .mapToLong(s -> s.measures().attempts())
            .sum();
    assertThat(conservation.count(Ledger.Account.AGGREGATED)).isEqualTo(attempts);
    Accounts sum = latestAccounts.values().stream().reduce(Accounts.NONE, Accounts::plus);
    assertThat(sum.accepted()).isEqualTo(accepted);
    assertThat(sum.difference()).isZero();
    assertThat(sum.merged()).isEqualTo(sum.aggregated());
  }

  private static String header(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
