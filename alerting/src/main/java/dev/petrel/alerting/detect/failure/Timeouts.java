// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import dev.petrel.alerting.detect.Evidence;
import dev.petrel.alerting.detect.Finding;
import dev.petrel.alerting.detect.Words;
import dev.petrel.alerting.traffic.Group;
import dev.petrel.alerting.traffic.Series;
import dev.petrel.event.ErrorType;
import dev.petrel.stats.Measures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells failures that are mostly timeouts, and whether long prompts are what times out. */
final class Timeouts {

  /** Share of timeouts in the failures. */
  private static final double MOSTLY = 0.6;

  /** Rank correlation from which long prompts are named as the reason. */
  private static final double RELATED = 0.5;

  private static final int MIN_CELLS = 4;
  private static final long MIN_ATTEMPTS = 10;
  private static final int MINUTES = 4;

  private Timeouts() {}

  static @Nullable Diagnosis diagnose(
      Group group, Coverage coverage, FailureEvidence evidence, long now) {
    long timeouts =
        evidence.errors().getOrDefault(ErrorType.CLIENT_TIMEOUT.wireName(), 0L)
            + evidence.errors().getOrDefault(ErrorType.PROVIDER_TIMEOUT.wireName(), 0L);
    long all = evidence.errors().values().stream().mapToLong(Long::longValue).sum();
    if (all == 0 || timeouts < MOSTLY * all) {
      return null;
    }
    Measures recent = new Measures();
    for (Series series : coverage.seriesOf(group, evidence.affectedModels())) {
      recent.mergeWindow(series.recentMeasures(now, MINUTES));
    }
    double related = relationToInput(group, coverage, now);
    Evidence told =
        new Evidence()
            .fact("Timeouts", Words.percent((double) timeouts / all) + " of the failures")
            .fact(
                "Latency",
                recent.latencyMs().count() == 0
                    ? null
                    : "p95 " + Words.seconds(recent.latencyMs().quantile(0.95)))
            .fact(
                "Input size",
                related >= RELATED ? "the longer the prompts, the more time out" : null)
            .number("timeout_share", (double) timeouts / all)
            .number("latency_p95_ms", recent.latencyMs().quantile(0.95))
            .number("input_tokens_p95", recent.inputTokensPerCall().quantile(0.95))
            .number("relation_to_input_size", related);
    Finding.Story story =
        told.story(
            related >= RELATED
                ? "Calls time out, the longer their prompts the more."
                : "Calls time out.");
    return new Diagnosis(Map.of(), story.summary(), story.facts(), story.evidence());
  }

  /**
   * Spearman's rank correlation of prompt size and share of timeouts over the tenants on each
   * model; NaN when there are too few of them.
   */
  private static double relationToInput(Group group, Coverage coverage, long now) {
    List<double[]> cells = new ArrayList<>();
    for (Map.Entry<String, Map<String, Series>> model : group.cells().entrySet()) {
      if (coverage.model() != null
          && coverage.level() == Coverage.Level.MODEL
          && !model.getKey().equals(coverage.model())) {
        continue;
      }
      for (Series series : model.getValue().values()) {
        Measures measures = series.recentMeasures(now, MINUTES);
        if (measures.attempts() >= MIN_ATTEMPTS && measures.inputTokensPerCall().count() > 0) {
          long timeouts =
              measures.errors(ErrorType.CLIENT_TIMEOUT)
                  + measures.errors(ErrorType.PROVIDER_TIMEOUT);
          cells.add(
              new double[] {
                measures.inputTokensPerCall().quantile(0.5), (double) timeouts / measures.attempts()
              });
        }
      }
    }
    return cells.size() < MIN_CELLS ? Double.NaN : spearman(cells);
  }

  static double spearman(List<double[]> pairs) {
    double[] x = ranks(pairs.stream().mapToDouble(pair -> pair[0]).toArray());
    double[] y = ranks(pairs.stream().mapToDouble(pair -> pair[1]).toArray());
    double mean = (pairs.size() - 1) / 2.0;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - mean) * (y[i] - mean);
      xx += (x[i] - mean) * (x[i] - mean);
      yy += (y[i] - mean) * (y[i] - mean);
    }
    return xx == 0 || yy == 0 ? Double.NaN : xy / Math.sqrt(xx * yy);
  }

  /** Ranks from 0; equal values share the mean of theirs. */
  private static double[] ranks(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] ranks = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int first = 0;
      while (sorted[first] < values[i]) {
        first++;
      }
      int last = first;
      while (last + 1 < sorted.length && sorted[last + 1] == values[i]) {
        last++;
      }
      ranks[i] = (first + last) / 2.0;
    }
    return ranks;
  }
}
