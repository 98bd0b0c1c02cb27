// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RedactedEventTest {
  private static final Redactor REDACTOR = Redactor.standard();
  private static final SampleSecrets SECRETS = new SampleSecrets(new Random(5));
  private static final String KEY = "sk-" + "proj-" + SECRETS.text(SampleSecrets.WORD, 60) + "9";
  private static final String TOKEN = "[redacted:openai-key]";

  @Test
  void redact_isTheSameEventWhenClean() {
    LlmCallEvent event =
        minimal()
            .set(EventField.ERROR_MESSAGE, "Rate limit reached for gpt-4o in org-abc")
            .set(EventField.INPUT_TOKENS, 5L)
            .set(EventField.CREDENTIAL, "0f1e2d3c")
            .set(EventField.ATTRIBUTES, Map.of("prompt_version", "v7", "token", "none"))
            .build();
    assertThat(REDACTOR.redact(event)).isSameAs(event);
  }

  @Test
  void redact_looksIntoEveryTextField() {
    for (EventField<?> field : EventField.all()) {
      LlmCallEvent event;
      try {
        event = minimal().parse(field, "at " + KEY).build();
      } catch (IllegalArgumentException e) {
        continue; // no text field
      }
      LlmCallEvent redacted = REDACTOR.redact(event);
      assertThat(redacted.get(field)).as(field.jsonName()).isEqualTo("at " + TOKEN);
      assertThat(event.get(field)).as("the original").isEqualTo("at " + KEY);
    }
  }

  @Test
  void redact_leavesOtherFieldsAlone() {
    LlmCallEvent event =
        minimal()
            .set(EventField.OUTCOME, Outcome.ERROR)
            .set(EventField.ERROR_TYPE, ErrorType.AUTHENTICATION)
            .set(EventField.HTTP_STATUS, 401L)
            .set(EventField.ERROR_MESSAGE, "Incorrect API key provided: " + KEY + ".")
            .build();
    LlmCallEvent redacted = REDACTOR.redact(event);
    for (EventField<?> field : EventField.all()) {
      if (!field.equals(EventField.ERROR_MESSAGE)) {
        assertThat((Object) redacted.get(field)).isEqualTo(event.get(field));
      }
    }
    assertThat(redacted.get(EventField.ERROR_MESSAGE))
        .isEqualTo("Incorrect API key provided: " + TOKEN + ".");
  }

  @Test
  void redact_looksIntoNamesAndValuesOfAttributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("region", "eu");
    attributes.put("url", "https://h/?key=abc");
    attributes.put("api_key", "not-a-known-format");
    attributes.put("authorization", "Bearer abc");
    attributes.put("openai.key." + KEY, "a");
    attributes.put("openai.key." + KEY + "x", "b");
    LlmCallEvent event = minimal().set(EventField.ATTRIBUTES, attributes).build();

    assertThat(REDACTOR.redact(event).get(EventField.ATTRIBUTES))
        .containsExactly(
            Map.entry("region", "eu"),
            Map.entry("url", "https://h/?key=[redacted:key]"),
            Map.entry("api_key", "[redacted:api-key]"),
            Map.entry("authorization", "Bearer [redacted:authorization]"),
            Map.entry("openai.key." + TOKEN, "a"),
            Map.entry("openai.key." + TOKEN + " 2", "b"));
  }

  @Test
  void redact_keepsToTheBoundsOfFields() {
    String many = "pwd=x ".repeat(42) + "pwd=";
    assertThat(many).hasSize(EventField.TEXT_LENGTH);
    LlmCallEvent event =
        minimal()
            .set(EventField.TENANT, many)
            .set(EventField.ATTRIBUTES, Map.of(many, many))
            .set(EventField.ERROR_MESSAGE, many + many)
            .build();
    LlmCallEvent redacted = REDACTOR.redact(event);

    assertThat(redacted.get(EventField.TENANT))
        .startsWith("pwd=[redacted:password] pwd=")
        .hasSizeBetween(200, EventField.TEXT_LENGTH);
    assertThat(redacted.get(EventField.ERROR_MESSAGE)).hasSizeBetween(400, 512);
    assertThat(REDACTOR.redact(redacted)).isSameAs(redacted);
  }

  private static LlmCallEvent.Builder minimal() {
    return LlmCallEvent.newBuilder()
        .set(EventField.EVENT_ID, "00f067aa0ba902b7")
        .set(EventField.TIMESTAMP, 1_764_000_000_000L)
        .set(EventField.OUTCOME, Outcome.SUCCESS);
  }
}
