// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.dashboards.SampleTraffic;
import dev.petrel.dashboards.console.Parameters.Range;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.stats.QuantileSketch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class TimeSeriesTest {

  private static final long MINUTE = CallStats.WINDOW_MS;
  private static final long START = 1_772_323_200_000L;

  @Test
  void step_isAMinuteForAnHour() {
    TimeSeries series = new TimeSeries(new Range(START, START + 60 * MINUTE), Resolution.MINUTES);

    assertThat(series.step()).isEqualTo(MINUTE);
    assertThat(series.size()).isEqualTo(60);
    assertThat(series.startOf(59)).isEqualTo(START + 59 * MINUTE);
  }

  @Test
  void size_isNeverMoreThanTheMost() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      long from = START + random.nextLong(1000 * MINUTE);
      long length = 1 + random.nextLong((1L << random.nextInt(1, 40)));
      Resolution resolution = Resolution.values()[random.nextInt(Resolution.values().length)];
      TimeSeries series = new TimeSeries(new Range(from, from + length), resolution);

      assertThat(series.size()).as("seed %d", seed).isBetween(1, TimeSeries.MAX_BUCKETS);
      assertThat(series.step() % resolution.windowMs()).as("seed %d", seed).isZero();
      assertThat(series.startOf(0)).isLessThanOrEqualTo(from);
      assertThat(series.startOf(series.size())).isGreaterThanOrEqualTo(from + length);
    }
  }

  @Test
  void add_givesWhatAllEventsTogetherGive() {
    long seed = System.nanoTime();
    SampleTraffic traffic = new SampleTraffic(seed, 5);
    TimeSeries series = new TimeSeries(new Range(START, START + 240 * MINUTE), Resolution.MINUTES);
    List<LlmCallEvent> all = new ArrayList<>();
    List<LlmCallEvent> firstBucket = new ArrayList<>();
    for (long window = START; window < START + 240 * MINUTE; window += 7 * MINUTE) {
      List<LlmCallEvent> minute = traffic.minute(window, 30, window % 2 == 0);
      series.add(window, measures(minute));
      all.addAll(minute);
      if (window < START + series.step()) {
        firstBucket.addAll(minute);
      }
    }

    assertThat(series.step()).isEqualTo(2 * MINUTE);
    assertSame(series.total(), all, seed);
    assertSame(series.bucket(0), firstBucket, seed);
    assertThat(series.bucket(1)).isNull();
  }

  @Test
  void add_tellsWindowsApartInSynchrony() {
    // Retries in the same second of each minute, few in each: in step within minutes or not at all.
    TimeSeries series =
        new TimeSeries(new Range(START, START + 24 * 60 * MINUTE), Resolution.HOURS);
    for (int minute = 0; minute < 60; minute++) {
      Measures one = new Measures();
      one.add(
          LlmCallEvent.newBuilder()
              .set(EventField.EVENT_ID, "retry-" + minute)
              .set(EventField.TIMESTAMP, START + minute * MINUTE)
              .set(EventField.OUTCOME, Outcome.SUCCESS)
              .set(EventField.ATTEMPT, 1L)
              .build());
      series.add(START, one);
    }

    assertThat(series.step()).isEqualTo(60 * MINUTE);
    assertThat(series.total().retries()).isEqualTo(60);
    assertThat(series.total().synchrony()).isBetween(0.9, 1.1);
  }

  @Test
  void add_ignoresWhatIsOutside() {
    TimeSeries series = new TimeSeries(new Range(START, START + 60 * MINUTE), Resolution.MINUTES);
    Measures some = measures(new SampleTraffic(1, 1).minute(START, 3, false));

    series.add(START - MINUTE, some);
    series.add(START + 60 * MINUTE, some);

    assertThat(series.total().attempts()).isZero();
  }

  private static Measures measures(List<LlmCallEvent> events) {
    Measures measures = new Measures();
    events.forEach(measures::add);
    return measures;
  }

  private static void assertSame(
      @org.jspecify.annotations.Nullable Measures merged, List<LlmCallEvent> events, long seed) {
    assertThat(merged).isNotNull();
    assertThat(merged.attempts()).as("seed %d", seed).isEqualTo(events.size());
    assertThat(merged.errorAttempts())
        .isEqualTo(events.stream().filter(event -> event.outcome() == Outcome.ERROR).count());
    assertThat(merged.tokens(EventField.INPUT_TOKENS))
        .isEqualTo(events.stream().mapToLong(event -> event.get(EventField.INPUT_TOKENS, 0)).sum());
    List<Double> latencies =
        events.stream()
            .map(event -> event.get(EventField.DURATION_MS))
            .sorted(Comparator.naturalOrder())
            .toList();
    double p95 = latencies.get((int) Math.ceil(0.95 * latencies.size()) - 1);
    assertThat(merged.latencyMs().quantile(0.95))
        .as("seed %d", seed)
        .isCloseTo(p95, Percentage.withPercentage(100 * QuantileSketch.RELATIVE_ACCURACY + 1e-6));
  }
}
