// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.WireNamed;

/** Why a publisher lost an event. */
public enum DropReason implements WireNamed {
  /** The queue had no room, or for a success: only the room kept for failures. */
  QUEUE_FULL("queue_full"),
  /** Larger than the queue, or than a record that Kafka takes. */
  TOO_LARGE("too_large"),
  /** Kafka refused the record or did not confirm it in time. It may have arrived all the same. */
  SEND_FAILED("send_failed"),
  /** Handed in after {@code close}, or not confirmed by the end of the close timeout. */
  CLOSED("closed");

  private final String wireName;

  DropReason(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }
}
