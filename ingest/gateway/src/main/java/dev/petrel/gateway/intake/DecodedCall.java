// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.intake;

import static java.util.Objects.requireNonNull;

import dev.petrel.event.LlmCallEvent;
import org.jspecify.annotations.Nullable;

/**
 * A call as a decoder made it, before anything else is done to it.
 *
 * @param index of the item that it came from, the first is 0
 * @param event the call; a user in it may be a raw id
 * @param serviceTier the tier that was sold, as the provider names it; null when unknown
 */
public record DecodedCall(int index, LlmCallEvent event, @Nullable String serviceTier) {

  public DecodedCall {
    requireNonNull(event, "event");
  }
}
