// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

/** Many tenants with little traffic, each with a failure now and then. */
final class Sporadic extends Story {

  private static final Tenants TENANTS = Tenants.even(400);
  private static final Conditions CONDITIONS = Conditions.ORDINARY.withFailureRate(0.03);

  @Override
  Tenants tenants() {
    return TENANTS;
  }

  @Override
  Conditions conditions(SimulatedCall call, long at) {
    return CONDITIONS;
  }
}
