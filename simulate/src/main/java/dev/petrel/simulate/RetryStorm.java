// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * For a minute a provider grants one account a tenth of its limits. The retries of the service that
 * uses it then keep the account over its limits for as long as they go on: until an operator mends
 * the service.
 */
final class RetryStorm extends Story {

  private static final SimulatedService STORMING = SimulatedService.ENRICHER;
  private static final double GRANTED = 0.1;

  private final Span trigger;
  private final Span trouble;

  RetryStorm(Plan plan) {
    this.trigger = plan.phase(Duration.ofMinutes(1), Duration.ofMinutes(2));
    this.trouble = plan.phase(Duration.ofMinutes(1), Duration.ofMinutes(6));
  }

  @Override
  double granted(AccountKind account, long at) {
    return account == STORMING.account() && trigger.contains(at) ? GRANTED : 1;
  }

  @Override
  RetryPolicy retryPolicy(SimulatedService service, long at) {
    return service.equals(STORMING) && at < trouble.to() ? RetryPolicy.STACKED : RetryPolicy.SDK;
  }

  @Override
  Expectation expectation() {
    return Expectation.of("retry_storm", Map.of("service", STORMING.name()), trouble)
        .causedBy(List.of(STORMING.name()));
  }
}
