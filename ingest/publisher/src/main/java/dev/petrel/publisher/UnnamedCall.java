// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.util.UUID;

/**
 * A call whose event is there but for its id, which it gets on the publisher's thread: making one
 * costs more than all that the thread that logs has to do, and random numbers have a lock.
 *
 * @param call with {@link #PLACEHOLDER} as the event's id
 */
record UnnamedCall(BuiltCall call) implements PendingCall {

  /** As long as an id. */
  static final String PLACEHOLDER = "-".repeat(36);

  @Override
  public Outcome outcome() {
    return call.outcome();
  }

  @Override
  public int estimatedBytes() {
    return call.estimatedBytes();
  }

  @Override
  public LlmCallEvent toEvent() {
    return call.event().toBuilder().set(EventField.EVENT_ID, UUID.randomUUID().toString()).build();
  }
}
