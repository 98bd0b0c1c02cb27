// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.WireNamed;

/** Why a publisher lost an event. */
public enum DropReason implements WireNamed {
  /** The queue had no room, or for a success: only the room kept for failures. */
  QUEUE_FULL("queue_full"),
  /** Larger than the queue, than half the spool, or than a record that Kafka takes. */
  TOO_LARGE("too_large"),
  /** The event could not be made of what was handed in, or not be encoded. */
  INVALID("invalid"),
  /** Kafka refused the record or did not confirm it in time. It may have arrived all the same. */
  SEND_FAILED("send_failed"),
  /**
   * Handed in after {@code close}, or not confirmed by the end of the close timeout: it may have
   * arrived.
   */
  CLOSED("closed"),
  /** In the oldest part of the spool, which gave way to newer events. */
  SPOOL_FULL("spool_full"),
  /**
   * The spool could not be written when it was needed, or its file not be read: the disk is full,
   * the directory gone.
   */
  SPOOL_FAILED("spool_failed"),
  /** In a part of a spool file that was torn by a crash, or damaged. */
  SPOOL_DAMAGED("spool_damaged");

  private final String wireName;

  DropReason(String wireName) {
    this.wireName = wireName;
  }

  @Override
  public String wireName() {
    return wireName;
  }
}
