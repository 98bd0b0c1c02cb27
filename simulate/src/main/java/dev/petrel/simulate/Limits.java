// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The limits of all accounts: a multiple of what the plan's traffic needs, as an organisation asks
 * for them. Not thread-safe.
 */
final class Limits {

  private static final long LEAST_REQUESTS_PER_MINUTE = 30;

  private final Plan plan;
  private final Story story;

  /** By identity, as there is one object of each model. */
  private final Map<AccountKind, IdentityHashMap<SimulatedModel, Account>> accounts =
      new EnumMap<>(AccountKind.class);

  Limits(Plan plan, Story story) {
    this.plan = plan;
    this.story = story;
  }

  /** The account that a service's calls to a model are counted against. */
  Account of(SimulatedService service, SimulatedModel model) {
    return accounts
        .computeIfAbsent(service.account(), kind -> new IdentityHashMap<>())
        .computeIfAbsent(model, any -> open(service.account(), model));
  }

  private Account open(AccountKind kind, SimulatedModel model) {
    double share = 0;
    for (SimulatedService service : SimulatedService.ALL) {
      share += service.account() == kind ? service.share(model) : 0;
    }
    double peak = story.peakLoad() * (plan.seasonal() ? Seasons.PEAK : 1);
    long requests =
        Math.max(
            LEAST_REQUESTS_PER_MINUTE,
            roundUp(60 * plan.callsPerSecond() * share * peak * kind.headroom()));
    return new Account(requests, requests * story.tokensPerRequest(), kind.refusalCost());
  }

  /** The next number of two digits and zeros. */
  private static long roundUp(double value) {
    double unit = Math.pow(10, Math.max(0, Math.floor(Math.log10(value)) - 1));
    return (long) (Math.ceil(value / unit) * unit);
  }
}
