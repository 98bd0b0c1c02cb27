// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.intake;

import dev.petrel.gateway.intake.RefusedException.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * The gateway's metrics: {@code received = stored + rejected + not_stored}, and beside them what
 * was skipped, as it is no call, and requests that were refused as a whole. Thread-safe.
 */
public final class IntakeMeters {

  private final MeterRegistry registry;

  /** Meters of this registry. */
  public IntakeMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void received(String way, String source, int calls) {
    count("received", way, source, calls);
  }

  void stored(String way, String source, int calls) {
    count("stored", way, source, calls);
  }

  void notStored(String way, String source, int calls) {
    count("not_stored", way, source, calls);
  }

  private void count(String result, String way, String source, int calls) {
    Counter.builder("petrel.gateway.calls." + result)
        .description("Calls that were " + result.replace('_', ' '))
        .tag("way", way)
        .tag("source", source)
        .register(registry)
        .increment(calls);
  }

  void rejected(String way, String source, String reason) {
    Counter.builder("petrel.gateway.calls.rejected")
        .description("Items that should be calls and cannot be, by reason")
        .tag("way", way)
        .tag("source", source)
        .tag("reason", reason)
        .register(registry)
        .increment();
  }

  void skipped(String way, String reason, int items) {
    Counter.builder("petrel.gateway.skipped")
        .description("Spans, log records and payloads that are no calls, by reason")
        .tag("way", way)
        .tag("reason", reason)
        .register(registry)
        .increment(items);
  }

  /** A request of which nothing was acknowledged. */
  public void refused(String way, Reason reason) {
    Counter.builder("petrel.gateway.requests.refused")
        .description("Requests of which nothing was acknowledged, by reason")
        .tag("way", way)
        .tag("reason", reason.wireName())
        .register(registry)
        .increment();
  }

  /** How long requests take that are answered with an acknowledgement. */
  public Timer acknowledged(String way) {
    return Timer.builder("petrel.gateway.requests")
        .description("Requests that were acknowledged, from their first byte to the answer")
        .tag("way", way)
        .publishPercentileHistogram()
        .register(registry);
  }
}
