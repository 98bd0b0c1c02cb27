// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import dev.petrel.event.UsageSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scenario says of itself shows in its events. */
class ScenarioTest {

  private static final long T0 = 1_780_000_000_000L;
  private static final Duration LEAD_IN = Duration.ofMinutes(3);

  private static Plan plan(Scenario scenario) {
    return Plan.of(scenario, T0, 30, Duration.ofMinutes(14)).withLeadIn(LEAD_IN).withSeed(7);
  }

  private static Attempts attempts(Scenario scenario) {
    return Attempts.of(plan(scenario));
  }

  private static Expectation truth(Scenario scenario) {
    return plan(scenario).expectation();
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void leadIn_isCalm(Scenario scenario) {
    Attempts calm = Attempts.until(LEAD_IN, plan(scenario)).between(Duration.ZERO, LEAD_IN);

    assertThat(calm.errorRate()).isLessThan(0.04);
    assertThat(calm.shareOf(ErrorType.RATE_LIMIT)).isZero();
    assertThat(calm.attemptsPerCall()).isLessThan(1.05);
  }

  @ParameterizedTest
  @EnumSource(
      value = Scenario.class,
      mode = Mode.EXCLUDE,
      names = {"STEADY", "GROWTH", "SPORADIC", "CONTEXT_CREEP"})
  void trouble_isOverAtItsEnd(Scenario scenario) {
    Attempts after = attempts(scenario).after(truth(scenario), Duration.ofSeconds(90));

    assertThat(after.count()).isGreaterThan(1000);
    assertThat(after.errorRate()).isLessThan(0.03);
    assertThat(after.attemptsPerCall()).isLessThan(1.05);
  }

  @ParameterizedTest
  @EnumSource(Scenario.class)
  void expectation_namesWhatTheEventsName(Scenario scenario) {
    Expectation truth = truth(scenario);
    Attempts all = attempts(scenario);
    Attempts during = scenario == Scenario.SILENCE ? all.before(truth) : all.during(truth);
    truth
        .labels()
        .forEach(
            (label, value) -> {
              EventField<String> field = fieldOf(label);
              assertThat(during.counts(field)).as(label).containsKey(value);
            });
    for (String victim : truth.victims()) {
      assertThat(truth.culprits()).doesNotContain(victim);
      assertThat(
              during.with(EventField.TENANT, victim).count()
                  + during.with(EventField.SERVICE, victim).count())
          .as(victim)
          .isPositive();
    }
  }

  private static EventField<String> fieldOf(String label) {
    return switch (label) {
      case "provider" -> EventField.PROVIDER;
      case "model" -> EventField.REQUEST_MODEL;
      case "tenant" -> EventField.TENANT;
      case "service" -> EventField.SERVICE;
      case "instance" -> EventField.INSTANCE;
      case "credential" -> EventField.CREDENTIAL;
      case "version" -> EventField.VERSION;
      default -> throw new IllegalArgumentException("no such label: " + label);
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = Scenario.class,
      names = {"STEADY", "GROWTH", "SPORADIC"})
  void calm_hasNoTroubleAndNoRefusals(Scenario scenario) {
    Attempts all = attempts(scenario);

    assertThat(truth(scenario).isTrouble()).isFalse();
    assertThat(all.errorRate()).isLessThan(0.04);
    assertThat(all.shareOf(ErrorType.RATE_LIMIT)).isZero();
  }

  @Test
  void growth_triplesTheRateOfCalls() {
    Attempts firsts = attempts(Scenario.GROWTH).firsts();
    int calm = firsts.between(Duration.ZERO, Duration.ofMinutes(2)).count();
    int last = firsts.between(Duration.ofMinutes(12), Duration.ofMinutes(14)).count();

    assertThat((double) last / calm).isBetween(2.6, 3.1);
  }

  @Test
  void sporadic_spreadsSingleFailuresOverManyTenants() {
    Attempts failures =
        attempts(Scenario.SPORADIC).where(event -> event.outcome() == Outcome.ERROR);
    Map<String, Integer> byTenant = failures.counts(EventField.TENANT);

    assertThat(byTenant).hasSizeGreaterThan(200);
    assertThat(byTenant.values()).allSatisfy(count -> assertThat(count).isLessThan(12));
  }

  @Test
  void brownout_failsOneProviderInAllItsModelsForAllTenants() {
    Expectation truth = truth(Scenario.BROWNOUT);
    Attempts during = attempts(Scenario.BROWNOUT).during(truth);
    Attempts degraded = during.with(EventField.PROVIDER, "openai");

    assertThat(degraded.errorRate()).isCloseTo(0.6, within(0.03));
    assertThat(degraded.with(EventField.REQUEST_MODEL, "gpt-4o-mini").errorRate())
        .isGreaterThan(0.5);
    assertThat(during.without(EventField.PROVIDER, "openai").errorRate()).isLessThan(0.03);
    for (String tenant : truth.victims()) {
      assertThat(degraded.with(EventField.TENANT, tenant).errorRate()).isGreaterThan(0.4);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {5, 30, 100})
  void retryStorm_sustainsItselfByRetries(double callsPerSecond) {
    Plan plan =
        Plan.of(Scenario.RETRY_STORM, T0, callsPerSecond, Duration.ofMinutes(14))
            .withLeadIn(LEAD_IN);
    Expectation truth = plan.expectation();
    Attempts storming = Attempts.of(plan).with(EventField.SERVICE, truth.culprits().get(0));
    Attempts during = storming.during(truth);
    // The trigger is over after a minute.
    Attempts sustained = storming.between(truth.from().plus(Duration.ofSeconds(90)), truth.to());

    assertThat(during.attemptsPerCall()).isGreaterThan(8);
    assertThat(sustained.retries().share(event -> event.outcome() == Outcome.SUCCESS))
        .isLessThan(0.05);
    assertThat(sustained.shareOf(ErrorType.RATE_LIMIT)).isGreaterThan(0.95);
    assertThat(sustained.earlyShare()).isGreaterThan(0.9);
    if (callsPerSecond >= 30) {
      assertThat(storming.retries().synchrony(truth.from().plus(Duration.ofMinutes(2)), truth.to()))
          .isGreaterThan(10);
    }
    double before = storming.before(truth).firsts().count() / 240.0;
    double within = during.firsts().count() / 300.0;
    assertThat(within / before).isBetween(0.7, 1.4);
  }

  @Test
  void retryStorm_leavesOthersAlone() {
    Expectation truth = truth(Scenario.RETRY_STORM);
    Attempts others =
        attempts(Scenario.RETRY_STORM)
            .during(truth)
            .without(EventField.SERVICE, truth.culprits().get(0));

    assertThat(others.errorRate()).isLessThan(0.03);
    assertThat(others.attemptsPerCall()).isLessThan(1.05);
  }

  @ParameterizedTest
  @ValueSource(doubles = {3, 30, 100})
  void noisyTenant_takesMostOfALimitAndHurtsAllWhoShareIt(double callsPerSecond) {
    Plan plan =
        Plan.of(Scenario.NOISY_TENANT, T0, callsPerSecond, Duration.ofMinutes(14))
            .withLeadIn(LEAD_IN);
    Expectation truth = plan.expectation();
    String culprit = truth.culprits().get(0);
    // The first half minute is what the limit's bucket lasts.
    Attempts shared =
        Attempts.of(plan)
            .between(truth.from().plus(Duration.ofSeconds(60)), truth.to())
            .with(EventField.REQUEST_MODEL, "gpt-4o");

    assertThat(shared.shareOf(ErrorType.RATE_LIMIT)).isBetween(0.3, 0.8);
    assertThat(shared.firsts().with(EventField.TENANT, culprit).count())
        .isGreaterThan(shared.firsts().count() * 6 / 10);
    Attempts victims = shared.without(EventField.TENANT, culprit);
    assertThat(new TreeSet<>(truth.victims()))
        .containsAll(victims.counts(EventField.TENANT).keySet());
    assertThat(victims.shareOf(ErrorType.RATE_LIMIT)).isBetween(0.3, 0.8);
    assertThat(shared.failedFor(ErrorType.RATE_LIMIT).events())
        .allSatisfy(event -> assertThat(event.get(EventField.RETRY_AFTER_MS)).isNotNull());
  }

  @Test
  void noisyTenant_hurtsNobodyElsewhere() {
    Attempts elsewhere =
        attempts(Scenario.NOISY_TENANT)
            .during(truth(Scenario.NOISY_TENANT))
            .without(EventField.REQUEST_MODEL, "gpt-4o");

    assertThat(elsewhere.errorRate()).isLessThan(0.03);
  }

  @Test
  void keyRotation_refusesOneCredentialWhereverItIsUsed() {
    Expectation truth = truth(Scenario.KEY_ROTATION);
    Attempts during = attempts(Scenario.KEY_ROTATION).during(truth);
    String old = truth.culprits().get(0);
    Attempts withOld = during.with(EventField.CREDENTIAL, old);

    assertThat(withOld.shareOf(ErrorType.AUTHENTICATION)).isEqualTo(1);
    assertThat(withOld.with(EventField.HTTP_STATUS, 401L).count()).isEqualTo(withOld.count());
    assertThat(withOld.counts(EventField.SERVICE).keySet())
        .containsExactlyInAnyOrderElementsOf(truth.victims());
    assertThat(during.without(EventField.CREDENTIAL, old).shareOf(ErrorType.AUTHENTICATION))
        .isZero();
    assertThat(withOld.retries().count()).isLessThan(withOld.count() / 50);
  }

  @Test
  void missingKey_failsAllCallsOfOneInstanceAndNoOthers() {
    Expectation truth = truth(Scenario.MISSING_KEY);
    Attempts refused = attempts(Scenario.MISSING_KEY).failedFor(ErrorType.AUTHENTICATION);
    Attempts keyless =
        attempts(Scenario.MISSING_KEY).with(EventField.INSTANCE, truth.culprits().get(0));

    assertThat(keyless.count()).isEqualTo(refused.count()).isGreaterThan(500);
    assertThat(keyless.during(truth).count()).isEqualTo(keyless.count());
    assertThat(keyless.events())
        .allSatisfy(
            event -> {
              assertThat(event.get(EventField.CREDENTIAL)).isNull();
              assertThat(event.get(EventField.HTTP_STATUS)).isEqualTo(401);
            });
    assertThat(keyless.counts(EventField.PROVIDER)).hasSize(3);
  }

  @Test
  void quotaExhaustion_runsOutAsItIsUsedAndWaitingDoesNotHelp() {
    Expectation truth = truth(Scenario.QUOTA_EXHAUSTION);
    Attempts openai = attempts(Scenario.QUOTA_EXHAUSTION).with(EventField.PROVIDER, "openai");
    Attempts refused = openai.failedFor(ErrorType.QUOTA_EXHAUSTED);

    long first = refused.events().get(0).timestamp() - T0;
    assertThat(first).isCloseTo(truth.from().toMillis(), within(30_000L));
    assertThat(refused.count())
        .isEqualTo(
            attempts(Scenario.QUOTA_EXHAUSTION).failedFor(ErrorType.QUOTA_EXHAUSTED).count());
    assertThat(
            openai.between(Duration.ofMillis(first), truth.to()).shareOf(ErrorType.QUOTA_EXHAUSTED))
        .isGreaterThan(0.99);
    assertThat(refused.events())
        .allSatisfy(event -> assertThat(event.get(EventField.RETRY_AFTER_MS)).isNull());
    assertThat(refused.attemptsPerCall()).isBetween(2.8, 3.1);

    double soon = openai.between(LEAD_IN, LEAD_IN.plusSeconds(20)).mean(ScenarioTest::tokensLeft);
    double late =
        openai
            .between(truth.from().minusSeconds(40), truth.from().minusSeconds(20))
            .mean(ScenarioTest::tokensLeft);
    assertThat(soon).isGreaterThan(0.8);
    assertThat(late).isBetween(0.1, 0.4);
  }

  private static double tokensLeft(LlmCallEvent event) {
    RateLimit limit = event.get(EventField.RATELIMIT);
    return limit == null ? 1 : (double) limit.tokens().remaining() / limit.tokens().limit();
  }

  @ParameterizedTest
  @ValueSource(longs = {14, 3 * 24 * 60})
  void contextCreep_climbsSteadilyToTheWindowAndBeyondAtTheEnd(long minutes) {
    Duration length = Duration.ofMinutes(minutes);
    Plan plan =
        Plan.of(Scenario.CONTEXT_CREEP, T0, 30.0 * 14 / minutes, length).withLeadIn(LEAD_IN);
    Expectation truth = plan.expectation();
    Attempts model = Attempts.of(plan).with(EventField.REQUEST_MODEL, truth.labels().get("model"));
    Attempts answered = model.where(event -> event.get(EventField.INPUT_TOKENS) != null);

    double previous = 0;
    for (int tenth = 0; tenth < 9; tenth++) {
      double p95 = part(answered, truth, tenth).quantile(0.95, ScenarioTest::contextUse);
      assertThat(p95).isGreaterThan(previous + 0.03);
      previous = p95;
    }
    assertThat(previous).isGreaterThan(0.8);
    Attempts tooLong = model.failedFor(ErrorType.CONTEXT_LENGTH_EXCEEDED);
    assertThat(tooLong.count()).isPositive();
    assertThat(tooLong.events().get(0).timestamp() - T0)
        .isGreaterThan(
            truth.from().plus(length.minus(truth.from()).multipliedBy(9).dividedBy(10)).toMillis());
    assertThat(tooLong.counts(EventField.SERVICE)).containsOnlyKeys(truth.culprits().get(0));
  }

  private static Attempts part(Attempts attempts, Expectation truth, int tenth) {
    Duration part = truth.to().minus(truth.from()).dividedBy(10);
    Duration from = truth.from().plus(part.multipliedBy(tenth));
    return attempts.between(from, from.plus(part));
  }

  private static double contextUse(LlmCallEvent event) {
    return (double) event.get(EventField.INPUT_TOKENS, 0) / event.get(EventField.CONTEXT_WINDOW, 1);
  }

  @Test
  void badDeploy_failsTheNewVersionOnItsWayOverTheInstances() {
    Expectation truth = truth(Scenario.BAD_DEPLOY);
    Attempts all = attempts(Scenario.BAD_DEPLOY);
    Attempts refused = all.with(EventField.PROVIDER_ERROR_PARAM, "max_tokens");

    assertThat(refused.counts(EventField.VERSION)).containsOnlyKeys(truth.culprits().get(0));
    assertThat(refused.counts(EventField.SERVICE)).containsOnlyKeys("summarizer");
    assertThat(refused.with(EventField.HTTP_STATUS, 400L).count()).isEqualTo(refused.count());
    assertThat(
            all.with(EventField.VERSION, truth.culprits().get(0))
                .with(EventField.PROVIDER, "openai")
                .shareOf(ErrorType.INVALID_REQUEST))
        .isEqualTo(1);
    for (int minute = 0; minute < 2; minute++) {
      Duration from = truth.from().plusSeconds(60L * minute);
      assertThat(refused.between(from, from.plusSeconds(14)).counts(EventField.INSTANCE))
          .hasSize(minute == 0 ? 1 : 4);
    }
  }

  @Test
  void slowProvider_timesOutOnLongPrompts() {
    Expectation truth = truth(Scenario.SLOW_PROVIDER);
    Attempts during =
        attempts(Scenario.SLOW_PROVIDER).between(truth.from().plusSeconds(60), truth.to());
    Attempts slow = during.with(EventField.PROVIDER, "anthropic");
    Attempts timeouts = slow.failedFor(ErrorType.CLIENT_TIMEOUT);

    assertThat(slow.shareOf(ErrorType.CLIENT_TIMEOUT)).isBetween(0.2, 0.8);
    assertThat(during.without(EventField.PROVIDER, "anthropic").errorRate()).isLessThan(0.03);
    assertThat(timeouts.with(EventField.USAGE_SOURCE, UsageSource.ESTIMATED).count())
        .isEqualTo(timeouts.count());
    double ofTimeouts = timeouts.quantile(0.5, e -> e.get(EventField.INPUT_TOKENS, 0));
    double ofAnswers =
        slow.with(EventField.OUTCOME, Outcome.SUCCESS)
            .quantile(0.5, e -> e.get(EventField.INPUT_TOKENS, 0));
    assertThat(ofTimeouts).isGreaterThan(3 * ofAnswers);
  }

  @Test
  void tokenSpike_multipliesOneTenantsTokensAndCostWithoutErrors() {
    Expectation truth = truth(Scenario.TOKEN_SPIKE);
    Attempts all = attempts(Scenario.TOKEN_SPIKE);
    Attempts tenant = all.with(EventField.TENANT, truth.culprits().get(0));

    assertThat(perMinute(tenant.during(truth), truth, EventField.INPUT_TOKENS))
        .isGreaterThan(4 * before(tenant, truth, EventField.INPUT_TOKENS));
    assertThat(perMinute(tenant.during(truth), truth, EventField.COST_NANO_USD))
        .isGreaterThan(3 * before(tenant, truth, EventField.COST_NANO_USD));
    assertThat(all.during(truth).errorRate()).isLessThan(0.03);
    assertThat(all.shareOf(ErrorType.RATE_LIMIT)).isZero();
    Attempts others = all.without(EventField.TENANT, truth.culprits().get(0));
    assertThat(perMinute(others.during(truth), truth, EventField.INPUT_TOKENS))
        .isLessThan(1.3 * before(others, truth, EventField.INPUT_TOKENS));
  }

  private static double perMinute(Attempts during, Expectation truth, EventField<Long> field) {
    return during.events().stream().mapToLong(event -> event.get(field, 0)).sum()
        / (double) truth.to().minus(truth.from()).toMinutes();
  }

  private static double before(Attempts attempts, Expectation truth, EventField<Long> field) {
    return attempts.before(truth).events().stream().mapToLong(event -> event.get(field, 0)).sum()
        / (double) truth.from().toMinutes();
  }

  @Test
  void silence_stopsOneServiceOnly() {
    Expectation truth = truth(Scenario.SILENCE);
    Attempts during = attempts(Scenario.SILENCE).during(truth).firsts();

    assertThat(during.counts(EventField.SERVICE))
        .containsOnlyKeys("chat-api", "summarizer", "enricher");
    assertThat(attempts(Scenario.SILENCE).before(truth).counts(EventField.SERVICE))
        .containsKey("search");
  }

  @Test
  void named_refusesWhatIsNoScenario() {
    assertThat(Scenario.named("retry-storm")).isEqualTo(Scenario.RETRY_STORM);
    assertThatThrownBy(() -> Scenario.named("storm"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'storm'")
        .hasMessageContaining(String.join(", ", List.of("steady", "growth", "sporadic")));
  }
}
