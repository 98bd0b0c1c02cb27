// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.LlmCallEvent;

/**
 * Takes call events from an application: what adapters are given, and what their tests fake.
 *
 * <p>Implementations are thread-safe, and no method throws into the caller.
 */
@FunctionalInterface
public interface CallPublisher extends AutoCloseable {

  /**
   * Takes an event for delivery, without waiting.
   *
   * @return false when the event was dropped at once
   */
  boolean publish(LlmCallEvent event);

  /**
   * Takes a call whose event is made later, without waiting. A publisher without a thread of its
   * own makes the event here and now.
   *
   * @return false when the call was dropped at once
   */
  default boolean publish(PendingCall call) {
    LlmCallEvent event;
    try {
      event = call.toEvent();
    } catch (RuntimeException e) {
      return false;
    }
    return publish(event);
  }

  /** Delivers what it still can within a bounded time, and takes no more events. */
  @Override
  default void close() {}
}
