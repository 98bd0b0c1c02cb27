// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.Outcome;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.internals.StreamTask;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a processor holds on the heap belongs to the transaction. Where that is aborted without a
 * crash (the broker did not answer a commit in time), Kafka Streams closes the task, wipes its
 * stores, and initializes <em>the same</em> processors again, to read the same records again.
 */
class RevivedTaskTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final int EVENTS = 3;

  @TempDir private Path stateDir;

  private final LlmCallEventCodec codec = new LlmCallEventCodec(() -> NOW);
  private final Conservation conservation = new Conservation();
  private final Map<String, CallStats> latest = new HashMap<>();

  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> calls;
  private TestOutputTopic<String, byte[]> stats;

  @BeforeEach
  void open() {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetterHandler.class);
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    AggregationConfig aggregation =
        new AggregationConfig(Duration.ofHours(24), Duration.ofMinutes(1), 100, 1000, Map.of(), 1);
    driver =
        new TopologyTestDriver(
            new AggregationTopology(codec, aggregation, conservation, new Cardinality()).get(),
            config,
            NOW);
    calls =
        driver.createInputTopic("llm-calls", new ByteArraySerializer(), new ByteArraySerializer());
    stats =
        driver.createOutputTopic(
            "llm-call-stats", new StringDeserializer(), new ByteArrayDeserializer());
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void init_forgetsWhatWasCountedButNotSent() throws Exception {
    sendEvents();

    revive();
    sendEvents();
    passSeconds(5);

    assertCountedOnce();
  }

  @Test
  void init_forgetsWhatWasMergedButNotPublished() throws Exception {
    sendEvents();
    passSeconds(1);

    revive();
    sendEvents();
    passSeconds(5);

    assertCountedOnce();
  }

  @Test
  void init_forgetsWhatACommitInBetweenMadeDurable() throws Exception {
    sendEvents();
    task().prepareCommit(true);

    revive();
    sendEvents();
    passSeconds(5);

    assertCountedOnce();
  }

  private void sendEvents() {
    for (int i = 0; i < EVENTS; i++) {
      LlmCallEvent event =
          LlmCallEvent.newBuilder()
              .set(EventField.EVENT_ID, "e" + i)
              .set(EventField.TIMESTAMP, NOW.toEpochMilli())
              .set(EventField.OUTCOME, Outcome.SUCCESS)
              .build();
      calls.pipeInput(new TestRecord<>(null, codec.encode(event), new RecordHeaders(), NOW));
    }
  }

  private void passSeconds(int seconds) {
    for (int i = 0; i < seconds; i++) {
      driver.advanceWallClockTime(Duration.ofSeconds(1));
    }
    stats.readRecordsToList().forEach(record -> latest.put(record.key(), decoded(record)));
  }

  private static CallStats decoded(TestRecord<String, byte[]> record) {
    return CallStatsCodec.decode(record.value());
  }

  private void assertCountedOnce() {
    assertThat(latest.values())
        .extracting(published -> published.measures().attempts())
        .containsExactly((long) EVENTS);
    assertThat(conservation.accepted()).isEqualTo(EVENTS);
    assertThat(conservation.count(Ledger.Account.AGGREGATED)).isEqualTo(EVENTS);
  }

  /** As {@code TaskManager.closeDirtyAndRevive} does, which no test driver offers. */
  private void revive() throws ReflectiveOperationException {
    StreamTask task = task();
    task.prepareCommit(false);
    task.suspend();
    task.postCommit(true);
    task.closeDirty();
    task.revive();
    task.initializeIfNeeded();
    task.completeRestoration(partitions -> {});
    for (TopicPartition partition : task.inputPartitions()) {
      task.updateNextOffsets(partition, new OffsetAndMetadata(0, Optional.empty(), ""));
    }
  }

  private StreamTask task() throws ReflectiveOperationException {
    Field task = TopologyTestDriver.class.getDeclaredField("task");
    task.setAccessible(true);
    return (StreamTask) task.get(driver);
  }
}
