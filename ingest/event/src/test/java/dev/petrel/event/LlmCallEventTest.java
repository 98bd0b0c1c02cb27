// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LlmCallEventTest {

  @Test
  void build_needsTheRequiredFields() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> minimal().set(EventField.EVENT_ID, null).build())
        .withMessage("event_id: is required");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> minimal().set(EventField.OUTCOME, null).build())
        .withMessage("outcome: is required");
    assertThat(minimal().build().get(EventField.V)).isEqualTo(1L);
  }

  @Test
  void build_refusesAnErrorTypeWithASuccess() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> minimal().set(EventField.ERROR_TYPE, ErrorType.TLS).build())
        .withMessageStartingWith("error_type: ");
  }

  @Test
  void set_refusesWhatBreaksTheRule() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> minimal().set(EventField.INPUT_TOKENS, -1L))
        .withMessageStartingWith("input_tokens: ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> minimal().set(EventField.DURATION_MS, Double.NaN))
        .withMessageStartingWith("duration_ms: ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> minimal().set(EventField.TENANT, ""))
        .withMessageStartingWith("tenant: ");
  }

  @Test
  void set_cutsTheErrorMessage() {
    String cut =
        minimal()
            .set(EventField.ERROR_MESSAGE, "m".repeat(511) + "🐦")
            .build()
            .get(EventField.ERROR_MESSAGE);
    assertThat(cut).isEqualTo("m".repeat(511));
  }

  @Test
  void set_copiesMaps() {
    Map<String, String> attributes = new HashMap<>(Map.of("a", "b"));
    LlmCallEvent event = minimal().set(EventField.ATTRIBUTES, attributes).build();
    attributes.clear();

    Map<String, String> kept = event.get(EventField.ATTRIBUTES);
    assertThat(kept).containsExactly(Map.entry("a", "b"));
    assertThatThrownBy(() -> kept.put("c", "d")).isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "input_tokens, 812, 812",
    "input_tokens, ' 8.12e2 ', 812",
    "duration_ms, 12, 12.0",
    "final, TRUE, true",
    "final, 0, false",
    "outcome, error, ERROR",
    "tenant, acme, acme",
  })
  void parse_readsTheTextForm(String field, String text, String expected) {
    EventField<?> parsed = EventField.named(field);
    assertThat(minimal().parse(parsed, text).get(parsed)).hasToString(expected);
  }

  static Stream<Arguments> convert_takesWhatItIsCertainOf() {
    return Stream.of(
        Arguments.of("input_tokens", 7, 7L),
        Arguments.of("input_tokens", (byte) 7, 7L),
        Arguments.of("input_tokens", 7.0, null),
        Arguments.of("input_tokens", "7", null),
        Arguments.of("duration_ms", 1.5, 1.5),
        Arguments.of("duration_ms", 7L, 7.0),
        Arguments.of("duration_ms", 1.1f, null),
        Arguments.of("stream", true, true),
        Arguments.of("stream", 1, null),
        Arguments.of("tenant", 7, null));
  }

  @ParameterizedTest
  @MethodSource
  void convert_takesWhatItIsCertainOf(String field, Object value, Object expected) {
    EventField<?> converted = EventField.named(field);
    LlmCallEvent.Builder builder = minimal();

    assertThat(builder.convert(converted, value)).isEqualTo(expected != null);
    assertThat((Object) builder.get(converted)).isEqualTo(expected);
  }

  @Test
  void convert_refusesWhatBreaksTheRule() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> minimal().convert(EventField.INPUT_TOKENS, -1))
        .withMessageContainingAll("input_tokens", "must not be negative");
  }

  @ParameterizedTest
  @CsvSource({
    "input_tokens, 1.5",
    "input_tokens, many",
    "input_tokens, 1e999999999",
    "input_tokens, 1e-999999999",
    "duration_ms, NaN",
    "duration_ms, fast",
    "final, maybe",
    "outcome, ok",
    "ratelimit, '{}'",
  })
  void parse_refusesOtherText(String field, String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> minimal().parse(EventField.named(field), text))
        .withMessageStartingWith(field + ": ")
        .withMessageNotContaining("many");
  }

  @Test
  void toBuilder_leavesTheEventAlone() {
    LlmCallEvent event = minimal().set(EventField.TENANT, "acme").build();
    LlmCallEvent other = event.toBuilder().set(EventField.TENANT, "globex").build();

    assertThat(event.get(EventField.TENANT)).isEqualTo("acme");
    assertThat(other.get(EventField.TENANT)).isEqualTo("globex");
    assertThat(other.eventId()).isEqualTo(event.eventId());
  }

  @Test
  void toString_hasNoContent() {
    assertThat(minimal().set(EventField.USER, "5f1d3c9a").build())
        .hasToString("LlmCallEvent{e-1 success}");
  }

  @Test
  void fields_haveUniqueNames() {
    Set<String> names = new HashSet<>();
    for (EventField<?> field : EventField.all()) {
      assertThat(names.add(field.jsonName())).as(field.jsonName()).isTrue();
      assertThat(EventField.named(field.jsonName())).isSameAs(field);
      assertThat(field.description()).endsWith(".");
    }
    assertThat(names).hasSizeLessThanOrEqualTo(64); // the codec notes what it has seen in a long
    assertThat(EventField.named("nope")).isNull();
  }

  private static LlmCallEvent.Builder minimal() {
    return LlmCallEvent.newBuilder()
        .set(EventField.EVENT_ID, "e-1")
        .set(EventField.TIMESTAMP, 1_764_000_000_000L)
        .set(EventField.OUTCOME, Outcome.SUCCESS);
  }
}
