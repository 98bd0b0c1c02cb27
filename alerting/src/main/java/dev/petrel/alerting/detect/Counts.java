// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.event.ErrorType;
import dev.petrel.stats.Measures;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many attempts there were and how many of them count as failed.
 *
 * @param attempts all attempts
 * @param bad attempts that ended in an error, except those that a content filter blocked: these are
 *     the content's fault. Cancelled and refused attempts are not bad.
 * @param errors the bad attempts by error type's wire name
 */
public record Counts(long attempts, long bad, Map<String, Long> errors) {

  public Counts {
    errors = errors == null ? Map.of() : Map.copyOf(errors);
  }

  /** The counts of an aggregate. */
  static Counts of(Measures measures) {
    Map<String, Long> errors = new TreeMap<>();
    long typed = 0;
    for (ErrorType type : ErrorType.values()) {
      long count = measures.errors(type);
      if (count > 0 && type != ErrorType.CONTENT_FILTER && type != ErrorType.CANCELLED) {
        errors.put(type.wireName(), count);
        typed += count;
      }
    }
    // Refused and cancelled attempts can carry a type too, and types are not counted per outcome:
    // each of the two sums is an upper bound of the bad attempts.
    return new Counts(measures.attempts(), Math.min(typed, measures.errorAttempts()), errors);
  }
}
