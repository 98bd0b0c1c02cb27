// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.errors;

import dev.petrel.event.ErrorType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One row of the rules: what an error must show to be of a type.
 *
 * @param id names the rule to users
 * @param type what it is when the rule matches
 * @param detail the sub-type, null for none
 * @param retryable whether it can be retried, null when the type says
 * @param alternatives of which one must hold; not empty
 */
record ErrorRule(
    String id,
    ErrorType type,
    @Nullable String detail,
    @Nullable Boolean retryable,
    List<Condition> alternatives) {

  ErrorRule {
    alternatives = List.copyOf(alternatives);
  }

  boolean matches(ErrorFacts facts) {
    for (Condition condition : alternatives) {
      if (condition.holds(facts)) {
        return true;
      }
    }
    return false;
  }

  /**
   * What must be true together. An empty part asks for nothing.
   *
   * @param providers beginnings of the provider's name
   * @param statuses of which the status must be one
   * @param notStatuses of which the status must be none; an unknown status passes
   * @param codes of which one must be among the codes and types, in lower case
   * @param exceptions simple names, of which one must have been thrown or be named
   * @param says of which one must be found in the lower-case message
   * @param cancelled whether the caller must be known to have given up
   */
  record Condition(
      List<String> providers,
      List<StatusRange> statuses,
      List<StatusRange> notStatuses,
      Set<String> codes,
      Set<String> exceptions,
      List<Saying> says,
      boolean cancelled) {

    Condition {
      providers = List.copyOf(providers);
      statuses = List.copyOf(statuses);
      notStatuses = List.copyOf(notStatuses);
      codes = Set.copyOf(codes);
      exceptions = Set.copyOf(exceptions);
      says = List.copyOf(says);
    }

    /** The cheap parts first. */
    boolean holds(ErrorFacts facts) {
      return (!cancelled || facts.cancelled())
          && (statuses.isEmpty() || isIn(statuses, facts.status()))
          && (facts.status() == null || !isIn(notStatuses, facts.status()))
          && (providers.isEmpty() || providers.stream().anyMatch(facts.provider()::startsWith))
          && (codes.isEmpty() || intersect(codes, facts.codes()))
          && (exceptions.isEmpty() || intersect(exceptions, facts.exceptions()))
          && (says.isEmpty() || says.stream().anyMatch(said -> said.isIn(facts.words())));
    }

    private static boolean isIn(List<StatusRange> ranges, @Nullable Integer status) {
      return ranges.stream().anyMatch(range -> range.contains(status));
    }

    private static boolean intersect(Set<String> wanted, Set<String> shown) {
      return shown.stream().anyMatch(wanted::contains);
    }
  }

  /** Statuses from one to another, both included; none at all when {@code first} is 0. */
  record StatusRange(int first, int last) {
    static final StatusRange NONE = new StatusRange(0, 0);

    boolean contains(@Nullable Integer status) {
      return status == null ? first == 0 : status >= first && status <= last;
    }
  }
}
