// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;

/**
 * A call that is over and whose event is yet to be made: what a hook hands over where classifying
 * and pricing on the application's thread would cost too much.
 *
 * <p>The first two methods are called once, on the thread that publishes, and are to be cheap. What
 * the third needs must not change after the call was published.
 */
public interface PendingCall {

  /**
   * How the call ended, as far as that is known at once: it decides which call goes first when the
   * queue is full. The event's own outcome may differ.
   */
  Outcome outcome();

  /** Roughly the bytes that this object keeps from being collected, or its event will. */
  int estimatedBytes();

  /**
   * Makes the event: once at most, on the publisher's thread. What is thrown costs this event, and
   * no other.
   */
  LlmCallEvent toEvent();
}
