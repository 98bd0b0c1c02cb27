// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static java.util.Objects.requireNonNull;

import dev.petrel.event.Outcome;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/**
 * A publisher's counters as Micrometer's: {@code accepted + recovered = sent + dropped + queued +
 * spooled}, all named {@code petrel.publisher.…} and tagged with the publisher's {@code client.id}.
 *
 * <p>Needs Micrometer on the class path; nothing else of this module does. A registry refers to the
 * publisher as long as it has these meters.
 */
public final class PublisherMetrics implements MeterBinder {
  private static final String CLIENT = "client.id";

  private final EventPublisher publisher;

  /** The metrics of this publisher. */
  public PublisherMetrics(EventPublisher publisher) {
    this.publisher = requireNonNull(publisher, "publisher");
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counter(registry, "accepted", "Events handed in", Tally::accepted);
    counter(
        registry, "recovered", "Events found in the spool of an earlier process", Tally::recovered);
    counter(registry, "sent", "Events that Kafka confirmed", Tally::sent);
    for (DropReason reason : DropReason.values()) {
      for (Outcome outcome : Outcome.values()) {
        FunctionCounter.builder(
                "petrel.publisher.dropped",
                publisher.tally(),
                tally -> tally.droppedOf(reason, outcome))
            .tag(CLIENT, publisher.clientId())
            .tag("reason", reason.wireName())
            .tag("outcome", outcome.wireName())
            .description("Events lost")
            .register(registry);
      }
    }
    gauge(registry, "queued", "Events waiting in memory", EventPublisher::queued);
    gauge(registry, "spooled", "Events waiting on disk", one -> one.tally().spooled());
    Gauge.builder("petrel.publisher.spool.size", publisher, EventPublisher::spoolBytes)
        .tag(CLIENT, publisher.clientId())
        .baseUnit("bytes")
        .description("What the spool takes on disk")
        .strongReference(true)
        .register(registry);
  }

  private void counter(
      MeterRegistry registry, String name, String description, ToDoubleFunction<Tally> count) {
    FunctionCounter.builder("petrel.publisher." + name, publisher.tally(), count)
        .tag(CLIENT, publisher.clientId())
        .description(description)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<EventPublisher> value) {
    Gauge.builder("petrel.publisher." + name, publisher, value)
        .tag(CLIENT, publisher.clientId())
        .description(description)
        .strongReference(true)
        .register(registry);
  }
}
