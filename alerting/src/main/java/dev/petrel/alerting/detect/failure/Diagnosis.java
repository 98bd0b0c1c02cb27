// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import dev.petrel.alerting.detect.Evaluation;
import dev.petrel.alerting.detect.Pattern;
import dev.petrel.alerting.traffic.Group;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a more special pattern knows about failing attempts.
 *
 * @param labels what it adds to the labels, and replaces
 * @param sentence what it adds to the summary, before the rest
 * @param facts what messages show first
 * @param numbers what it adds to the evidence
 */
record Diagnosis(
    Map<String, String> labels,
    String sentence,
    Map<String, String> facts,
    Map<String, Object> numbers) {

  /** The pattern's diagnosis; null when it is something else. */
  static @Nullable Diagnosis of(
      Pattern pattern,
      Group group,
      View view,
      Coverage coverage,
      FailureEvidence evidence,
      Evaluation evaluation) {
    return switch (pattern) {
      case TIMEOUTS -> Timeouts.diagnose(group, coverage, evidence, evaluation.now());
      case TENANT_ERRORS ->
          coverage.level() == Coverage.Level.TENANT
              ? new Diagnosis(
                  Map.of(),
                  "One tenant's calls fail, others' do not.",
                  Map.of(),
                  Map.of("victims", List.of(String.valueOf(coverage.tenant()))))
              : null;
      case NOISY_TENANT ->
          NoisyTenant.diagnose(group, view, coverage, evaluation.traffic(), evaluation.now());
      default -> throw new IllegalArgumentException(pattern + " diagnoses no failures");
    };
  }
}
