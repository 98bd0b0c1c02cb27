// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import dev.petrel.event.UsageSource;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AggregatedFieldsTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  @Test
  void all_areAllThatMakesADifference() throws Exception {
    byte[] failure = encoded(whole().build());
    byte[] success =
        encoded(
            whole()
                .set(EventField.OUTCOME, Outcome.SUCCESS)
                .set(EventField.ERROR_TYPE, null)
                .build());
    for (byte[] json : new byte[][] {failure, success}) {
      String expected = aggregated(new LlmCallEventCodec(() -> NOW), json);
      assertThat(aggregated(new LlmCallEventCodec(() -> NOW, AggregatedFields.ALL), json))
          .isEqualTo(expected);
    }
    for (EventField<?> field : AggregatedFields.ALL) {
      Set<EventField<?>> allButOne = new HashSet<>(AggregatedFields.ALL);
      allButOne.remove(field);
      LlmCallEventCodec codec = new LlmCallEventCodec(() -> NOW, allButOne);
      boolean used =
          !aggregated(codec, failure).equals(aggregated(new LlmCallEventCodec(() -> NOW), failure));
      // The request model counts only where there is no response model; error types always stay.
      assertThat(used || field == EventField.REQUEST_MODEL || field == EventField.ERROR_TYPE)
          .as(field.jsonName())
          .isTrue();
    }
  }

  /** Everything that aggregation takes from an event, as text. */
  private static String aggregated(LlmCallEventCodec codec, byte[] json) throws Exception {
    LlmCallEvent event = codec.decode(json);
    Cells cells = new Cells();
    cells.add(event, null, null);
    PartialBatches batches = new PartialBatches(0);
    cells.drainTo(batches);
    return batches.batches().stream()
            .map(batch -> HexFormat.of().formatHex(batch.entries()))
            .collect(Collectors.joining())
        // What joining a retry to its failure needs.
        + event.get(EventField.CALL_ID)
        + event.get(EventField.RETRY_AFTER_MS)
        + event.get(EventField.RETRY_DELAY_MS)
        // What names a failure without a code.
        + event.get(EventField.PROVIDER_ERROR_TYPE);
  }

  private static byte[] encoded(LlmCallEvent event) {
    return new LlmCallEventCodec(() -> NOW).encode(event);
  }

  /** An event with a value in every field. */
  private static LlmCallEvent.Builder whole() {
    LlmCallEvent.Builder event =
        LlmCallEvent.newBuilder()
            .set(EventField.TIMESTAMP, NOW.toEpochMilli())
            .set(EventField.OUTCOME, Outcome.ERROR)
            .set(EventField.ERROR_TYPE, ErrorType.RATE_LIMIT)
            .set(EventField.RETRIED_ERROR_TYPE, ErrorType.OVERLOADED)
            .set(EventField.USAGE_SOURCE, UsageSource.ESTIMATED)
            .set(
                EventField.RATELIMIT,
                new RateLimit(
                    new RateLimit.Headroom(100L, 50L, 1L), new RateLimit.Headroom(100L, 25L, 1L)))
            .set(EventField.DROPPED_BEFORE, Map.of(Outcome.ERROR, 1L))
            .set(EventField.ATTRIBUTES, Map.of("a", "b"));
    for (EventField<?> field : EventField.all()) {
      if (event.get(field) != null) {
        continue;
      }
      for (String text : new String[] {"text-of-" + field, "200", "true"}) {
        try {
          event.parse(field, text);
          break;
        } catch (IllegalArgumentException e) {
          // Of another type: the next text is.
          continue;
        }
      }
      assertThat(event.get(field)).as(field.jsonName()).isNotNull();
    }
    return event;
  }
}
