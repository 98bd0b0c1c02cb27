// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A decision about an incident, or an answer of a receiver.
 *
 * @param at when, in ms since the epoch
 * @param receiver about whom
 * @param action about what; null when about the incident as a whole
 * @param result {@code held}, {@code sent}, {@code retried}, {@code failed}, {@code suppressed},
 *     {@code fallback}, {@code moved} or {@code ended}
 * @param why null when there is nothing to say
 */
public record Note(
    long at, String receiver, @Nullable Action action, String result, @Nullable String why) {

  private static final int MAX_WHY = 500;

  public Note {
    requireNonNull(receiver, "receiver");
    requireNonNull(result, "result");
    if (why != null && why.length() > MAX_WHY) {
      why = why.substring(0, MAX_WHY - 1) + "…";
    }
  }

  /** Whether another says the same, at another time. */
  boolean repeats(Note earlier) {
    return equals(new Note(at, earlier.receiver, earlier.action, earlier.result, earlier.why));
  }
}
