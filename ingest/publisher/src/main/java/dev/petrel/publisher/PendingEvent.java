// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** An event between {@code publish} and its end: sent or dropped. */
final class PendingEvent {
  private static final LlmCallEventCodec CODEC = new LlmCallEventCodec(InstantSource.system());

  private final LlmCallEvent event;
  private final long bytes;
  private Map<Outcome, Long> toldDrops = Map.of();
  private @Nullable ProducerRecord<byte[], byte[]> kafkaRecord;
  private boolean settled;

  PendingEvent(LlmCallEvent event) {
    this.event = event;
    this.bytes = estimateBytes(event);
  }

  Outcome outcome() {
    return event.outcome();
  }

  /** Roughly what the event occupies, as object or as record. */
  long bytes() {
    return bytes;
  }

  /** The losses that this event's record tells of. */
  Map<Outcome, Long> toldDrops() {
    return toldDrops;
  }

  /** Whether the caller is the first to tell this event's end, and so the one to count it. */
  synchronized boolean settle() {
    boolean first = !settled;
    settled = true;
    return first;
  }

  /** The record, encoded once: it tells of the losses that are unreported at that time. */
  ProducerRecord<byte[], byte[]> toRecord(String topic, Tally tally) {
    if (kafkaRecord == null) {
      toldDrops = tally.takeUnreported();
      String callId = event.get(EventField.CALL_ID);
      String key = callId == null ? event.eventId() : callId;
      kafkaRecord =
          new ProducerRecord<>(
              topic, key.getBytes(StandardCharsets.UTF_8), CODEC.encode(withToldDrops()));
    }
    return kafkaRecord;
  }

  private LlmCallEvent withToldDrops() {
    if (toldDrops.isEmpty()) {
      return event;
    }
    Map<Outcome, Long> counts = new EnumMap<>(toldDrops);
    Map<Outcome, Long> before = event.get(EventField.DROPPED_BEFORE);
    if (before != null) {
      before.forEach((outcome, count) -> counts.merge(outcome, count, Long::sum));
    }
    return event.toBuilder().set(EventField.DROPPED_BEFORE, counts).build();
  }

  private static long estimateBytes(LlmCallEvent event) {
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
    return sum;
  }

  private static long textBytes(String text) {
    return 48 + 2L * text.length();
  }
}
