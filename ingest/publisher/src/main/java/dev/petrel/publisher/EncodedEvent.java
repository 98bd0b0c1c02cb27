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

/**
 * An event as Kafka gets it, with what is needed to count it without reading it.
 *
 * <p>Its bytes stay the same however often it is sent, so that a duplicate tells nothing new.
 */
final class EncodedEvent {
  private static final LlmCallEventCodec CODEC = new LlmCallEventCodec(InstantSource.system());

  private final Outcome outcome;
  private final Map<Outcome, Long> toldDrops;
  private final byte[] key;
  private final byte[] value;

  /** Takes the arrays as they are; nobody may change them. */
  EncodedEvent(Outcome outcome, Map<Outcome, Long> toldDrops, byte[] key, byte[] value) {
    this.outcome = outcome;
    this.toldDrops = toldDrops;
    this.key = key;
    this.value = value;
  }

  /** Encodes an event, and lets it tell of these losses beside those that it tells of already. */
  static EncodedEvent of(LlmCallEvent event, Map<Outcome, Long> toldDrops) {
    String callId = event.get(EventField.CALL_ID);
    String key = callId == null ? event.eventId() : callId;
    return new EncodedEvent(
        event.outcome(),
        toldDrops,
        key.getBytes(StandardCharsets.UTF_8),
        CODEC.encode(toldDrops.isEmpty() ? event : telling(event, toldDrops)));
  }

  private static LlmCallEvent telling(LlmCallEvent event, Map<Outcome, Long> toldDrops) {
    Map<Outcome, Long> counts = new EnumMap<>(toldDrops);
    Map<Outcome, Long> before = event.get(EventField.DROPPED_BEFORE);
    if (before != null) {
      before.forEach((outcome, count) -> counts.merge(outcome, count, Long::sum));
    }
    return event.toBuilder().set(EventField.DROPPED_BEFORE, counts).build();
  }

  Outcome outcome() {
    return outcome;
  }

  /** The publisher's losses that this event's record tells of. */
  Map<Outcome, Long> toldDrops() {
    return toldDrops;
  }

  byte[] key() {
    return key;
  }

  byte[] value() {
    return value;
  }

  ProducerRecord<byte[], byte[]> toRecord(String topic) {
    return new ProducerRecord<>(topic, key, value);
  }
}
