// SPDX-License-Identifier: Apache-2.0
package dev.petrel.appender.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.Outcome;
import dev.petrel.test.servers.PrivateKafka;
import dev.petrel.test.servers.TestKafka;
import dev.petrel.test.servers.TestServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an appender in an application's configuration does with a real broker. */
@Timeout(180)
public abstract class KafkaAppenderContract {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final String topic = "llm-calls-" + UUID.randomUUID();

  /**
   * Configures the whole framework from a file of its own kind: this appender at the root, which
   * takes debug level and all loggers, with {@code service} = {@code bot}.
   *
   * @param spoolDirectory null for no spool
   */
  protected abstract void start(
      String bootstrapServers, String topic, Duration closeTimeout, @Nullable Path spoolDirectory)
      throws Exception;

  /** Logs a call at info level within a context. */
  protected abstract void log(
      Map<String, String> context, @Nullable Throwable thrown, Map<String, Object> keyValues);

  /** Logs a statement that tells of no call. */
  protected abstract void log(String message);

  /** Statements of Kafka's client that the root's appenders have been given so far. */
  protected abstract long statementsOfKafka();

  /** Stops the framework, as the end of the application does. */
  protected abstract void stop();

  @Test
  void append_bringsAStatementToKafka() throws Exception {
    TestKafka kafka = TestServers.kafka();
    createTopic(kafka);
    start(kafka.bootstrapServers(), topic, LONG, null);
    log(
        Map.of("tenant", "acme"),
        null,
        Map.of(
            "event", "llm_call",
            "call_id", "c-1",
            "provider", "openai",
            "request_model", "gpt-4o",
            "outcome", "success",
            "input_tokens", 812,
            "duration_ms", 1234.5));
    log("started");
    log(
        Map.of("tenant", "acme"),
        new IllegalStateException("the prompt"),
        Map.of("event", "llm_call", "outcome", "error", "http_status", 429));
    stop();

    List<ConsumerRecord<byte[], byte[]>> arrived = read(kafka);
    assertThat(arrived).hasSize(2);
    assertThat(arrived)
        .allSatisfy(r -> assertThat(new String(r.value(), UTF_8)).doesNotContain("prompt"));
    assertThat(new String(arrived.get(0).key(), UTF_8)).isEqualTo("c-1");
    LlmCallEvent first = decode(arrived.get(0));
    assertThat(first.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(first.get(EventField.TENANT)).isEqualTo("acme");
    assertThat(first.get(EventField.SERVICE)).isEqualTo("bot");
    assertThat(first.get(EventField.INPUT_TOKENS)).isEqualTo(812);
    LlmCallEvent second = decode(arrived.get(1));
    assertThat(second.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(second.get(EventField.HTTP_STATUS)).isEqualTo(429);
    assertThat(second.get(EventField.EXCEPTION_CLASS)).isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void append_takesNothingOfWhatTheClientLogs() throws Exception {
    TestKafka kafka = TestServers.kafka();
    createTopic(kafka);
    start(kafka.bootstrapServers(), topic, LONG, null);
    for (int i = 0; i < 100; i++) {
      logSuccess();
    }
    stop();

    assertThat(statementsOfKafka()).isPositive();
    assertThat(read(kafka)).hasSize(100);
  }

  @Test
  void append_holdsNobodyUp_whenTheBrokerIsDownAtTheStart() throws Exception {
    try (PrivateKafka kafka = PrivateKafka.start()) {
      createTopic(kafka);
      kafka.kill();
      start(kafka.bootstrapServers(), topic, LONG, null);
      for (int i = 0; i < 100; i++) {
        logSuccess();
      }
      long before = statementsOfKafka();
      while (statementsOfKafka() < before + 5) { // the client has tried to connect
        Thread.sleep(20);
      }
      kafka.restart();
      while (read(kafka).size() < 100) { // a broker that was killed takes a while to lead again
        Thread.sleep(100);
      }
      stop();

      assertThat(read(kafka)).hasSize(100);
    }
  }

  @Test
  void stop_ends_whenTheBrokerNeverComes() throws Exception {
    start("127.0.0.1:9", topic, Duration.ofMillis(500), null);
    logSuccess();
    stop(); // or the test's timeout tells
    logSuccess();
  }

  @Test
  void stop_leavesToTheNextStart_whatKafkaDoesNotTake(@TempDir Path spool) throws Exception {
    start("127.0.0.1:9", topic, LONG, spool);
    for (int i = 0; i < 100; i++) {
      logSuccess();
    }
    stop();
    assertThat(bytesIn(spool)).isPositive();

    TestKafka kafka = TestServers.kafka();
    createTopic(kafka);
    start(kafka.bootstrapServers(), topic, LONG, spool);
    while (read(kafka).size() < 100) {
      Thread.sleep(100);
    }
    stop();

    assertThat(read(kafka)).hasSize(100);
    assertThat(bytesIn(spool)).isZero();
  }

  private static long bytesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private void logSuccess() {
    log(Map.of(), null, Map.of("event", "llm_call", "outcome", "success"));
  }

  private void createTopic(TestKafka kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
          .all()
          .get();
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> read(TestKafka kafka) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      List<ConsumerRecord<byte[], byte[]>> arrived = new ArrayList<>();
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(arrived::add);
      }
      return arrived;
    }
  }

  private static LlmCallEvent decode(ConsumerRecord<byte[], byte[]> arrived) throws Exception {
    return new LlmCallEventCodec(InstantSource.system()).decode(arrived.value());
  }
}
