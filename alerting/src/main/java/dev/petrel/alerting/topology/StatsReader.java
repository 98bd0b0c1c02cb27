// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.topology;

import dev.petrel.alerting.traffic.ScopeWindow;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import dev.petrel.stats.ScopeKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps aggregates to what detection needs of them, keyed by environment.
 *
 * <p>Dropped are imports, so that an import of history raises no alert, days, minutes older than
 * {@link #MAX_AGE}, windows of the future, and values that are no aggregates, which are counted.
 */
final class StatsReader extends ContextualProcessor<String, byte[], String, ScopeWindow> {

  /** Older minutes are history. */
  static final Duration MAX_AGE = Duration.ofMinutes(66);

  /** No pattern looks further back on tenants' models, of which there are most. */
  static final Duration MAX_AGE_TENANT_MODEL = Duration.ofMinutes(12);

  /** How far ahead of this clock the clocks of applications may be. */
  private static final Duration MAX_AHEAD = Duration.ofMinutes(2);

  private static final Logger LOGGER = LoggerFactory.getLogger(StatsReader.class);

  private final Counter unreadable;

  StatsReader(MeterRegistry meters) {
    unreadable =
        Counter.builder("petrel.alerting.unreadable")
            .description("Records of llm-call-stats that are no call stats")
            .register(meters);
  }

  @Override
  public void process(Record<String, byte[]> record) {
    if (record.value() == null) {
      return;
    }
    CallStats stats;
    try {
      stats = CallStatsCodec.decode(record.value());
    } catch (IllegalArgumentException e) {
      if (unreadable.count() == 0) {
        LOGGER
            .atWarn()
            .addKeyValue("key", record.key())
            .setCause(e)
            .log("Skipping a record that is no call stats; further ones are only counted");
      }
      unreadable.increment();
      return;
    }
    if (stats.importId() == null && isRecent(stats)) {
      String environment = stats.scope().environment();
      context()
          .forward(
              record
                  .withKey(environment == null ? "" : environment)
                  .withValue(ScopeWindow.of(stats)));
    }
  }

  private boolean isRecent(CallStats stats) {
    long age = context().currentSystemTimeMs() - stats.windowStart();
    boolean tenantModel = stats.scope().kind() == ScopeKind.TENANT_MODEL;
    if (age < -MAX_AHEAD.toMillis()) {
      return false;
    }
    if (stats.windowMs() == CallStats.WINDOW_MS) {
      return age <= (tenantModel ? MAX_AGE_TENANT_MODEL : MAX_AGE).toMillis();
    }
    return stats.windowMs() == CallStats.HOUR_MS && !tenantModel;
  }
}
