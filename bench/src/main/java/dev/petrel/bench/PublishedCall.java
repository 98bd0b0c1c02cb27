// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;

/**
 * One record of the load.
 *
 * @param event the attempt
 * @param publishedAt when it is sent, in ms since the epoch: after its end
 * @param duplicate whether it was sent before
 */
record PublishedCall(LlmCallEvent event, long publishedAt, boolean duplicate) {

  /** The record's key. */
  String callId() {
    return String.valueOf(event.get(EventField.CALL_ID));
  }
}
