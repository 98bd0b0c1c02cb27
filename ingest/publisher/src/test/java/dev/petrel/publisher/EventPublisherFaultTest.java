// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.decode;
import static dev.petrel.publisher.Events.error;
import static dev.petrel.publisher.Events.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kafka that cannot be reached, refuses or is broken, without a spool. */
@Timeout(60)
class EventPublisherFaultTest extends PublisherFixture {

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
}
