// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.decode;
import static dev.petrel.publisher.Events.error;
import static dev.petrel.publisher.Events.event;
import static dev.petrel.publisher.Events.success;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventPublisherTest extends PublisherFixture {

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
    long bytes = new BuiltCall(error("f-0")).estimatedBytes();
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
    long bytes = new BuiltCall(error("f-0")).estimatedBytes();
    start(newBuilder().queueMaxBytes(bytes));

    assertThat(publisher.publish(event("f", Outcome.ERROR).set(EventField.TENANT, "t").build()))
        .isFalse();
    assertThat(publisher.publish(error("f-0"))).isTrue();
    assertThat(publisher.flush(LONG)).isTrue();
    assertCounters(2, 1, 0, Map.of(DropReason.TOO_LARGE, 1L));
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
}
