// SPDX-License-Identifier: Apache-2.0
package dev.petrel.appender.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.EventField;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What an appender makes of statements whose key-values it sees as they were logged: with their
 * Java types, and apart from the context.
 */
public abstract class TypedAppenderContract extends AppenderContract {

  @Test
  void append_takesMaps() {
    start(Map.of("attributes", "region_group"));
    logCall(
        "outcome",
        "success",
        "attributes",
        Map.of("queue", "night", "retries", 3),
        "region_group",
        "eu");

    assertThat(onlyEvent().get(EventField.ATTRIBUTES))
        .isEqualTo(Map.of("queue", "night", "retries", "3", "region_group", "eu"));
  }

  @Test
  void append_takesNoOtherFieldsFromTheContext() {
    start(Map.of());
    withContext(
        Map.of("feature", "chat", "request_id", "of the application", "event", "llm_call"),
        () -> logCall("outcome", "success"));

    assertThat(onlyEvent().get(EventField.FEATURE)).isNull();
    assertThat(onlyEvent().get(EventField.REQUEST_ID)).isNull();
  }

  @Test
  void append_takesTheStatementsUserForHashed_whenThereIsNoKey() {
    start(Map.of());
    logCall("outcome", "success", "user", "u-17");

    assertThat(onlyEvent().get(EventField.USER)).isEqualTo("u-17");
  }

  @Test
  void append_keepsTheStatementsHash() {
    start(Map.of("userHashKey", "a key that nobody must see"));
    withContext(
        Map.of("user", "jane@example.com"),
        () -> logCall("outcome", "success", "user", "00112233445566FF"));

    assertThat(onlyEvent().get(EventField.USER)).isEqualTo("00112233445566FF");
  }

  @Test
  void append_outlivesAValueThatThrows() {
    start(Map.of());
    logCall(
        "outcome",
        "success",
        "tenant",
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("SECRET");
          }
        });
    Map<String, Object> endless = new HashMap<>();
    endless.put("again", List.of(endless));
    logCall("outcome", "success", "attributes", endless);
    logCall("outcome", "success");

    assertThat(publisher.published).hasSize(1);
    assertThat(rejected()).isEqualTo(2);
    assertThat(trouble()).hasSize(1).noneMatch(told -> told.contains("SECRET"));
  }
}
