// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.decode;
import static dev.petrel.publisher.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.EventField;
import dev.petrel.event.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever Kafka does and however many publish: no event is lost uncounted, none counted twice. */
@Timeout(120)
class EventPublisherPropertyTest {
  private static final int ROUNDS = 30;
  private static final int THREADS = 4;

  @Test
  void counters_addUp_underConcurrentPublishersAndFaults() throws Exception {
    Random random = Events.seeded("counters_addUp_underConcurrentPublishersAndFaults");
    for (int round = 0; round < ROUNDS; round++) {
      play(new Random(random.nextLong()));
    }
  }

  private static void play(Random random) throws InterruptedException {
    int maxEvents = 1 + random.nextInt(200);
    int events = random.nextInt(400);
    boolean closesEarly = random.nextBoolean();
    FakeKafkaProducer kafka = new FakeKafkaProducer();
    int failurePercent = random.nextInt(3) * 20;
    kafka.fate =
        taken ->
            Math.floorMod(decode(taken.value()).eventId().hashCode(), 100) >= failurePercent
                ? null
                : failurePercent == 20
                    ? new TimeoutException("Expiring 1 record(s)")
                    : new RecordTooLargeException();
    EventPublisher publisher =
        EventPublisher.newBuilder()
            .bootstrapServers("kafka:9092")
            .queueMaxEvents(maxEvents)
            .queueMaxBytes(1_000L + random.nextInt(100_000))
            .closeTimeout(Duration.ofMillis(100 + random.nextInt(400)))
            .producerFactory(config -> kafka)
            .build();
    LongAdder taken = new LongAdder();
    LongAdder refused = new LongAdder();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Random own = new Random(random.nextLong());
      String name = "t" + i;
      threads.add(
          new Thread(
              () -> {
                for (int n = 0; n < events; n++) {
                  Outcome outcome = Outcome.values()[own.nextInt(Outcome.values().length)];
                  (publisher.publish(event(name + "-" + n, outcome).build()) ? taken : refused)
                      .increment();
                  assertThat(publisher.counters().queued())
                      .isLessThanOrEqualTo(maxEvents + THREADS);
                }
              }));
    }
    threads.forEach(Thread::start);
    for (int i = random.nextInt(6); i > 0; i--) {
      kafka.holds = random.nextBoolean();
      kafka.refusal = random.nextBoolean() ? new TimeoutException("no metadata") : null;
      Thread.sleep(random.nextInt(5));
    }
    if (closesEarly) {
      publisher.close();
    } else {
      kafka.refusal = null;
      kafka.release();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!closesEarly) {
      assertThat(publisher.flush(Duration.ofSeconds(20))).isTrue();
      publisher.close();
    }
    await().until(publisher::isEnded); // and Kafka has no more to confirm

    PublisherCounters counters = publisher.counters();
    assertThat(counters.queued()).isZero();
    assertThat(counters.accepted()).isEqualTo((long) THREADS * events);
    assertThat(counters.accepted()).isEqualTo(counters.sent() + counters.dropped());
    assertThat(taken.sum() + refused.sum()).isEqualTo(counters.accepted());
    // What Kafka confirms after the end of the close timeout stays dropped.
    assertThat(counters.sent()).isLessThanOrEqualTo(kafka.confirmed.size());
    if (!closesEarly) {
      assertThat(counters.sent()).isEqualTo(kafka.confirmed.size());
    }
    assertThat(kafka.confirmed.stream().map(sent -> decode(sent.value()).eventId()))
        .doesNotHaveDuplicates();
    assertThat(toldDrops(kafka))
        .allSatisfy(
            (outcome, told) ->
                assertThat(told).isLessThanOrEqualTo(counters.droppedByOutcome().get(outcome)));
  }

  private static Map<Outcome, Long> toldDrops(FakeKafkaProducer kafka) {
    Map<Outcome, Long> told = new EnumMap<>(Outcome.class);
    kafka.confirmed.forEach(
        sent -> {
          Map<Outcome, Long> counts = decode(sent.value()).get(EventField.DROPPED_BEFORE);
          if (counts != null) {
            counts.forEach((outcome, count) -> told.merge(outcome, count, Long::sum));
          }
        });
    return told;
  }
}
