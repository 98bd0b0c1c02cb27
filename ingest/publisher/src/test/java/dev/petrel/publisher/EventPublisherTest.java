// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.decode;
import static dev.petrel.publisher.Events.error;
import static dev.petrel.publisher.Events.event;
import static dev.petrel.publisher.Events.success;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class EventPublisherTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final FakeKafkaProducer kafka = new FakeKafkaProducer();
  private EventPublisher publisher;

  @AfterEach
  void close() {
    if (publisher != null) {
      kafka.release();
      publisher.close();
    }
  }

  @Test
  void publish_sendsTheEvent() {
    start(newBuilder().topic("calls"));

    assertThat(publisher.publish(success("e-1"))).isTrue();
    assertThat(publisher.flush(LONG)).isTrue();

    assertThat(kafka.confirmed).hasSize(1);
    ProducerRecord<byte[], byte[]> sent = kafka.confirmed.get(0);
    assertThat(sent.topic()).isEqualTo("calls");
    assertThat(decode(sent.value()).eventId()).isEqualTo("e-1");
    assertCounters(1, 1, 0, Map.of());
  }

  @Test
  void publish_takesTheCallIdAsKey_elseTheEventId() {
    start(newBuilder());

    publisher.publish(event("e-1", Outcome.SUCCESS).set(EventField.CALL_ID, "c-1").build());
    publisher.publish(success("e-2"));
    publisher.flush(LONG);

    assertThat(kafka.confirmed)
        .extracting(sent -> new String(sent.key(), UTF_8))
        .containsExactly("c-1", "e-2");
  }

  @Test
  void publish_returnsFalse_whenThereIsNoEvent() {
    start(newBuilder());

    assertThat(publisher.publish((LlmCallEvent) null)).isFalse();
    assertCounters(0, 0, 0, Map.of());
  }

  @Test
  void publish_connectsWithTheFirstEvent_andNotBefore() throws Exception {
    AtomicInteger created = new AtomicInteger();
    start(
        newBuilder()
            .producerFactory(
                config -> {
                  assertThat(EventPublisher.isPublisherThread()).isTrue();
                  created.incrementAndGet();
                  return kafka;
                }));
    Thread.sleep(100);
    assertThat(created).hasValue(0);

    publisher.publish(success("e-1"));
    publisher.flush(LONG);
    assertThat(created).hasValue(1);
    assertThat(EventPublisher.isPublisherThread()).isFalse();
  }

  @Test
  void publish_keepsEvents_whileTheProducerCannotBeMade() {
    AtomicInteger failures = new AtomicInteger(2);
    start(
        newBuilder()
            .producerFactory(
                config -> {
                  if (failures.getAndDecrement() > 0) {
                    throw new KafkaException("Failed to construct kafka producer");
                  }
                  return kafka;
                }));

    publisher.publish(success("e-1"));
    publisher.publish(success("e-2"));

    assertThat(publisher.flush(LONG)).isTrue();
    assertCounters(2, 2, 0, Map.of());
  }

  static List<Exception> publish_keepsEvents_whileKafkaCannotBeReached() {
    return List.of(
        new TimeoutException("no metadata"),
        new SaslAuthenticationException("password rotated"),
        new TopicAuthorizationException("llm-calls"));
  }

  @ParameterizedTest
  @MethodSource
  void publish_keepsEvents_whileKafkaCannotBeReached(Exception refusal) {
    kafka.refusal = refusal;
    start(newBuilder());
    for (int i = 0; i < 5; i++) {
      assertThat(publisher.publish(success("e-" + i))).isTrue();
    }
    assertThat(publisher.flush(Duration.ofMillis(300))).isFalse();
    assertCounters(5, 0, 5, Map.of());

    kafka.refusal = null;
    assertThat(publisher.flush(LONG)).isTrue();
    assertThat(kafka.confirmed)
        .extracting(sent -> decode(sent.value()).eventId())
        .containsExactly("e-0", "e-1", "e-2", "e-3", "e-4");
    assertCounters(5, 5, 0, Map.of());
  }

  @Test
  void publish_dropsWhenTheQueueIsFull_successesFirst() {
    kafka.holds = true;
    start(newBuilder().queueMaxEvents(10));

    for (int i = 0; i < 8; i++) {
      assertThat(publisher.publish(success("s-" + i))).isTrue();
    }
    assertThat(publisher.publish(success("s-8"))).isFalse();
    assertThat(publisher.publish(error("f-0"))).isTrue();
    assertThat(publisher.publish(event("f-1", Outcome.CANCELLED).build())).isTrue();
    assertThat(publisher.publish(error("f-2"))).isFalse();
    assertCounters(12, 0, 10, Map.of(DropReason.QUEUE_FULL, 2L));
    assertThat(publisher.counters().droppedByOutcome())
        .containsEntry(Outcome.SUCCESS, 1L)
        .containsEntry(Outcome.ERROR, 1L)
        .containsEntry(Outcome.CANCELLED, 0L);

    kafka.release();
    assertThat(publisher.flush(LONG)).isTrue();
    assertThat(publisher.publish(success("s-9"))).isTrue();
    assertThat(publisher.flush(LONG)).isTrue();
    assertCounters(13, 11, 0, Map.of(DropReason.QUEUE_FULL, 2L));
  }

  @Test
  void publish_dropsWhenTheBytesAreUsedUp() {
    kafka.holds = true;
    long bytes = new PendingEvent(error("f-0")).bytes();
    start(newBuilder().queueMaxBytes(3 * bytes));

    assertThat(publisher.publish(error("f-0"))).isTrue();
    assertThat(publisher.publish(error("f-1"))).isTrue();
    assertThat(publisher.publish(success("s-2"))).isFalse();
    assertThat(publisher.publish(error("f-2"))).isTrue();
    assertThat(publisher.publish(error("f-3"))).isFalse();
    assertCounters(5, 0, 3, Map.of(DropReason.QUEUE_FULL, 2L));
  }

  @Test
  void publish_dropsWhatIsLargerThanTheQueue() {
    long bytes = new PendingEvent(error("f-0")).bytes();
    start(newBuilder().queueMaxBytes(bytes));

    assertThat(publisher.publish(event("f", Outcome.ERROR).set(EventField.TENANT, "t").build()))
        .isFalse();
    assertThat(publisher.publish(error("f-0"))).isTrue();
    assertThat(publisher.flush(LONG)).isTrue();
    assertCounters(2, 1, 0, Map.of(DropReason.TOO_LARGE, 1L));
  }

  @Test
  void publish_countsWhatKafkaFindsTooLarge() {
    kafka.refusal = new RecordTooLargeException("from within send");
    start(newBuilder());
    publisher.publish(success("e-1"));
    assertThat(publisher.flush(LONG)).isTrue();

    kafka.refusal = null;
    kafka.fate = taken -> new RecordTooLargeException("from the broker");
    publisher.publish(success("e-2"));
    assertThat(publisher.flush(LONG)).isTrue();
    assertCounters(2, 0, 0, Map.of(DropReason.TOO_LARGE, 2L));
  }

  @Test
  void publish_countsWhatIsNotConfirmed() {
    kafka.fate = taken -> new TimeoutException("Expiring 1 record(s)");
    start(newBuilder());

    publisher.publish(success("e-1"));
    assertThat(publisher.flush(LONG)).isTrue();
    assertCounters(1, 0, 0, Map.of(DropReason.SEND_FAILED, 1L));
  }

  @Test
  void publish_replacesAProducerThatThrows() {
    FakeKafkaProducer broken = new FakeKafkaProducer();
    broken.thrown = new KafkaException("Cannot execute: the producer is in an error state");
    AtomicInteger created = new AtomicInteger();
    start(newBuilder().producerFactory(c -> created.incrementAndGet() == 1 ? broken : kafka));

    publisher.publish(success("e-1"));

    assertThat(publisher.flush(LONG)).isTrue();
    assertThat(broken.closedWith).isNotNull();
    assertCounters(1, 1, 0, Map.of());
  }

  @Test
  void publish_dropsAnEventThatNoProducerTakes() {
    kafka.thrown = new IllegalStateException("always");
    start(newBuilder());

    publisher.publish(success("e-1"));
    assertThat(publisher.flush(LONG)).isTrue();
    assertCounters(1, 0, 0, Map.of(DropReason.SEND_FAILED, 1L));
  }

  @Test
  void droppedBefore_tellsLossesByOutcome_once() {
    kafka.holds = true;
    start(newBuilder().queueMaxEvents(5));
    for (int i = 0; i < 4; i++) {
      publisher.publish(success("s-" + i));
    }
    publisher.publish(error("f-0"));
    await().until(() -> kafka.hasTaken(5));
    publisher.publish(success("s-4"));
    publisher.publish(success("s-5"));
    publisher.publish(error("f-1"));
    kafka.release();
    publisher.flush(LONG);
    publisher.publish(success("s-7"));
    publisher.publish(success("s-8"));
    publisher.flush(LONG);

    assertThat(toldDrops("s-7")).isEqualTo(Map.of(Outcome.SUCCESS, 2L, Outcome.ERROR, 1L));
    assertThat(toldDrops("s-8")).isNull();
  }

  @Test
  void droppedBefore_isToldAgain_whenTheRecordThatToldItIsLost() {
    kafka.fate =
        taken ->
            decode(taken.value()).eventId().equals("e-3")
                ? null
                : new TimeoutException("Expiring 1 record(s)");
    start(newBuilder());
    for (String id : List.of("e-1", "e-2", "e-3")) {
      publisher.publish(success(id));
      publisher.flush(LONG);
    }

    assertThat(toldDrops("e-3")).isEqualTo(Map.of(Outcome.SUCCESS, 2L));
  }

  @Test
  void droppedBefore_addsToWhatTheEventTells() {
    kafka.fate = taken -> new TimeoutException("Expiring 1 record(s)");
    start(newBuilder());
    publisher.publish(error("f-1"));
    publisher.flush(LONG);
    kafka.fate = taken -> null;
    publisher.publish(
        event("e-2", Outcome.SUCCESS)
            .set(EventField.DROPPED_BEFORE, Map.of(Outcome.ERROR, 4L))
            .build());
    publisher.flush(LONG);

    assertThat(toldDrops("e-2")).isEqualTo(Map.of(Outcome.ERROR, 5L));
  }

  @Test
  void close_sendsWhatIsQueued() {
    start(newBuilder());
    for (int i = 0; i < 1_000; i++) {
      publisher.publish(success("e-" + i));
    }
    publisher.close();

    assertThat(kafka.confirmed).hasSize(1_000);
    assertThat(kafka.closedWith).isNotNull();
    assertCounters(1_000, 1_000, 0, Map.of());
  }

  @Test
  void close_dropsAndCountsWhatCannotBeSent() {
    kafka.refusal = new TimeoutException("no metadata");
    start(newBuilder().closeTimeout(Duration.ofMillis(500)));
    for (int i = 0; i < 10; i++) {
      publisher.publish(i % 2 == 0 ? success("e-" + i) : error("e-" + i));
    }
    publisher.close();

    await().untilAsserted(() -> assertCounters(10, 0, 0, Map.of(DropReason.CLOSED, 10L)));
    assertThat(publisher.counters().droppedByOutcome())
        .containsEntry(Outcome.SUCCESS, 5L)
        .containsEntry(Outcome.ERROR, 5L);
  }

  @Test
  void close_dropsAndCountsWhatIsNotConfirmed() {
    kafka.holds = true;
    start(newBuilder().closeTimeout(Duration.ofMillis(500)));
    publisher.publish(success("e-1"));
    await().until(() -> kafka.hasTaken(1));
    publisher.close();

    await().untilAsserted(() -> assertCounters(1, 0, 0, Map.of(DropReason.CLOSED, 1L)));
  }

  @Test
  void close_returns_whenSendHangs() {
    kafka.hangs = true;
    start(newBuilder().closeTimeout(Duration.ofMillis(200)));
    publisher.publish(success("e-1"));
    publisher.publish(success("e-2"));
    publisher.close(); // the timeout of the class would tell

    assertCounters(2, 0, 2, Map.of());
    assertThat(publisher.publish(success("e-3"))).isFalse();
    assertCounters(3, 0, 2, Map.of(DropReason.CLOSED, 1L));
    publisherThread().interrupt();
    await().untilAsserted(() -> assertCounters(3, 0, 0, Map.of(DropReason.CLOSED, 3L)));
  }

  @Test
  void close_withoutTime_dropsAll() {
    kafka.refusal = new TimeoutException("no metadata");
    start(newBuilder().closeTimeout(Duration.ZERO));
    publisher.publish(success("e-1"));
    publisher.close();

    await().untilAsserted(() -> assertCounters(1, 0, 0, Map.of(DropReason.CLOSED, 1L)));
  }

  @Test
  void close_mayBeCalledAgain_andEvenUnused() {
    start(newBuilder());
    publisher.close();
    publisher.close();

    assertThat(publisher.publish(error("e-1"))).isFalse();
    assertCounters(1, 0, 0, Map.of(DropReason.CLOSED, 1L));
    assertThat(kafka.closedWith).isNull(); // never made
  }

  @Test
  void close_keepsTheInterruptStatus() {
    kafka.holds = true;
    start(newBuilder());
    publisher.publish(success("e-1"));
    Thread.currentThread().interrupt();
    publisher.close();

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void flush_keepsTheInterruptStatus() {
    kafka.holds = true;
    start(newBuilder());
    publisher.publish(success("e-1"));
    Thread.currentThread().interrupt();

    assertThat(publisher.flush(LONG)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void interrupt_ofThePublisherThread_closesIt() {
    kafka.holds = true;
    start(newBuilder());
    publisher.publish(success("e-1"));
    await().until(() -> kafka.hasTaken(1));
    publisherThread().interrupt();

    await().untilAsserted(() -> assertCounters(1, 0, 0, Map.of(DropReason.CLOSED, 1L)));
    assertThat(publisher.publish(success("e-2"))).isFalse();
  }

  @Test
  void publish_keepsEvents_whenTheBrokerIsDownAtTheStart() throws Exception {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }
    publisher =
        EventPublisher.newBuilder()
            .bootstrapServers("127.0.0.1:" + closedPort)
            .queueMaxEvents(5)
            .closeTimeout(Duration.ofMillis(300))
            .build();
    for (int i = 0; i < 6; i++) {
      publisher.publish(error("e-" + i));
    }
    assertThat(publisher.flush(Duration.ofMillis(1_500))).isFalse();
    assertCounters(6, 0, 5, Map.of(DropReason.QUEUE_FULL, 1L));

    publisher.close();
    await()
        .untilAsserted(
            () ->
                assertCounters(6, 0, 0, Map.of(DropReason.QUEUE_FULL, 1L, DropReason.CLOSED, 5L)));
  }

  @Test
  void publish_keepsEvents_whenTheHostIsUnknown() {
    publisher =
        EventPublisher.newBuilder()
            .bootstrapServers("no-such-host.invalid:9092")
            .closeTimeout(Duration.ofMillis(100))
            .build();
    publisher.publish(error("e-1"));
    assertThat(publisher.flush(Duration.ofMillis(500))).isFalse();
    assertCounters(1, 0, 1, Map.of());

    publisher.close();
    await().untilAsserted(() -> assertCounters(1, 0, 0, Map.of(DropReason.CLOSED, 1L)));
  }

  @Test
  void publish_manyThreads_eachEventOnce() throws Exception {
    start(newBuilder().queueMaxEvents(100_000));
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads =
        java.util.stream.IntStream.range(0, 8)
            .mapToObj(
                number ->
                    new Thread(
                        () -> {
                          awaitUninterruptibly(go);
                          for (int i = 0; i < 1_000; i++) {
                            publisher.publish(success(number + "-" + i));
                          }
                        }))
            .toList();
    threads.forEach(Thread::start);
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(publisher.flush(LONG)).isTrue();

    assertThat(kafka.confirmed.stream().map(sent -> decode(sent.value()).eventId()))
        .hasSize(8_000)
        .doesNotHaveDuplicates();
    assertCounters(8_000, 8_000, 0, Map.of());
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private EventPublisher.Builder newBuilder() {
    return EventPublisher.newBuilder()
        .bootstrapServers("kafka:9092")
        .clientId("test-" + System.identityHashCode(this))
        .producerFactory(config -> kafka);
  }

  private void start(EventPublisher.Builder builder) {
    publisher = builder.build();
  }

  private Thread publisherThread() {
    String name = "petrel-publisher test-" + System.identityHashCode(this);
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Map<Outcome, Long> toldDrops(String eventId) {
    return kafka.confirmed.stream()
        .map(sent -> decode(sent.value()))
        .filter(sent -> sent.eventId().equals(eventId))
        .map(
            (LlmCallEvent sent) ->
                java.util.Optional.ofNullable(sent.get(EventField.DROPPED_BEFORE)))
        .findFirst()
        .orElseThrow()
        .orElse(null);
  }

  /** Asserts every counter; reasons that {@code dropped} does not name are zero. */
  private void assertCounters(
      long accepted, long sent, long queued, Map<DropReason, Long> dropped) {
    PublisherCounters counters = publisher.counters();
    assertThat(counters.accepted()).as("accepted").isEqualTo(accepted);
    assertThat(counters.sent()).as("sent").isEqualTo(sent);
    assertThat(counters.queued()).as("queued").isEqualTo(queued);
    for (DropReason reason : DropReason.values()) {
      assertThat(counters.droppedByReason())
          .containsEntry(reason, dropped.getOrDefault(reason, 0L));
    }
    assertThat(counters.droppedByOutcome().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(counters.dropped());
    assertThat(counters.accepted())
        .isEqualTo(counters.sent() + counters.dropped() + counters.queued());
  }
}
