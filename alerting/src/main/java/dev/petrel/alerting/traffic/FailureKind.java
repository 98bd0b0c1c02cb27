// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.traffic;

import dev.petrel.event.ErrorType;
import dev.petrel.stats.Measures;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Error types that have causes of the same kind, and so the same answer. Blocked content and
 * cancelled calls are of none: they are no failures of the integration.
 */
@SuppressWarnings("ImmutableEnumChecker") // nothing changes the set
public enum FailureKind {
  /** The provider, or the way there, does not answer as it should. */
  AVAILABILITY(
      ErrorType.OVERLOADED,
      ErrorType.SERVER_ERROR,
      ErrorType.PROVIDER_TIMEOUT,
      ErrorType.CLIENT_TIMEOUT,
      ErrorType.NETWORK,
      ErrorType.TLS,
      ErrorType.STREAM_INTERRUPTED),
  /** Too much at a time: waiting helps. */
  RATE_LIMIT(ErrorType.RATE_LIMIT),
  /** Nothing left: waiting does not help. */
  QUOTA(ErrorType.QUOTA_EXHAUSTED),
  /** Keys and permissions. */
  AUTHENTICATION(ErrorType.AUTHENTICATION, ErrorType.PERMISSION),
  /** Prompts longer than the model takes. */
  CONTEXT(ErrorType.CONTEXT_LENGTH_EXCEEDED),
  /** Requests that the provider does not understand. */
  REQUEST(ErrorType.INVALID_REQUEST, ErrorType.NOT_FOUND),
  /** What nobody could tell. */
  UNKNOWN(ErrorType.UNKNOWN);

  private static final List<FailureKind> ALL = List.of(values());

  private final Set<ErrorType> types;

  FailureKind(ErrorType first, ErrorType... more) {
    types = EnumSet.of(first, more);
  }

  /** All kinds, in the order of their ordinals. */
  public static List<FailureKind> all() {
    return ALL;
  }

  /** The error types of this kind. */
  public Set<ErrorType> types() {
    return Collections.unmodifiableSet(types);
  }

  /**
   * Failed attempts of this kind. Refused and cancelled attempts can carry a type too, and types
   * are not counted per outcome: each of the two sums is an upper bound.
   */
  public long countOf(Measures measures) {
    long typed = 0;
    for (ErrorType type : types) {
      typed += measures.errors(type);
    }
    return Math.min(typed, measures.errorAttempts());
  }
}
