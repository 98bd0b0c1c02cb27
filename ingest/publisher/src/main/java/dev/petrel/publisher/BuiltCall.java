// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.util.Map;

/** A call whose event is there already. */
record BuiltCall(LlmCallEvent event) implements PendingCall {

  @Override
  public Outcome outcome() {
    return event.outcome();
  }

  @Override
  public LlmCallEvent toEvent() {
    return event;
  }

  /** Roughly what the event occupies, as object or as record. */
  @Override
  public int estimatedBytes() {
    long sum = 320; // objects around the values
    for (EventField<?> field : EventField.all()) {
      Object value = event.get(field);
      if (value instanceof String text) {
        sum += textBytes(text);
      } else if (value instanceof Map<?, ?> map) {
        sum += 64;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          sum += 64;
          if (entry.getKey() instanceof String key && entry.getValue() instanceof String text) {
            sum += textBytes(key) + textBytes(text);
          }
        }
      } else if (value != null) {
        sum += 24;
      }
    }
    return (int) Math.min(sum, Integer.MAX_VALUE);
  }

  private static long textBytes(String text) {
    return 48 + 2L * text.length();
  }
}
