// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.intake;

import static java.util.Objects.requireNonNull;

import dev.petrel.event.InvalidEventException;
import org.jspecify.annotations.Nullable;

/**
 * An item that cannot be a call, or not of this source. Quotes nothing of the item.
 *
 * @param index of the item, the first is 0
 * @param reason for counting, for example {@code missing_field}
 * @param field at fault; null when it is the item as a whole
 * @param message the rule, for people
 */
public record Rejection(int index, String reason, @Nullable String field, String message) {

  public Rejection {
    requireNonNull(reason, "reason");
    requireNonNull(message, "message");
  }

  /** Of an item that is no valid event. */
  public static Rejection of(int index, InvalidEventException invalid) {
    return new Rejection(
        index, invalid.reason().wireName(), invalid.field(), String.valueOf(invalid.getMessage()));
  }
}
