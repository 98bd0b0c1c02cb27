// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.json;

import dev.petrel.event.InvalidEventException;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.gateway.intake.Decoded;
import dev.petrel.gateway.intake.DecodedCall;
import dev.petrel.gateway.intake.Rejection;
import java.time.InstantSource;

/** Items that are events as they stand. Thread-safe. */
public final class EventDecoder implements JsonItems.ItemDecoder {

  private final LlmCallEventCodec codec;

  /** A decoder that takes "now" from {@code clock}. */
  public EventDecoder(InstantSource clock) {
    codec = new LlmCallEventCodec(clock);
  }

  @Override
  public void decode(int index, byte[] json, Decoded.Builder decoded) {
    try {
      decoded.call(new DecodedCall(index, codec.decode(json), null));
    } catch (InvalidEventException e) {
      decoded.reject(Rejection.of(index, e));
    }
  }
}
