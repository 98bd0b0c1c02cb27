// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** The tenants of an organisation, and how the calls are spread over them. Immutable. */
final class Tenants {

  /** A dozen of very different size: the first has a third of the calls, the last a thirtieth. */
  static final Tenants ORDINARY =
      new Tenants(
          List.of(
              "acme",
              "globex",
              "initech",
              "umbrella",
              "hooli",
              "stark",
              "wayne",
              "wonka",
              "cyberdyne",
              "tyrell",
              "soylent",
              "vandelay"),
          2.2);

  private final List<String> names;
  private final double skew;

  private Tenants(List<String> names, double skew) {
    this.names = names;
    this.skew = skew;
  }

  /** Tenants of equal size. */
  static Tenants even(int count) {
    return new Tenants(IntStream.range(0, count).mapToObj("tenant-%03d"::formatted).toList(), 1);
  }

  /** Names of the tenants, the biggest first. */
  List<String> names() {
    return names;
  }

  String next(RandomGenerator random) {
    // A power of a uniform number gives the first tenants most of the calls.
    double place = random.nextDouble();
    return names.get((int) ((skew == 1 ? place : Math.pow(place, skew)) * names.size()));
  }
}
