// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import dev.petrel.alerting.detect.Evidence;
import dev.petrel.alerting.detect.Finding;
import dev.petrel.alerting.detect.Words;
import dev.petrel.alerting.traffic.FailureKind;
import dev.petrel.alerting.traffic.Group;
import dev.petrel.alerting.traffic.Series;
import dev.petrel.alerting.traffic.Totals;
import dev.petrel.alerting.traffic.Traffic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Scope;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the tenant that uses a shared limit up, and those who suffer from it. */
final class NoisyTenant {

  /** The share of all attempts that makes a tenant a suspect at all. */
  private static final double MIN_SHARE = 0.3;

  /** How many times its normal rate a noisy tenant has. */
  private static final double SURGE = 2.5;

  /** The share that it takes where nothing is known of its normal rate. */
  private static final double DOMINANT = 0.5;

  private static final int MINUTES = 2;
  private static final int HISTORY_MINUTES = 60;
  private static final int MIN_HISTORY_MINUTES = 2;
  private static final double VICTIM_RATIO = 0.02;
  private static final long VICTIM_BAD = 2;

  private NoisyTenant() {}

  /** One tenant's part of the traffic in question. */
  private record Part(String tenant, long attempts, long limited) {}

  static @Nullable Diagnosis diagnose(
      Group group, View view, Coverage coverage, Traffic traffic, long now) {
    List<Part> parts = parts(group, coverage, now);
    long all = parts.stream().mapToLong(Part::attempts).sum();
    Part noisy =
        parts.stream()
            .filter(part -> part.attempts() >= MIN_SHARE * all)
            .filter(part -> !part.tenant().startsWith(Scope.OTHER))
            .max(Comparator.comparingLong(Part::attempts))
            .orElse(null);
    if (noisy == null) {
      return null;
    }
    double surge = surge(traffic.tenant(noisy.tenant()), now);
    double share = (double) noisy.attempts() / all;
    if (Double.isNaN(surge) ? share < DOMINANT : surge < SURGE) {
      return null;
    }
    List<String> victims =
        parts.stream()
            .filter(part -> !part.tenant().equals(noisy.tenant()))
            .filter(part -> part.limited() >= VICTIM_BAD)
            .filter(part -> part.limited() >= VICTIM_RATIO * part.attempts())
            .sorted(Comparator.comparingLong(Part::limited).reversed())
            .map(Part::tenant)
            .toList();
    if (victims.isEmpty()) {
      return null; // it hurts nobody but itself
    }
    String rate = Double.isNaN(surge) ? "" : ", " + Words.times(surge) + " its normal rate";
    Finding.Story story =
        new Evidence()
            .fact("Caused by", "tenant " + noisy.tenant() + rate)
            .fact("Hurt", Words.names(victims))
            .number("culprit_share", share)
            .number("culprit_surge", surge)
            .names("culprits", List.of(noisy.tenant()))
            .names("victims", victims)
            .story(
                "Tenant %s sends %s of the calls%s; %s rate-limited because of it."
                    .formatted(
                        noisy.tenant(),
                        Words.percent(share),
                        rate,
                        Words.several(victims.size(), "other tenant")
                            + (victims.size() == 1 ? " is" : " are")));
    return new Diagnosis(
        Map.of("tenant", noisy.tenant()), story.summary(), story.facts(), story.evidence());
  }

  private static List<Part> parts(Group group, Coverage coverage, long now) {
    Map<String, Part> parts = new HashMap<>();
    group
        .cells()
        .forEach(
            (model, tenants) -> {
              // A limit is a model's, or all of a provider's.
              if (coverage.level() == Coverage.Level.PROVIDER
                  || coverage.model() == null
                  || model.equals(coverage.model())) {
                tenants.forEach(
                    (tenant, series) -> {
                      Totals recent = series.recent(now, MINUTES);
                      parts.merge(
                          tenant,
                          new Part(tenant, recent.attempts(), recent.bad(FailureKind.RATE_LIMIT)),
                          (a, b) ->
                              new Part(
                                  tenant, a.attempts() + b.attempts(), a.limited() + b.limited()));
                    });
              }
            });
    return new ArrayList<>(parts.values());
  }

  /** How many times its normal rate of calls a tenant has now; NaN when that is not known. */
  private static double surge(@Nullable Series tenant, long now) {
    if (tenant == null) {
      return Double.NaN;
    }
    long current = CallStats.windowStartOf(now);
    // The trouble began some minutes ago: what is normal is what was before.
    long end = current - (MINUTES + 2) * CallStats.WINDOW_MS;
    long start = Math.max(tenant.firstSeenAt(), end - HISTORY_MINUTES * CallStats.WINDOW_MS);
    long minutes = (end - start) / CallStats.WINDOW_MS;
    if (minutes < MIN_HISTORY_MINUTES) {
      return Double.NaN;
    }
    double normal = (double) tenant.totals(start, end).calls() / minutes;
    double now1 = (double) tenant.recentFull(now, MINUTES).calls() / MINUTES;
    return normal == 0 ? Double.NaN : now1 / normal;
  }
}
