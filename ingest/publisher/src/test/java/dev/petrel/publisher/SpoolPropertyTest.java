// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.decode;
import static dev.petrel.publisher.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever Kafka does and however often the application starts anew: the counters add up in each
 * life, and each event either arrives or is counted as dropped. Two things blur that, and only in
 * their safe direction: a file that a crash tore, and an event that Kafka confirms after the end of
 * the close timeout.
 */
@Timeout(180)
class SpoolPropertyTest {
  private static final int ROUNDS = 12;
  private static final int THREADS = 3;

  @TempDir Path temporary;

  @Test
  void everyEvent_arrivesOrIsCounted_overFaultsAndRestarts() throws Exception {
    Random random = Events.seeded("everyEvent_arrivesOrIsCounted_overFaultsAndRestarts");
    for (int round = 0; round < ROUNDS; round++) {
      new Round(temporary.resolve("round-" + round), new Random(random.nextLong())).play();
    }
  }

  /** Some lives of an application over one spool. */
  private static final class Round {
    private final Path spool;
    private final Random random;
    private final FakeKafkaProducer kafka = new FakeKafkaProducer();
    private final Set<String> published = ConcurrentHashMap.newKeySet();
    private final Map<Outcome, Long> dropped = new HashMap<>();
    private long sent;
    private boolean torn;

    Round(Path spool, Random random) {
      this.spool = spool;
      this.random = random;
    }

    void play() throws Exception {
      int lives = 1 + random.nextInt(4);
      long leftOver = 0;
      for (int life = 0; life < lives; life++) {
        PublisherCounters counters = live(life);
        assertRecovered(counters, leftOver);
        leftOver = counters.spooled();
        if (random.nextInt(3) == 0) {
          torn |= tear();
        }
      }
      PublisherCounters last = drain();
      assertRecovered(last, leftOver);
      assertThat(last.spooled()).isZero();
      check();
    }

    private void assertRecovered(PublisherCounters counters, long leftOver) {
      if (torn) { // a record that had been sent may be torn, and counts as one that had not
        assertThat(counters.recovered()).isGreaterThanOrEqualTo(leftOver);
      } else {
        assertThat(counters.recovered()).isEqualTo(leftOver);
      }
    }

    private PublisherCounters live(int life) throws Exception {
      int maxEvents = 5 + random.nextInt(500);
      int percentFailing = random.nextInt(3) * 15;
      Random fates = new Random(random.nextLong());
      kafka.fate =
          taken -> {
            int number = Math.floorMod(decode(taken.value()).eventId().hashCode(), 100);
            return number == 0
                ? new RecordTooLargeException()
                : fates.nextInt(100) < percentFailing
                    ? new TimeoutException("Expiring 1 record(s)")
                    : null;
          };
      EventPublisher publisher =
          newBuilder()
              .queueMaxEvents(maxEvents)
              .queueMaxBytes(20_000 + random.nextInt(2_000_000))
              .stuckAfter(Duration.ofMillis(20 + random.nextInt(100)))
              .closeTimeout(Duration.ofMillis(random.nextInt(400)))
              .build();
      int events = random.nextInt(1_200);
      String text = random.nextBoolean() ? "x".repeat(500) : null;
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random own = new Random(random.nextLong());
        String name = life + "-" + i + "-";
        threads.add(new Thread(() -> publish(publisher, own, name, events, text)));
      }
      threads.forEach(Thread::start);
      for (int i = random.nextInt(8); i > 0; i--) {
        kafka.refusal = random.nextBoolean() ? new TimeoutException("no metadata") : null;
        if (random.nextBoolean()) {
          kafka.holds = true;
        } else {
          kafka.release();
        }
        Thread.sleep(random.nextInt(150));
      }
      if (random.nextBoolean()) {
        publisher.close(); // while they still publish
      }
      for (Thread thread : threads) {
        thread.join();
      }
      publisher.close();
      return ended(publisher);
    }

    private void publish(EventPublisher to, Random own, String name, int events, String text) {
      for (int n = 0; n < events; n++) {
        Outcome outcome = Outcome.values()[own.nextInt(Outcome.values().length)];
        LlmCallEvent event = event(name + n, outcome).set(EventField.ERROR_MESSAGE, text).build();
        published.add(event.eventId());
        if (own.nextBoolean()) {
          to.publish(event);
        } else {
          to.publish(new BuiltCall(event));
        }
        if (own.nextInt(50) == 0) {
          Thread.yield();
        }
      }
    }

    /** As a crash within a write would. */
    private boolean tear() throws IOException {
      if (!Files.isDirectory(spool)) {
        return false;
      }
      try (Stream<Path> files = Files.walk(spool)) {
        Path last =
            files
                .filter(file -> file.toString().endsWith(".spool"))
                .reduce((first, second) -> second)
                .orElse(null);
        if (last == null || Files.size(last) <= SegmentFormat.HEADER_BYTES) {
          return false;
        }
        byte[] bytes = Files.readAllBytes(last);
        Files.write(last, Arrays.copyOf(bytes, bytes.length - 1 - random.nextInt(40)));
        return true;
      }
    }

    private PublisherCounters drain() {
      kafka.fate = taken -> null;
      kafka.refusal = null;
      kafka.release();
      EventPublisher publisher = newBuilder().build();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                PublisherCounters now = publisher.counters();
                return now.recovered() == now.sent() + now.dropped() && publisher.spoolBytes() == 0;
              });
      publisher.close();
      return ended(publisher);
    }

    private PublisherCounters ended(EventPublisher publisher) {
      PublisherCounters counters = publisher.counters();
      assertThat(counters.queued()).isZero();
      PublisherFixture.assertAddsUp(counters);
      await().atMost(Duration.ofSeconds(30)).until(publisher::isEnded);
      assertThat(publisher.counters()).isEqualTo(counters);
      sent += counters.sent();
      counters.droppedByOutcome().forEach((outcome, n) -> dropped.merge(outcome, n, Long::sum));
      assertThat(sent).isLessThanOrEqualTo(kafka.confirmed.size());
      return counters;
    }

    private EventPublisher.Builder newBuilder() {
      return EventPublisher.newBuilder()
          .bootstrapServers("kafka:9092")
          .spoolDirectory(spool)
          .spoolMaxBytes(SpoolFixture.MEBIBYTE)
          .producerFactory(config -> kafka);
    }

    private void check() {
      Map<String, LlmCallEvent> arrived = new HashMap<>();
      kafka.confirmed.forEach(
          taken -> {
            LlmCallEvent event = decode(taken.value());
            arrived.put(event.eventId(), event);
          });
      Set<String> missing = new HashSet<>(published);
      missing.removeAll(arrived.keySet());
      boolean late = sent < kafka.confirmed.size();
      long lost = dropped.values().stream().mapToLong(Long::longValue).sum();
      if (torn || late) {
        assertThat((long) missing.size()).isLessThanOrEqualTo(lost);
      } else {
        assertThat((long) missing.size()).isEqualTo(lost);
      }
      if (late) { // such a record may tell of losses that another one tells of again
        return;
      }
      Map<Outcome, Long> told = new HashMap<>();
      for (LlmCallEvent event : arrived.values()) {
        Map<Outcome, Long> counts = event.get(EventField.DROPPED_BEFORE);
        if (counts != null) {
          counts.forEach((outcome, count) -> told.merge(outcome, count, Long::sum));
        }
      }
      assertThat(told)
          .allSatisfy(
              (outcome, count) -> assertThat(count).isLessThanOrEqualTo(dropped.get(outcome)));
    }
  }
}
