// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The credit with one provider is no longer topped up: what is left falls with use, is gone two
 * minutes later, and all calls are refused until somebody pays.
 */
final class QuotaExhaustion extends Story {

  private static final SimulatedProvider PROVIDER = SimulatedProvider.OPENAI;
  private static final Duration CREDIT_LASTS = Duration.ofMinutes(2);

  private final Plan plan;
  private final Span falling;
  private final Span trouble;

  QuotaExhaustion(Plan plan) {
    this.plan = plan;
    this.falling = plan.phase(Duration.ZERO, Duration.ofMinutes(6));
    this.trouble = plan.phase(CREDIT_LASTS, Duration.ofMinutes(6));
  }

  @Override
  Credit credit() {
    double tokensPerSecond = 0;
    for (SimulatedService service : SimulatedService.ALL) {
      for (SimulatedModel model : service.models()) {
        if (model.provider() == PROVIDER) {
          tokensPerSecond += plan.callsPerSecond() * service.share(model) * service.meanTokens();
        }
      }
    }
    if (plan.seasonal()) {
      tokensPerSecond *= Seasons.factor(plan.start() + falling.from());
    }
    double seconds = (trouble.from() - falling.from()) / 1000.0;
    return new Credit(PROVIDER, falling, (long) (tokensPerSecond * seconds));
  }

  @Override
  Expectation expectation() {
    return Expectation.of("quota_exhausted", Map.of("provider", PROVIDER.wireName()), trouble)
        .causedBy(List.of(PROVIDER.wireName()))
        .hurting(tenants().names());
  }
}
