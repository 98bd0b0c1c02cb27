// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.sources;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One who writes: its name, the tenants that it may write for, and its share. Thread-safe. */
public final class Source {

  private final String name;
  private final List<String> tenants;
  private final @Nullable EventAllowance allowance;

  /**
   * A source.
   *
   * @param name in metrics and logs
   * @param tenants that it may write for, a trailing {@code *} standing for any ending; empty for
   *     all
   * @param allowance events that it may write; null for no limit
   */
  Source(String name, List<String> tenants, @Nullable EventAllowance allowance) {
    this.name = requireNonNull(name, "name");
    this.tenants = List.copyOf(tenants);
    this.allowance = allowance;
  }

  /** One that may write for all tenants, without limit. */
  public static Source trusted(String name) {
    return new Source(name, List.of(), null);
  }

  /** Its name in metrics and logs. */
  public String name() {
    return name;
  }

  /** Whether it may write for a tenant. */
  public boolean mayWriteFor(String tenant) {
    if (tenants.isEmpty()) {
      return true;
    }
    for (String allowed : tenants) {
      if (allowed.endsWith("*")
          ? tenant.startsWith(allowed.substring(0, allowed.length() - 1))
          : tenant.equals(allowed)) {
        return true;
      }
    }
    return false;
  }

  /** The tenant of what names none: the only one that this source writes for; else null. */
  public @Nullable String onlyTenant() {
    return tenants.size() == 1 && !tenants.get(0).endsWith("*") ? tenants.get(0) : null;
  }

  /**
   * Takes a number of events out of its allowance.
   *
   * @return how long it has to wait before it may send them; zero when it may send them now
   */
  public Duration admit(int events) {
    return allowance == null ? Duration.ZERO : allowance.take(events);
  }

  @Override
  public String toString() {
    return "Source{" + name + "}";
  }
}
