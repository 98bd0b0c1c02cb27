// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.simulate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** Who calls which models, and under which conditions at which time. Immutable once built. */
final class World {

  private static final List<SimulatedModel> MODELS =
      List.of(
          new SimulatedModel(
              "openai", "gpt-4o", "gpt-4o-2024-08-06", "api.openai.com", 35, 350, 11, 2500, 10_000),
          new SimulatedModel(
              "openai",
              "gpt-4o-mini",
              "gpt-4o-mini-2024-07-18",
              "api.openai.com",
              25,
              220,
              7,
              150,
              600),
          new SimulatedModel(
              "anthropic",
              "claude-sonnet-4-5",
              "claude-sonnet-4-5-20250929",
              "api.anthropic.com",
              25,
              450,
              14,
              3000,
              15_000),
          new SimulatedModel(
              "gcp.gemini",
              "gemini-2.5-flash",
              "gemini-2.5-flash",
              "generativelanguage.googleapis.com",
              15,
              260,
              6,
              300,
              2500));

  private static final List<String> TENANTS =
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
          "vandelay");

  private static final List<String> SERVICES = List.of("chat-api", "search", "summarizer");

  private final List<String> tenants;
  private final boolean even;
  private final double failureRate;
  private final List<Spell> spells = new ArrayList<>();

  private World(List<String> tenants, boolean even, double failureRate) {
    this.tenants = tenants;
    this.even = even;
    this.failureRate = failureRate;
  }

  /** Conditions that hold for some calls for some time. */
  private record Spell(
      Duration from, Duration to, Predicate<SimulatedCall> affected, Conditions conditions) {}

  /** A dozen tenants of very different size. */
  static World ordinary() {
    return new World(TENANTS, false, 0.01);
  }

  /** Tenants of equal size with little traffic each. */
  static World manySmallTenants(int count) {
    List<String> tenants = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tenants.add("tenant-%03d".formatted(i));
    }
    return new World(tenants, true, 0.03);
  }

  /** Adds conditions for the affected calls from one offset to another. */
  World during(
      Duration from, Duration to, Predicate<SimulatedCall> affected, Conditions conditions) {
    spells.add(new Spell(from, to, affected, conditions));
    return this;
  }

  SimulatedCall nextCall(Random random) {
    String tenant =
        even
            ? tenants.get(random.nextInt(tenants.size()))
            // Squaring a uniform number gives the first tenants most of the traffic.
            : tenants.get((int) (Math.pow(random.nextDouble(), 2.2) * tenants.size()));
    String service = SERVICES.get(random.nextInt(SERVICES.size()));
    String instance = service + "-" + random.nextInt(2);
    return new SimulatedCall(tenant, service, instance, nextModel(random));
  }

  private static SimulatedModel nextModel(Random random) {
    double left = random.nextDouble() * 100;
    for (SimulatedModel model : MODELS) {
      left -= model.weight();
      if (left < 0) {
        return model;
      }
    }
    return MODELS.get(MODELS.size() - 1);
  }

  Conditions conditionsOf(SimulatedCall call, Duration at) {
    for (Spell spell : spells) {
      if (at.compareTo(spell.from) >= 0
          && at.compareTo(spell.to) < 0
          && spell.affected.test(call)) {
        return spell.conditions;
      }
    }
    return new Conditions(failureRate, Conditions.ORDINARY, 1);
  }
}
