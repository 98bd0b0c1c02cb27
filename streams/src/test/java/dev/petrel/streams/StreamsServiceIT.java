// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.Outcome;
import dev.petrel.service.Topics;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.test.servers.PrivateKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The aggregation on a real broker: partitions, restarts, kills, bad records. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StreamsServiceIT {

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir private Path directory;

  private final LlmCallEventCodec codec = new LlmCallEventCodec(InstantSource.system());
  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final Map<String, Measures> expected = new HashMap<>();
  private long sent;

  private PrivateKafka kafka;
  private KafkaProducer<byte[], byte[]> producer;

  @BeforeEach
  void open() {
    kafka = PrivateKafka.start();
    Topics.createMissing(StreamsProcess.settings(kafka.bootstrapServers(), directory));
    producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers(),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                4 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterEach
  void close() {
    producer.close();
    kafka.close();
  }

  @Test
  void start_equalsABatchComputationThroughSigkills() throws Exception {
    Path log = directory.resolve("streams.log");
    try (PublishedStats stats = new PublishedStats(kafka.bootstrapServers(), "llm-call-stats")) {
      for (int kill = 0; kill < 6; kill++) {
        Process instance =
            StreamsProcess.start(kafka.bootstrapServers(), directory.resolve("state"), log);
        // Into start-up, restore, first commits and full flow alike.
        long lives = kill == 0 ? 1000 : 3000 + random.nextInt(5000);
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(lives);
        while (System.nanoTime() < until) {
          sendEvents(200);
          assertThat(instance.waitFor(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        instance.destroyForcibly().waitFor();
      }
      Process instance =
          StreamsProcess.start(kafka.bootstrapServers(), directory.resolve("state"), log);
      try {
        awaitEquality(stats);
      } finally {
        instance.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void start_sharesPartitionsAndRebalancesExactly() {
    try (PublishedStats stats = new PublishedStats(kafka.bootstrapServers(), "llm-call-stats")) {
      StreamsService first = service("first");
      first.start();
      sendEvents(5_000);
      StreamsService second = service("second");
      second.start();
      for (int i = 0; i < 20; i++) {
        sendEvents(500);
        await().pollDelay(Duration.ofMillis(200)).until(() -> true);
      }
      first.close();
      sendEvents(2_000);

      awaitEquality(stats);
      await().atMost(PATIENCE).untilAsserted(() -> assertThat(second.health().problem()).isNull());
      assertThat(second.conservation())
          .containsEntry("accepted", sent)
          .containsEntry("dead_lettered", 0L)
          .containsEntry("beyond_retention", 0L);
      assertThat(second.conservation().get("aggregated"))
          .isEqualTo(sent - second.conservation().get("duplicates"));
      second.close();
    }
  }

  @Test
  void start_deadLettersEveryBadRecordAndCountsEveryGoodOne() {
    int bad = 0;
    for (int i = 0; i < 20_000; i++) {
      sendRaw(badRecord(i));
      bad++;
      if (i % 10 == 0) {
        sendEvents(1);
      }
    }
    StreamsService service = service("state");
    service.start();
    int expectedLetters = bad;
    List<String> reasons = new ArrayList<>();
    try (PublishedStats stats = new PublishedStats(kafka.bootstrapServers(), "llm-call-stats");
        PublishedStats letters = new PublishedStats(kafka.bootstrapServers(), "llm-calls-dlq")) {
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                letters
                    .read()
                    .forEach(
                        letter ->
                            reasons.add(header(letter.headers().lastHeader("petrel-reason"))));
                return reasons.size() >= expectedLetters;
              });
      awaitEquality(stats);
      assertThat(letters.read()).isEmpty();
    }

    assertThat(reasons)
        .hasSize(bad)
        .contains(
            "truncated", "wrong_type", "malformed", "invalid_utf8", "too_large", "missing_field");
    assertThat(service.conservation()).containsEntry("dead_lettered", (long) bad);
    service.close();
  }

  private StreamsService service(String stateDir) {
    return new StreamsService(
        StreamsProcess.settings(kafka.bootstrapServers(), directory.resolve(stateDir)),
        new SimpleMeterRegistry());
  }

  private void sendEvents(int count) {
    long now = System.currentTimeMillis();
    for (int i = 0; i < count; i++) {
      LlmCallEvent event = randomEvent(now);
      send(event);
      if (random.nextInt(50) == 0) {
        send(event);
        sent++;
      }
      sent++;
      for (var scope : Reference.scopesOf(event)) {
        String key = scope.key() + "@" + CallStats.windowStartOf(event.timestamp());
        expected.computeIfAbsent(key, absent -> new Measures()).add(event);
      }
    }
    producer.flush();
  }

  private LlmCallEvent randomEvent(long now) {
    String id = Long.toHexString(random.nextLong()) + Long.toHexString(random.nextLong());
    // Mostly now, some late by up to 20 hours.
    long age = random.nextInt(20) == 0 ? random.nextInt(72_000_000) : random.nextInt(90_000);
    LlmCallEvent.Builder event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, id)
            .set(EventField.TIMESTAMP, now - age)
            .set(EventField.TENANT, "tenant-" + random.nextInt(20))
            .set(EventField.PROVIDER, "openai")
            .set(EventField.REQUEST_MODEL, "model-" + random.nextInt(3))
            .set(EventField.DURATION_MS, random.nextDouble() * 5000)
            .set(EventField.ATTEMPT, (long) (random.nextInt(10) == 0 ? 1 : 0));
    return random.nextInt(10) == 0
        ? event
            .set(EventField.OUTCOME, Outcome.ERROR)
            .set(EventField.ERROR_TYPE, ErrorType.RATE_LIMIT)
            .build()
        : event
            .set(EventField.OUTCOME, Outcome.SUCCESS)
            .set(EventField.INPUT_TOKENS, (long) random.nextInt(5000))
            .build();
  }

  private byte[] badRecord(int i) {
    byte[] good = codec.encode(randomEvent(System.currentTimeMillis()));
    String text = new String(good, StandardCharsets.UTF_8);
    return switch (i % 7) {
      case 0 ->
          text.substring(0, 1 + random.nextInt(text.length() - 1)).getBytes(StandardCharsets.UTF_8);
      case 1 ->
          text.replace("\"tenant\":\"", "\"tenant\":7,\"x\":\"").getBytes(StandardCharsets.UTF_8);
      case 2 -> "not json".getBytes(StandardCharsets.UTF_8);
      case 3 -> {
        byte[] broken = good.clone();
        broken[text.indexOf("tenant-") + 2] = (byte) 0xff;
        yield broken;
      }
      case 4 -> ("{\"x\":" + "[".repeat(10_000)).getBytes(StandardCharsets.UTF_8);
      case 5 -> "{\"v\":1}".getBytes(StandardCharsets.UTF_8);
      default -> {
        byte[] garbage = new byte[i % 700 == 6 ? 1_000_000 : 300];
        random.nextBytes(garbage);
        yield garbage;
      }
    };
  }

  /** Under its id, as producers do: redelivery reaches the same partition. */
  private void send(LlmCallEvent event) {
    byte[] key = event.eventId().getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>("llm-calls", key, codec.encode(event)));
  }

  private void sendRaw(byte[] value) {
    producer.send(new ProducerRecord<>("llm-calls", value));
  }

  private void awaitEquality(PublishedStats stats) {
    long total = attempts(expected.values());
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                attempts(stats.latest().values().stream().map(CallStats::measures).toList())
                    >= total);
    Map<String, CallStats> latest = stats.latest();
    assertThat(latest.keySet()).as("seed %d", seed).isEqualTo(expected.keySet());
    expected.forEach(
        (key, measures) ->
            assertThat(Reference.exactPart(latest.get(key).measures()))
                .as("seed %d, %s", seed, key)
                .isEqualTo(Reference.exactPart(measures)));
  }

  private static long attempts(Collection<Measures> all) {
    return all.stream().mapToLong(Measures::attempts).sum();
  }

  private static String header(Header header) {
    return new String(header.value(), StandardCharsets.UTF_8);
  }
}
