// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventCompletionTest {

  private final EventCompletion completion = new EventCompletion(null);

  private static LlmCallEvent.Builder event(Outcome outcome) {
    return LlmCallEvent.newBuilder()
        .set(EventField.EVENT_ID, "e")
        .set(EventField.TIMESTAMP, 1_780_000_000_000L)
        .set(EventField.OUTCOME, outcome);
  }

  @Test
  void apply_leavesAWholeEventAsItIs() {
    LlmCallEvent event = event(Outcome.SUCCESS).set(EventField.TENANT, "acme").build();

    assertThat(completion.apply(event)).isSameAs(event);
  }

  @Test
  void apply_saysWhyItFailed() {
    LlmCallEvent event =
        completion.apply(
            event(Outcome.ERROR)
                .set(EventField.HTTP_STATUS, 429L)
                .set(EventField.PROVIDER_ERROR_CODE, "insufficient_quota")
                .build());

    assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.QUOTA_EXHAUSTED);
  }

  @Test
  void apply_believesTheEventsOwnType_andKnowsWhatItDoesNotKnow() {
    LlmCallEvent told =
        event(Outcome.ERROR)
            .set(EventField.HTTP_STATUS, 429L)
            .set(EventField.ERROR_TYPE, ErrorType.OVERLOADED)
            .build();

    assertThat(completion.apply(told)).isSameAs(told);
    assertThat(completion.apply(event(Outcome.ERROR).build()).get(EventField.ERROR_TYPE))
        .isEqualTo(ErrorType.UNKNOWN);
    assertThat(completion.apply(event(Outcome.CANCELLED).build()).get(EventField.ERROR_TYPE))
        .isEqualTo(ErrorType.CANCELLED);
  }

  @Test
  void apply_saysWhatItCost() {
    LlmCallEvent event =
        completion.apply(
            event(Outcome.SUCCESS)
                .set(EventField.PROVIDER, "openai")
                .set(EventField.REQUEST_MODEL, "gpt-4o-2024-08-06")
                .set(EventField.INPUT_TOKENS, 1_000L)
                .set(EventField.OUTPUT_TOKENS, 100L)
                .build());

    assertThat(event.get(EventField.COST_NANO_USD)).isEqualTo(1_000 * 2_500 + 100 * 10_000);
    assertThat(event.get(EventField.PRICE_VERSION)).isNotBlank();
  }

  @Test
  void apply_pricesTheTierThatWasSold() {
    LlmCallEvent event =
        event(Outcome.SUCCESS)
            .set(EventField.PROVIDER, "openai")
            .set(EventField.REQUEST_MODEL, "gpt-4o-2024-08-06")
            .set(EventField.INPUT_TOKENS, 1_000L)
            .set(EventField.OUTPUT_TOKENS, 100L)
            .build();

    assertThat(completion.apply(event, "batch").get(EventField.COST_NANO_USD))
        .isEqualTo((1_000 * 2_500 + 100 * 10_000) / 2);
  }

  @Test
  void apply_leavesCostAloneThatIsToldOrUnknown() {
    LlmCallEvent told =
        event(Outcome.SUCCESS)
            .set(EventField.REQUEST_MODEL, "gpt-4o")
            .set(EventField.INPUT_TOKENS, 10L)
            .set(EventField.COST_NANO_USD, 1L)
            .build();
    LlmCallEvent unknown =
        event(Outcome.SUCCESS)
            .set(EventField.REQUEST_MODEL, "a-model-of-our-own")
            .set(EventField.INPUT_TOKENS, 10L)
            .build();

    assertThat(completion.apply(told)).isSameAs(told);
    assertThat(completion.apply(unknown)).isSameAs(unknown);
  }

  @Test
  void apply_takesSecretsOut() {
    String key = "sk-proj-" + "a1B2c3D4".repeat(6);
    LlmCallEvent event =
        completion.apply(
            event(Outcome.ERROR)
                .set(EventField.ERROR_TYPE, ErrorType.AUTHENTICATION)
                .set(EventField.ERROR_MESSAGE, "Incorrect API key provided: " + key)
                .set(EventField.ATTRIBUTES, Map.of("note", "key " + key))
                .build());

    assertThat(event.get(EventField.ERROR_MESSAGE)).doesNotContain("a1B2").contains("Incorrect");
    assertThat(event.get(EventField.ATTRIBUTES).get("note")).doesNotContain("a1B2");
  }
}
