// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.alerting.detect.failure.FailureDetector;
import dev.petrel.alerting.detect.pattern.Authentication;
import dev.petrel.alerting.detect.pattern.BadDeploy;
import dev.petrel.alerting.detect.pattern.Budget;
import dev.petrel.alerting.detect.pattern.ContextCreep;
import dev.petrel.alerting.detect.pattern.ErrorBudget;
import dev.petrel.alerting.detect.pattern.Headroom;
import dev.petrel.alerting.detect.pattern.Latency;
import dev.petrel.alerting.detect.pattern.RetryStorm;
import dev.petrel.alerting.detect.pattern.Silence;
import dev.petrel.alerting.detect.pattern.Spike;
import dev.petrel.alerting.detect.pattern.UsageCoverage;
import dev.petrel.alerting.traffic.FailureKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the detectors of rules, in the order in which they have to look. */
final class Detectors {

  private Detectors() {}

  /**
   * The detectors: causes before consequences, as {@link Pattern} is ordered.
   *
   * @throws IllegalArgumentException when two rules have one id, or a rule of a special pattern has
   *     no general rule to go with
   */
  static List<Detector> of(List<Rule> rules) {
    Set<String> ids = new HashSet<>();
    List<Detector> detectors = new ArrayList<>();
    List<Rule> ordered = new ArrayList<>(rules);
    ordered.sort(Comparator.comparing(Rule::pattern));
    for (Rule rule : ordered) {
      if (!ids.add(rule.id())) {
        throw new IllegalArgumentException("two rules have the id " + rule.id());
      }
      requireGeneral(rule, ordered);
      Detector detector = detector(rule, ordered);
      if (detector != null) {
        detectors.add(detector);
      }
    }
    return detectors;
  }

  private static void requireGeneral(Rule rule, List<Rule> all) {
    Pattern general =
        switch (rule.pattern()) {
          case TENANT_ERRORS, TIMEOUTS -> Pattern.PROVIDER_INCIDENT;
          case NOISY_TENANT -> Pattern.RATE_LIMIT_PRESSURE;
          default -> rule.pattern();
        };
    if (all.stream().noneMatch(each -> each.pattern() == general)) {
      throw new IllegalArgumentException(
          "rule %s: pattern %s needs a rule of pattern %s, whose findings it explains"
              .formatted(rule.id(), rule.pattern().wireName(), general.wireName()));
    }
  }

  private static @Nullable Detector detector(Rule rule, List<Rule> all) {
    return switch (rule.pattern()) {
      case RETRY_STORM -> new RetryStorm(rule);
      case AUTHENTICATION -> new Authentication(rule);
      case BAD_DEPLOY -> new BadDeploy(rule);
      case CONTEXT_CREEP -> new ContextCreep(rule);
      case PROVIDER_INCIDENT ->
          new FailureDetector(
              FailureKind.AVAILABILITY,
              rule,
              special(all, Pattern.TIMEOUTS, Pattern.TENANT_ERRORS));
      case RATE_LIMIT_PRESSURE ->
          new FailureDetector(FailureKind.RATE_LIMIT, rule, special(all, Pattern.NOISY_TENANT));
      case QUOTA_EXHAUSTED -> new FailureDetector(FailureKind.QUOTA, rule, List.of());
      case CONTEXT_LENGTH -> new FailureDetector(FailureKind.CONTEXT, rule, List.of());
      case INVALID_REQUESTS -> new FailureDetector(FailureKind.REQUEST, rule, List.of());
      case NEW_ERROR -> new FailureDetector(FailureKind.UNKNOWN, rule, List.of());
      // Their episodes are found by the general rules.
      case TENANT_ERRORS, TIMEOUTS, NOISY_TENANT -> null;
      case QUOTA_FORECAST -> new Headroom(rule);
      case LATENCY -> new Latency(rule);
      case TOKEN_SPIKE, COST_SPIKE -> new Spike(rule);
      case BUDGET -> new Budget(rule);
      case SILENCE -> new Silence(rule);
      case ERROR_BUDGET_BURN -> new ErrorBudget(rule);
      case TELEMETRY_HEALTH -> new UsageCoverage(rule);
    };
  }

  private static List<Rule> special(List<Rule> rules, Pattern... patterns) {
    List<Rule> found = new ArrayList<>();
    for (Pattern pattern : patterns) {
      rules.stream().filter(rule -> rule.pattern() == pattern).forEach(found::add);
    }
    return found;
  }
}
