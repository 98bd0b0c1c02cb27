// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.EventField;
import dev.petrel.event.InvalidEventException;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.Outcome;
import java.time.InstantSource;
import java.util.Random;

/** The events of this module's tests. */
final class Events {
  static final LlmCallEventCodec CODEC = new LlmCallEventCodec(InstantSource.system());

  private Events() {}

  static LlmCallEvent success(String id) {
    return event(id, Outcome.SUCCESS).build();
  }

  static LlmCallEvent error(String id) {
    return event(id, Outcome.ERROR).build();
  }

  static LlmCallEvent.Builder event(String id, Outcome outcome) {
    return LlmCallEvent.newBuilder()
        .set(EventField.EVENT_ID, id)
        .set(EventField.TIMESTAMP, 1_764_000_000_000L)
        .set(EventField.OUTCOME, outcome);
  }

  static LlmCallEvent decode(byte[] json) {
    try {
      return CODEC.decode(json);
    } catch (InvalidEventException e) {
      throw new AssertionError(e);
    }
  }

  /** Random numbers that -Dpetrel.seed=… repeats; the seed is printed. */
  static Random seeded(String test) {
    long seed = Long.getLong("petrel.seed", System.nanoTime());
    System.out.println(test + ": -Dpetrel.seed=" + seed);
    return new Random(seed);
  }
}
