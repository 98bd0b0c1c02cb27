// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static dev.petrel.publisher.Events.error;
import static dev.petrel.publisher.Events.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PublisherMetricsTest extends SpoolFixture {
  private final MeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void bindTo_tellsEachCounter() {
    leaveInSpool("left", 3);
    kafka.holds = true;
    start(withSpool().clientId("app"));
    new PublisherMetrics(publisher).bindTo(registry);
    await().until(() -> kafka.hasTaken(3));
    publisher.publish(success("queued"));

    assertThat(counter("accepted")).isEqualTo(1);
    assertThat(counter("recovered")).isEqualTo(3);
    assertThat(counter("sent")).isZero();
    assertThat(gauge("queued")).isEqualTo(1);
    assertThat(gauge("spooled")).isEqualTo(3);
    assertThat(gauge("spool.size")).isEqualTo(segments().get(0).toFile().length());

    kafka.release();
    awaitDrained();
    assertThat(counter("sent")).isEqualTo(4);
    assertThat(gauge("queued")).isZero();
    assertThat(gauge("spooled")).isZero();
    assertThat(gauge("spool.size")).isZero();
  }

  @Test
  void bindTo_tellsLossesByReasonAndOutcome() {
    kafka.fate = taken -> new RecordTooLargeException();
    start(newBuilder().clientId("app"));
    new PublisherMetrics(publisher).bindTo(registry);
    publisher.publish(error("f-1"));
    publisher.publish(error("f-2"));
    publisher.publish(success("s-1"));
    assertThat(publisher.flush(Duration.ofSeconds(20))).isTrue();

    assertThat(dropped("too_large", "error")).isEqualTo(2);
    assertThat(dropped("too_large", "success")).isEqualTo(1);
    assertThat(dropped("queue_full", "error")).isZero();
    assertThat(registry.get("petrel.publisher.dropped").functionCounters())
        .hasSize(DropReason.values().length * 5)
        .extracting(FunctionCounter::count)
        .satisfies(
            counts ->
                assertThat(counts.stream().mapToDouble(Double::doubleValue).sum()).isEqualTo(3));
  }

  @Test
  void bindTo_keepsPublishersApart() {
    start(newBuilder().clientId("first"));
    try (EventPublisher second = newBuilder().clientId("second").build()) {
      new PublisherMetrics(publisher).bindTo(registry);
      new PublisherMetrics(second).bindTo(registry);
      second.publish(success("e-1"));

      assertThat(registry.get("petrel.publisher.accepted").functionCounters())
          .extracting(FunctionCounter::count)
          .containsExactlyInAnyOrder(0.0, 1.0);
    }
  }

  private double counter(String name) {
    return registry
        .get("petrel.publisher." + name)
        .tag("client.id", "app")
        .functionCounter()
        .count();
  }

  private double gauge(String name) {
    return registry.get("petrel.publisher." + name).tag("client.id", "app").gauge().value();
  }

  private double dropped(String reason, String outcome) {
    return registry
        .get("petrel.publisher.dropped")
        .tags("reason", reason, "outcome", outcome)
        .functionCounter()
        .count();
  }
}
