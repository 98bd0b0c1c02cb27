// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;

/** A call that is an event only when there is time to make it one: on the publisher's thread. */
public interface PendingCall {

  /** How the attempt ended, as far as is known already. */
  Outcome outcome();

  /** About how many bytes of heap this holds. */
  int estimatedBytes();

  /** Makes the event. */
  LlmCallEvent toEvent();
}
