// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.test.servers.PrivateKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A key in every field that can hold one reaches neither disk nor Kafka nor a log. */
@Timeout(180)
class CanaryIT {

  /** Put together here: it is to trip no scanner of repositories. */
  private static final String CANARY = "sk-proj-" + "a1B2c3D4e5F6".repeat(4);

  /** What even a part of it would show. */
  private static final String TRACE = "B2c3D4";

  private static final String TOPIC = "llm-calls";

  @TempDir private Path directory;

  @Test
  void canary_reachesNothing() throws Exception {
    ListAppender<ILoggingEvent> log = logEverything();
    int events = 0;
    try (PrivateKafka kafka = PrivateKafka.start()) {
      new KafkaTopic(kafka, TOPIC).create(1);
      kafka.kill();
      EventPublisher away = publisher(kafka);
      for (LlmCallEvent event : events()) {
        assertThat(away.publish(event)).isTrue();
        events++;
      }
      away.close();
      assertThat(away.counters().spooled()).isEqualTo(events);
      assertThat(bytesOf(directory)).contains("event_id").doesNotContain(TRACE);

      kafka.restart();
      try (EventPublisher back = publisher(kafka)) {
        back.publish(events().get(0)); // makes it connect
        assertThat(back.flush(Duration.ofSeconds(60))).isTrue();
        List<String> records = records(kafka, events + 1);
        assertThat(records).hasSize(events + 1);
        assertThat(records).noneMatch(record -> record.contains(TRACE));
        assertThat(records).allMatch(record -> record.contains("[redacted:"));
      }
    } finally {
      log.stop();
    }
    assertThat(log.list).isNotEmpty();
    assertThat(List.copyOf(log.list))
        .noneMatch(event -> event.getFormattedMessage().contains(TRACE))
        .noneMatch(event -> String.valueOf(event.getKeyValuePairs()).contains(TRACE));
  }

  private EventPublisher publisher(PrivateKafka kafka) {
    return EventPublisher.newBuilder()
        .bootstrapServers(kafka.bootstrapServers())
        .topic(TOPIC)
        .spoolDirectory(directory)
        .build();
  }

  /** An event for each text field, with the key in it, and one with it in the attributes. */
  private static List<LlmCallEvent> events() {
    List<LlmCallEvent> events = new ArrayList<>();
    for (EventField<?> field : EventField.all()) {
      if (field != EventField.EVENT_ID) {
        try {
          events.add(event(events.size()).parse(field, CANARY).build());
        } catch (IllegalArgumentException e) {
          // Its values are numbers or one of a few words.
        }
      }
    }
    assertThat(events).hasSizeGreaterThan(20);
    events.add(
        event(events.size()).set(EventField.ATTRIBUTES, Map.of("note", "with " + CANARY)).build());
    events.add(
        event(events.size()).set(EventField.ATTRIBUTES, Map.of("name " + CANARY, "x")).build());
    return events;
  }

  private static LlmCallEvent.Builder event(int number) {
    return LlmCallEvent.newBuilder()
        .set(EventField.EVENT_ID, "e-" + number)
        .set(EventField.TIMESTAMP, 1_780_000_000_000L)
        .set(EventField.OUTCOME, Outcome.ERROR);
  }

  private static ListAppender<ILoggingEvent> logEverything() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    ListAppender<ILoggingEvent> appender = new ListAppender<>();
    appender.setContext(context);
    appender.start();
    Logger publisher = context.getLogger("dev.petrel");
    publisher.setLevel(Level.TRACE);
    publisher.addAppender(appender);
    return appender;
  }

  private static String bytesOf(Path directory) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file, ISO_8859_1));
      }
    }
    return all.toString();
  }

  private static List<String> records(PrivateKafka kafka, int count) {
    List<String> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(TOPIC, 0)));
      long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (records.size() < count && System.nanoTime() < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          byte[] key = record.key();
          records.add(
              (key == null ? "" : new String(key, ISO_8859_1))
                  + new String(record.value(), ISO_8859_1));
        }
      }
    }
    return records;
  }
}
