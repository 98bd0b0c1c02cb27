// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Whether something works.
 *
 * @param part what was looked at, for example {@code streams} or {@code opensearch}
 * @param problem what is wrong, in words for an operator; null when nothing is
 */
public record Health(String part, @Nullable String problem) {

  public Health {
    requireNonNull(part, "part");
  }

  /** The part works. */
  public static Health ok(String part) {
    return new Health(part, null);
  }

  /** The part does not work. */
  public static Health failing(String part, String problem) {
    return new Health(part, requireNonNull(problem, "problem"));
  }

  /** Whether nothing is wrong. */
  public boolean isOk() {
    return problem == null;
  }
}
