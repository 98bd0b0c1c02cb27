// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.pattern;

import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.detect.Episodes;
import dev.petrel.alerting.detect.Evidence;
import dev.petrel.alerting.detect.Finding;
import dev.petrel.alerting.detect.Finding.Level;
import dev.petrel.alerting.detect.FindingDetector;
import dev.petrel.alerting.detect.Parameter;
import dev.petrel.alerting.detect.Pattern;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.alerting.detect.Words;
import dev.petrel.alerting.traffic.FailureKind;
import dev.petrel.alerting.traffic.Group;
import dev.petrel.alerting.traffic.Series;
import dev.petrel.alerting.traffic.Totals;
import dev.petrel.alerting.traffic.Traffic;
import dev.petrel.event.ErrorType;
import dev.petrel.stats.Contributors;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;
import dev.petrel.stats.Sources;
import dev.petrel.stats.TopCounts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys that are refused: one credential wherever it is used, one instance of a service, a
 * service as a whole, or everybody.
 *
 * <p>The narrowest explanation wins: failures of a service whose credential fails everywhere are
 * that credential's, failures that come from one instance are that instance's.
 */
public final class Authentication extends FindingDetector {

  private static final FailureKind KIND = FailureKind.AUTHENTICATION;
  private static final double MOST = 0.8;

  /** From so many failing credentials of a provider on, it is the provider's or the account's. */
  private static final int MANY_CREDENTIALS = 3;

  /** Looks with this rule's thresholds. */
  public Authentication(Rule rule) {
    super(rule);
  }

  @Override
  public long intervalMs() {
    return 1000;
  }

  @Override
  protected Set<Pattern> explainedBy() {
    return Set.of();
  }

  @Override
  protected List<Finding> find(Traffic traffic, Episodes known, long now) {
    List<Finding> found = new ArrayList<>();
    Set<String> failingCredentials = credentials(traffic, known, now, found);
    boolean services = services(traffic, failingCredentials, known, now, found);
    if (!services && failingCredentials.isEmpty()) {
      providers(traffic, known, now, found);
    }
    return found;
  }

  // ---- Credentials

  private Set<String> credentials(Traffic traffic, Episodes known, long now, List<Finding> found) {
    Set<String> failing = new HashSet<>();
    for (Group group : traffic.groups()) {
      List<Series> own =
          traffic.ofKind(ScopeKind.CREDENTIAL).stream()
              .filter(
                  each ->
                      String.valueOf(each.scope().provider())
                          .equals(String.valueOf(group.provider())))
              .toList();
      List<Series> refused =
          own.stream().filter(each -> level(each, known.isOpen(each.name()), now) != null).toList();
      refused.forEach(each -> failing.add(String.valueOf(each.scope().credential())));
      Series whole = group.whole();
      boolean openOne = refused.stream().anyMatch(each -> known.isOpen(each.name()));
      if (refused.size() >= MANY_CREDENTIALS
          && 2 * refused.size() > own.size()
          && whole != null
          && level(whole, known.isOpen(whole.name()), now) != null
          && !openOne) {
        add(traffic, whole, known, now, found);
        continue;
      }
      for (Series each : refused) {
        add(traffic, each, known, now, found);
      }
    }
    return failing;
  }

  private @Nullable Level level(Series series, boolean isOpen, long now) {
    Totals recent = series.recent(now, rule().minutes(Parameter.WINDOW));
    return level(recent.bad(KIND), recent.attempts(), recent.moments(KIND), isOpen);
  }

  private @Nullable Level level(long bad, long attempts, int moments, boolean isOpen) {
    double ratio = attempts == 0 ? 0 : (double) bad / attempts;
    if (bad >= rule().number(Parameter.MIN_BAD)
        && moments >= 2
        && ratio >= rule().number(Parameter.ABOVE)) {
      return Level.ABOVE;
    }
    return isOpen && bad > 0 && ratio >= rule().number(Parameter.RECOVER_BELOW) ? Level.HOLD : null;
  }

  private void add(Traffic traffic, Series series, Episodes known, long now, List<Finding> found) {
    Level level = level(series, known.isOpen(series.name()), now);
    if (level == null) {
      return;
    }
    Scope scope = series.scope();
    found.add(
        new Finding(
            series.name(),
            Words.labels(
                "scope_kind", scope.kind().wireName(),
                "environment", traffic.environment(),
                "provider", scope.provider(),
                "credential", scope.credential(),
                "service", scope.service()),
            level,
            scope.kind() == ScopeKind.PROVIDER ? Severity.CRITICAL : Severity.ERROR,
            () -> story(series, null, now)));
  }

  // ---- Services and their instances

  private boolean services(
      Traffic traffic,
      Set<String> failingCredentials,
      Episodes known,
      long now,
      List<Finding> found) {
    boolean any = false;
    for (Series series : traffic.ofKind(ScopeKind.SERVICE)) {
      Totals recent = series.recent(now, rule().minutes(Parameter.WINDOW));
      if (recent.bad(KIND) == 0) {
        continue;
      }
      any |= recent.bad(KIND) >= rule().number(Parameter.MIN_BAD);
      Measures measures = series.recentMeasures(now, rule().minutes(Parameter.WINDOW));
      Contributors contributors = measures.contributors();
      if (contributors == null) {
        continue;
      }
      long explained =
          contributors.credentialsByType().highest(KIND.types()).stream()
              .filter(entry -> failingCredentials.contains(entry.name()))
              .mapToLong(TopCounts.Entry::count)
              .sum();
      if (explained >= MOST * recent.bad(KIND)) {
        continue;
      }
      TopCounts.Entry instance = instanceOf(contributors, recent.bad(KIND) - explained);
      if (instance != null && isOneOfSeveral(instance.name(), measures.sources())) {
        addInstance(traffic, series, instance, measures.sources(), recent, known, now, found);
      } else {
        add(traffic, series, known, now, found);
      }
    }
    return any;
  }

  /** The instance that most of the failures come from; null when there is none. */
  private static TopCounts.@Nullable Entry instanceOf(Contributors contributors, long bad) {
    List<TopCounts.Entry> instances = contributors.instancesByType().highest(KIND.types());
    return instances.isEmpty() || instances.get(0).count() < MOST * bad ? null : instances.get(0);
  }

  private static boolean isOneOfSeveral(String instance, @Nullable Sources sources) {
    return sources != null
        && sources.instances().highest(2).stream()
            .anyMatch(entry -> !entry.name().equals(instance));
  }

  private void addInstance(
      Traffic traffic,
      Series series,
      TopCounts.Entry instance,
      @Nullable Sources sources,
      Totals recent,
      Episodes known,
      long now,
      List<Finding> found) {
    long attempts =
        sources == null
            ? recent.attempts()
            : sources.instances().highest(TopCounts.CAPACITY).stream()
                .filter(entry -> entry.name().equals(instance.name()))
                .mapToLong(TopCounts.Entry::count)
                .findAny()
                .orElse(instance.count());
    String key = series.name() + "|instance=" + instance.name();
    Level level =
        level(
            instance.count(),
            Math.max(attempts, instance.count()),
            recent.moments(KIND),
            known.isOpen(key));
    if (level != null) {
      found.add(
          new Finding(
              key,
              Words.labels(
                  "scope_kind", "instance",
                  "environment", traffic.environment(),
                  "service", series.scope().service(),
                  "instance", instance.name()),
              level,
              Severity.ERROR,
              () -> story(series, instance.name(), now)));
    }
  }

  // ---- Where neither is known

  private void providers(Traffic traffic, Episodes known, long now, List<Finding> found) {
    for (Group group : traffic.groups()) {
      Series whole = group.whole();
      if (whole != null) {
        add(traffic, whole, known, now, found);
      }
    }
  }

  private Finding.Story story(Series series, @Nullable String instance, long now) {
    Measures measures = series.recentMeasures(now, rule().minutes(Parameter.WINDOW));
    Totals recent = series.recent(now, rule().minutes(Parameter.WINDOW));
    Scope scope = series.scope();
    String who =
        instance != null
            ? "instance " + instance + " of " + scope.service()
            : scope.credential() != null
                ? "key " + scope.credential() + " at " + scope.provider()
                : scope.service() != null
                    ? "service " + scope.service()
                    : "all keys at " + scope.provider();
    Evidence evidence =
        new Evidence()
            .fact("Refused", Words.count(recent.bad(KIND)) + " attempts")
            .fact("Caused by", who)
            .number("bad", recent.bad(KIND))
            .number("attempts", recent.attempts())
            .number("ratio", recent.ratio(KIND))
            .names("culprits", List.of(instance != null ? instance : who));
    Contributors contributors = measures.contributors();
    if (contributors != null) {
      Set<ErrorType> types = KIND.types();
      List<String> services = Words.namesOf(contributors.servicesByType().highest(types));
      List<String> tenants = Words.namesOf(contributors.tenants().highest(Evidence.MAX_NAMES));
      evidence
          .fact("Services", Words.names(services))
          .fact("Hurt", Words.names(tenants))
          .fact(
              "Provider says", Words.names(Words.namesOf(contributors.signatures().highest(types))))
          .fact("Request ids", Words.names(contributors.requestIds()))
          .names("services", services)
          .names("victims", tenants)
          .names("request_ids", contributors.requestIds());
    }
    String advice =
        instance != null
            ? "its key is missing or wrong, other instances work: compare its configuration"
            : scope.credential() != null
                ? "it was rotated, revoked or has expired: update it wherever it is used"
                : "check the keys and what they are allowed to do";
    return evidence.story(
        "The provider refuses %s: %s attempts in %d minutes fail with authentication errors; %s."
            .formatted(
                who, Words.count(recent.bad(KIND)), rule().minutes(Parameter.WINDOW) + 1, advice));
  }
}
