// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps call-stats records to what the rules need of them, keyed by group.
 *
 * <p>Dropped are imports, scopes that no rule looks at, minutes older than {@link #MAX_AGE}, so
 * that an import of history or a backlog raises no alert, minutes of the future, and values that
 * are no call stats, which are counted.
 */
final class StatsReader extends ContextualProcessor<String, byte[], String, ScopeMinute> {

  /** Older minutes are history. */
  static final Duration MAX_AGE = Duration.ofMinutes(10);

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
    long age = context().currentSystemTimeMs() - stats.windowStart();
    if (stats.importId() != null
        || !Group.takes(stats.scope())
        || age > MAX_AGE.toMillis()
        || age < -MAX_AHEAD.toMillis()
        || stats.windowMs() != CallStats.WINDOW_MS) {
      return;
    }
    ScopeMinute minute =
        new ScopeMinute(
            stats.scope().key(),
            stats.windowStart(),
            stats.revision(),
            Counts.of(stats.measures()));
    context().forward(record.withKey(ScopeMinute.groupOf(stats.scope())).withValue(minute));
  }
}
