// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.decode;
import static dev.petrel.publisher.Events.error;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.io.TempDir;

/** A publisher with a spool on a fake Kafka. */
abstract class SpoolFixture extends PublisherFixture {
  static final TimeoutException AWAY = new TimeoutException("no metadata");
  static final int MANY = 5_000;
  static final long MEBIBYTE = 1024 * 1024;

  @TempDir Path spool;

  final EventPublisher.Builder withSpool() {
    return newBuilder().spoolDirectory(spool).closeTimeout(Duration.ofSeconds(2));
  }

  /** Publishes failures into a queue of 1000, as fast as it has room. */
  final void publishAll(String name, int count) {
    for (int i = 0; i < count; i++) {
      awaitRoom();
      assertThat(publisher.publish(error(name + "-" + i))).isTrue();
    }
  }

  /** Waits until a queue of 1000 has room for successes. */
  final void awaitRoom() {
    long start = System.nanoTime();
    while (publisher.counters().queued() >= 700) {
      assertThat(System.nanoTime() - start).isLessThan(LONG.toNanos());
      Thread.onSpinWait();
    }
  }

  /** A publisher that could not send these events, and is closed. */
  final void leaveInSpool(String name, int count) {
    kafka.refusal = AWAY;
    start(withSpool());
    for (int i = 0; i < count; i++) {
      publisher.publish(error(name + "-" + i));
    }
    publisher.close();
    await().until(() -> publisher.counters().queued() == 0);
    assertCounters(publisher, count, 0, 0, 0, count, Map.of());
    kafka.refusal = null;
  }

  /**
   * A publisher with {@value #MANY} failures, most of them in several files of 128 KiB. The first
   * file may be in memory also, as the publisher tries to send it.
   */
  final void spoolMany() {
    kafka.refusal = AWAY;
    start(withSpool().queueMaxEvents(1_000).spoolMaxBytes(MEBIBYTE));
    publishAll("e", MANY);
    await().until(() -> publisher.counters().queued() <= 500);
    assertThat(segments()).hasSizeGreaterThan(2);
  }

  /** Waits until the spool is empty. */
  final void awaitDrained() {
    await()
        .atMost(LONG)
        .until(() -> publisher.counters().queued() + publisher.counters().spooled() == 0);
    await().untilAsserted(() -> assertThat(segments()).isEmpty());
    assertThat(publisher.spoolBytes()).isZero();
  }

  static String[] ids(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> name + "-" + i).toArray(String[]::new);
  }

  final List<String> arrived() {
    return kafka.confirmed.stream().map(sent -> decode(sent.value()).eventId()).toList();
  }

  /** All that the records that arrived tell of losses, each event once. */
  final Map<Outcome, Long> told() {
    Map<String, LlmCallEvent> events = new LinkedHashMap<>();
    kafka.confirmed.forEach(
        sent -> {
          LlmCallEvent event = decode(sent.value());
          events.put(event.eventId(), event);
        });
    Map<Outcome, Long> sum = new EnumMap<>(Outcome.class);
    for (LlmCallEvent event : events.values()) {
      Map<Outcome, Long> told = event.get(EventField.DROPPED_BEFORE);
      if (told != null) {
        told.forEach((outcome, count) -> sum.merge(outcome, count, Long::sum));
      }
    }
    return sum;
  }

  final List<Path> segments() {
    return segmentsIn(spool);
  }

  /** The segments of the default topic. */
  static List<Path> segmentsIn(Path spool) {
    Path topic = spool.resolve("llm-calls");
    if (!Files.isDirectory(topic)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(topic)) {
      return files.filter(file -> file.toString().endsWith(".spool")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
