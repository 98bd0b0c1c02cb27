// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import static dev.petrel.alerting.detect.Parameter.ABOVE;
import static dev.petrel.alerting.detect.Parameter.BELOW;
import static dev.petrel.alerting.detect.Parameter.EARLY_SHARE;
import static dev.petrel.alerting.detect.Parameter.EXCESS;
import static dev.petrel.alerting.detect.Parameter.FOR;
import static dev.petrel.alerting.detect.Parameter.KEEP_FIRING_FOR;
import static dev.petrel.alerting.detect.Parameter.MIN_ATTEMPTS;
import static dev.petrel.alerting.detect.Parameter.MIN_BAD;
import static dev.petrel.alerting.detect.Parameter.MIN_CHANGE;
import static dev.petrel.alerting.detect.Parameter.MIN_HISTORY;
import static dev.petrel.alerting.detect.Parameter.MIN_RETRIES;
import static dev.petrel.alerting.detect.Parameter.OBJECTIVE;
import static dev.petrel.alerting.detect.Parameter.RECOVER_ABOVE;
import static dev.petrel.alerting.detect.Parameter.RECOVER_BELOW;
import static dev.petrel.alerting.detect.Parameter.USD;
import static dev.petrel.alerting.detect.Parameter.WINDOW;
import static dev.petrel.alerting.detect.Parameter.WITHIN;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.petrel.event.WireNamed;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * A kind of trouble that Petrel recognises, with the thresholds that a new user can leave alone.
 *
 * <p>Thresholds that are shares of failed attempts come with a least number of failed attempts: a
 * least number of calls alone lets single failures of small tenants fire.
 */
@SuppressWarnings("ImmutableEnumChecker") // the map is unmodifiable
public enum Pattern implements WireNamed {
  /** Clients retry so much that the retries themselves keep the trouble up. */
  @JsonProperty("retry_storm")
  RETRY_STORM(
      "retry_storm",
      "retries amplify the load",
      new Defaults()
          .number(ABOVE, 1.8)
          .number(RECOVER_BELOW, 1.4)
          .number(EXCESS, 1.3)
          .number(EARLY_SHARE, 0.3)
          .number(MIN_ATTEMPTS, 100)
          .number(MIN_RETRIES, 30)
          .duration(WINDOW, Duration.ofMinutes(2))
          .duration(FOR, Duration.ofSeconds(20))
          .duration(KEEP_FIRING_FOR, Duration.ofMinutes(2))),
  /** A key is missing on an instance, or no longer valid. */
  @JsonProperty("authentication")
  AUTHENTICATION(
      "authentication",
      "a key is missing or refused",
      new Defaults()
          .number(ABOVE, 0.10)
          .number(RECOVER_BELOW, 0.05)
          .number(MIN_BAD, 10)
          .duration(WINDOW, Duration.ofMinutes(2))
          .duration(FOR, Duration.ofSeconds(20))
          .duration(KEEP_FIRING_FOR, Duration.ofMinutes(1))),
  /** Requests of one version of a service are rejected as invalid. */
  @JsonProperty("bad_deploy")
  BAD_DEPLOY(
      "bad_deploy",
      "a new version sends invalid requests",
      new Defaults()
          .number(ABOVE, 0.10)
          .number(RECOVER_BELOW, 0.05)
          .number(MIN_BAD, 10)
          .duration(WINDOW, Duration.ofMinutes(2))
          .duration(FOR, Duration.ofSeconds(20))
          .duration(KEEP_FIRING_FOR, Duration.ofMinutes(1))),
  /** Prompts grow towards the model's context window. */
  @JsonProperty("context_creep")
  CONTEXT_CREEP(
      "context_creep",
      "prompts grow towards the context window",
      new Defaults()
          .number(ABOVE, 0.5)
          .number(MIN_CHANGE, 0.15)
          .number(MIN_ATTEMPTS, 20)
          .duration(WITHIN, Duration.ofDays(14))
          .duration(FOR, Duration.ofMinutes(1))
          .duration(KEEP_FIRING_FOR, Duration.ofMinutes(30))),
  /** A provider or one of its models fails for many tenants. */
  @JsonProperty("provider_incident")
  PROVIDER_INCIDENT("provider_incident", "a provider or a model fails", failures(20)),
  /** One tenant's calls fail, others' do not. */
  @JsonProperty("tenant_errors")
  TENANT_ERRORS("tenant_errors", "one tenant's calls fail", failures(20)),
  /** Calls run into timeouts. */
  @JsonProperty("timeouts")
  TIMEOUTS("timeouts", "calls time out", failures(20)),
  /** The provider limits the rate of requests or tokens. */
  @JsonProperty("rate_limit_pressure")
  RATE_LIMIT_PRESSURE(
      "rate_limit_pressure",
      "calls are rate-limited",
      failures(60).number(ABOVE, 0.15).number(RECOVER_BELOW, 0.05).number(MIN_BAD, 20)),
  /** One tenant uses a shared limit up, others suffer. */
  @JsonProperty("noisy_tenant")
  NOISY_TENANT(
      "noisy_tenant", "one tenant uses up what all share", failures(60).number(MIN_BAD, 20)),
  /** Credit or spend limit is used up. */
  @JsonProperty("quota_exhausted")
  QUOTA_EXHAUSTED(
      "quota_exhausted",
      "quota is exhausted; waiting does not help",
      failures(20).number(ABOVE, 0.05).number(RECOVER_BELOW, 0.02)),
  /** A rate limit will be reached soon. */
  @JsonProperty("quota_forecast")
  QUOTA_FORECAST(
      "quota_forecast",
      "a limit will be reached soon",
      new Defaults()
          .number(BELOW, 0.2)
          .number(RECOVER_ABOVE, 0.3)
          .number(MIN_ATTEMPTS, 20)
          .duration(WITHIN, Duration.ofMinutes(30))
          .duration(FOR, Duration.ofMinutes(2))
          .duration(KEEP_FIRING_FOR, Duration.ofMinutes(10))),
  /** Prompts are longer than the model's context window. */
  @JsonProperty("context_length")
  CONTEXT_LENGTH(
      "context_length",
      "prompts exceed the context window",
      failures(60).number(ABOVE, 0.05).number(RECOVER_BELOW, 0.02)),
  /** Requests are rejected as invalid, but not those of one version alone. */
  @JsonProperty("invalid_requests")
  INVALID_REQUESTS("invalid_requests", "requests are rejected as invalid", failures(60)),
  /** Failures of a kind that nobody could tell. */
  @JsonProperty("new_error")
  NEW_ERROR("new_error", "calls fail in a way that is not known", failures(60)),
  /** Answers take much longer than normal. */
  @JsonProperty("latency")
  LATENCY(
      "latency",
      "answers take much longer than normal",
      new Defaults()
          .number(ABOVE, 2.5)
          .number(RECOVER_BELOW, 1.6)
          .number(MIN_ATTEMPTS, 100)
          .number(MIN_CHANGE, 1000)
          .duration(WINDOW, Duration.ofMinutes(5))
          .duration(MIN_HISTORY, Duration.ofMinutes(20))
          .duration(FOR, Duration.ofMinutes(5))
          .duration(KEEP_FIRING_FOR, Duration.ofMinutes(5))),
  /** A tenant's token use jumps. */
  @JsonProperty("token_spike")
  TOKEN_SPIKE("token_spike", "token use jumps", spike().number(MIN_CHANGE, 20_000)),
  /** A tenant's cost jumps. */
  @JsonProperty("cost_spike")
  COST_SPIKE("cost_spike", "cost jumps", spike().number(MIN_CHANGE, 0.5)),
  /** A budget of the day is used up. */
  @JsonProperty("budget")
  BUDGET(
      "budget",
      "the budget of the day is used up",
      new Defaults()
          .number(USD, Double.POSITIVE_INFINITY)
          .number(ABOVE, 1.0)
          .duration(FOR, Duration.ZERO)
          .duration(KEEP_FIRING_FOR, Duration.ofMinutes(10))),
  /** Calls that always came have stopped. */
  @JsonProperty("silence")
  SILENCE(
      "silence",
      "calls have stopped",
      new Defaults()
          .number(MIN_ATTEMPTS, 40)
          .duration(WINDOW, Duration.ofMinutes(2))
          .duration(MIN_HISTORY, Duration.ofMinutes(5))
          .duration(FOR, Duration.ofSeconds(30))
          .duration(KEEP_FIRING_FOR, Duration.ofMinutes(1))),
  /** The error budget burns too fast. */
  @JsonProperty("error_budget_burn")
  ERROR_BUDGET_BURN(
      "error_budget_burn",
      "the error budget burns too fast",
      new Defaults()
          .number(OBJECTIVE, 0.99)
          .number(MIN_BAD, 5)
          .duration(FOR, Duration.ofMinutes(1))
          .duration(KEEP_FIRING_FOR, Duration.ofMinutes(5))),
  /** What Petrel is told has become less. */
  @JsonProperty("telemetry_health")
  TELEMETRY_HEALTH(
      "telemetry_health",
      "token usage is no longer reported",
      new Defaults()
          .number(BELOW, 0.5)
          .number(RECOVER_ABOVE, 0.8)
          .number(MIN_ATTEMPTS, 50)
          .duration(WINDOW, Duration.ofMinutes(5))
          .duration(MIN_HISTORY, Duration.ofMinutes(20))
          .duration(FOR, Duration.ofMinutes(5))
          .duration(KEEP_FIRING_FOR, Duration.ofMinutes(5)));

  /** Patterns whose trouble is that calls fail. */
  public static final Set<Pattern> FAILURES =
      Set.of(
          RETRY_STORM,
          AUTHENTICATION,
          BAD_DEPLOY,
          PROVIDER_INCIDENT,
          TENANT_ERRORS,
          TIMEOUTS,
          RATE_LIMIT_PRESSURE,
          NOISY_TENANT,
          QUOTA_EXHAUSTED,
          CONTEXT_LENGTH,
          INVALID_REQUESTS,
          NEW_ERROR);

  private final String wireName;
  private final String title;
  private final Map<Parameter, Double> defaults;

  Pattern(String wireName, String title, Defaults defaults) {
    this.wireName = wireName;
    this.title = title;
    this.defaults = defaults.build();
  }

  @Override
  public String wireName() {
    return wireName;
  }

  /** What is wrong, in a few words. */
  public String title() {
    return title;
  }

  /** The parameters that a rule of this pattern has, with their defaults; durations in ms. */
  public Map<Parameter, Double> defaults() {
    return defaults;
  }

  private static Defaults failures(int seconds) {
    return new Defaults()
        .number(ABOVE, 0.10)
        .number(RECOVER_BELOW, 0.05)
        .number(MIN_BAD, 10)
        .duration(WINDOW, Duration.ofMinutes(2))
        .duration(FOR, Duration.ofSeconds(seconds))
        .duration(KEEP_FIRING_FOR, Duration.ofMinutes(1));
  }

  private static Defaults spike() {
    return new Defaults()
        .number(ABOVE, 3)
        .number(RECOVER_BELOW, 2)
        .number(MIN_ATTEMPTS, 30)
        .duration(WINDOW, Duration.ofMinutes(3))
        .duration(MIN_HISTORY, Duration.ofMinutes(5))
        .duration(FOR, Duration.ofMinutes(1))
        .duration(KEEP_FIRING_FOR, Duration.ofMinutes(5));
  }

  private static final class Defaults {
    private final Map<Parameter, Double> values = new EnumMap<>(Parameter.class);

    Defaults number(Parameter parameter, double value) {
      values.put(parameter, value);
      return this;
    }

    Defaults duration(Parameter parameter, Duration value) {
      values.put(parameter, (double) value.toMillis());
      return this;
    }

    Map<Parameter, Double> build() {
      return Collections.unmodifiableMap(new EnumMap<>(values));
    }
  }
}
