// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import java.time.Duration;
import java.util.Random;

/**
 * How much the fault tests ask for: by default what CI has time for, and with {@code -Dpetrel.soak}
 * what a night has. One soak of all of them, about half an hour on two cores:
 *
 * <pre>{@code
 * mvn verify -pl streams -am -Dpetrel.soak=true -Dit.test='Streams*IT' \
 *     -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
 * }</pre>
 *
 * <p>Each number has a property of its own, which wins; {@code petrel.seed} repeats a run's input.
 */
final class Soak {

  private static final boolean ON = Boolean.getBoolean("petrel.soak");

  private Soak() {}

  /** Of the random input; every assertion tells it. */
  static long seed() {
    return Long.getLong("petrel.seed", new Random().nextLong());
  }

  /** SIGKILLs of a streams instance. */
  static int kills() {
    return Integer.getInteger("petrel.soak.kills", ON ? 25 : 7);
  }

  /** SIGKILLs of the broker. */
  static int brokerKills() {
    return Integer.getInteger("petrel.soak.broker_kills", ON ? 5 : 1);
  }

  /** SIGKILLs of one of two instances. */
  static int rebalances() {
    return Integer.getInteger("petrel.soak.rebalances", ON ? 5 : 1);
  }

  /** How long the broker is away at a stretch. */
  static Duration brokerAway() {
    return Duration.parse(System.getProperty("petrel.soak.broker_away", ON ? "PT10M" : "PT15S"));
  }

  /** Events that wait when streams starts. */
  static int backlog() {
    return Integer.getInteger("petrel.soak.backlog", ON ? 2_000_000 : 100_000);
  }

  /** Tenants of one hour. */
  static int tenants() {
    return Integer.getInteger("petrel.soak.tenants", ON ? 100_000 : 5_000);
  }

  /** Events of that hour. */
  static int eventsOfTenants() {
    return Integer.getInteger("petrel.soak.tenant_events", ON ? 1_500_000 : 60_000);
  }

  /** How long to wait for what must come. */
  static Duration patience() {
    return Duration.ofMinutes(ON ? 30 : 4);
  }
}
