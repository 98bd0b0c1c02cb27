// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.util.ArrayList;
import java.util.List;

/** A story that simulated calls tell. What is wrong in it is {@link Plan#expectation()}. */
public enum Scenario {
  /** Ordinary traffic with the failures that every provider has. */
  STEADY("steady", "Ordinary traffic; about 1 % of attempts fail."),

  /** More and more honest traffic. */
  GROWTH(
      "growth",
      "Traffic grows to three times its rate over the whole length; limits are made for it."),

  /** Many tenants with little traffic, each with a failure now and then. */
  SPORADIC("sporadic", "400 tenants with a few calls each, of which 3 % fail, here and there."),

  /** One provider degrades. */
  BROWNOUT(
      "brownout", "From minute 1 to minute 4 openai fails 60 % of attempts and answers slowly."),

  /** The retries of a service keep it over its limits. */
  RETRY_STORM(
      "retry-storm",
      "In minute 1 a provider grants the account of enricher a tenth of its limits. Its stacked"
          + " retries, up to 12 attempts a call, at once and in step, keep the account over the"
          + " limits long after; the service is mended at minute 6."),

  /** One tenant uses up a shared limit. */
  NOISY_TENANT(
      "noisy-tenant",
      "From minute 1 to minute 5 globex asks gpt-4o for more than the limit that all tenants"
          + " share."),

  /** A key is withdrawn too early. */
  KEY_ROTATION(
      "key-rotation",
      "At minute 1 the old openai key of the main account is withdrawn; search and summarizer use"
          + " it until minute 5, chat-api has the new one already."),

  /** A new instance has no key. */
  MISSING_KEY(
      "missing-key", "From minute 1 to minute 5 chat-api has one more instance, which has no key."),

  /** The credit with a provider runs out. */
  QUOTA_EXHAUSTION(
      "quota-exhaustion",
      "The credit with openai is no longer topped up. At about minute 2 it is used up, and all"
          + " calls are refused until it is paid at minute 6."),

  /** Conversations grow. */
  CONTEXT_CREEP(
      "context-creep",
      "Over the whole length conversations of chat-api with claude-sonnet-4-5 grow from 15 % of"
          + " the window to more than it holds; the first are refused near the end."),

  /** A new version sends what is not supported. */
  BAD_DEPLOY(
      "bad-deploy",
      "From minute 1 version 2.4.0 of summarizer goes out, an instance every 15 s; openai refuses"
          + " a parameter that it sends. Rolled back at minute 6."),

  /** A provider becomes slow with long prompts. */
  SLOW_PROVIDER(
      "slow-provider",
      "From minute 1 to minute 6 anthropic takes up to 20 ms for each token of a prompt; clients"
          + " give up waiting for answers to long ones."),

  /** A tenant uses several times as many tokens. */
  TOKEN_SPIKE(
      "token-spike",
      "From minute 2 to minute 7 prompts of initech are six times, its answers three times as"
          + " long; nothing fails."),

  /** A service stops calling. */
  SILENCE("silence", "From minute 2 to minute 8 search makes no calls.");

  private final String scenarioName;
  private final String description;

  Scenario(String scenarioName, String description) {
    this.scenarioName = scenarioName;
    this.description = description;
  }

  /** The name on the command line. */
  public String scenarioName() {
    return scenarioName;
  }

  /** What happens, with the offsets that a plan without lead-in has. */
  public String description() {
    return description;
  }

  Story story(Plan plan) {
    return switch (this) {
      case STEADY -> new Story();
      case GROWTH -> new Growth(plan);
      case SPORADIC -> new Sporadic();
      case BROWNOUT -> new Brownout(plan);
      case RETRY_STORM -> new RetryStorm(plan);
      case NOISY_TENANT -> new NoisyTenant(plan);
      case KEY_ROTATION -> new KeyRotation(plan);
      case MISSING_KEY -> new MissingKey(plan);
      case QUOTA_EXHAUSTION -> new QuotaExhaustion(plan);
      case CONTEXT_CREEP -> new ContextCreep(plan);
      case BAD_DEPLOY -> new BadDeploy(plan);
      case SLOW_PROVIDER -> new SlowProvider(plan);
      case TOKEN_SPIKE -> new TokenSpike(plan);
      case SILENCE -> new Silence(plan);
    };
  }

  /** The names of all, in their order. */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Scenario scenario : values()) {
      names.add(scenario.scenarioName);
    }
    return names;
  }

  /**
   * The scenario with this name.
   *
   * @throws IllegalArgumentException when there is none; names the value and what is allowed
   */
  public static Scenario named(String name) {
    for (Scenario scenario : values()) {
      if (scenario.scenarioName.equals(name)) {
        return scenario;
      }
    }
    throw new IllegalArgumentException(
        "scenario: was '" + name + "', must be one of " + String.join(", ", names()));
  }

  @Override
  public String toString() {
    return scenarioName;
  }
}
