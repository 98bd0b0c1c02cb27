// SPDX-License-Identifier: Apache-2.0
package dev.petrel.appender.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an appender adds to statements: from its configuration and the log context. */
public abstract class ContextContract extends AppenderFixture {
  private static final String HASH_KEY = "a key that nobody must see";

  /** HMAC-SHA-256 of {@code jane@example.com} with {@link #HASH_KEY}, by OpenSSL. */
  private static final String JANE = "ec48b924933a9f69";

  @Test
  void append_fillsInContextAndDefaults() {
    start(Map.of("service", "bot", "environment", "prod", "instance", "bot-1", "version", "2.1"));
    withContext(
        Map.of("tenant", "acme", "user", "jane@example.com"),
        () -> {
          logCall("outcome", "success");
          logCall("outcome", "success", "tenant", "globex", "service", "other");
        });

    LlmCallEvent filled = publisher.published.get(0);
    assertThat(filled.get(EventField.TENANT)).isEqualTo("acme");
    assertThat(filled.get(EventField.USER)).isNull();
    assertThat(filled.get(EventField.SERVICE)).isEqualTo("bot");
    assertThat(filled.get(EventField.ENVIRONMENT)).isEqualTo("prod");
    assertThat(filled.get(EventField.INSTANCE)).isEqualTo("bot-1");
    assertThat(filled.get(EventField.VERSION)).isEqualTo("2.1");
    LlmCallEvent explicit = publisher.published.get(1);
    assertThat(explicit.get(EventField.TENANT)).isEqualTo("globex");
    assertThat(explicit.get(EventField.SERVICE)).isEqualTo("other");
  }

  @Test
  void append_hashesTheContextsUser_whenThereIsAKey() {
    start(Map.of("userHashKey", HASH_KEY));
    withContext(Map.of("user", "jane@example.com"), () -> logCall("outcome", "success"));
    // A raw id may look like a hash; in the context it is none.
    withContext(Map.of("user", "507f1f77bcf86cd799439011"), () -> logCall("outcome", "success"));

    assertThat(publisher.published.get(0).get(EventField.USER)).isEqualTo(JANE);
    assertThat(publisher.published.get(1).get(EventField.USER))
        .matches("[0-9a-f]{16}")
        .isNotEqualTo("507f1f77bcf86cd799439011".substring(0, 16));
  }

  @Test
  void append_hashesTheUserThatAStatementNames_whenThereIsAKey() {
    start(Map.of("userHashKey", HASH_KEY));
    logCall("outcome", "success", "user", "jane@example.com");

    assertThat(onlyEvent().get(EventField.USER)).isEqualTo(JANE);
  }

  @Test
  void append_findsTenantAndUserUnderOtherNames() {
    start(Map.of("userHashKey", HASH_KEY, "tenantMdcKey", "customer", "userMdcKey", "login"));
    withContext(
        Map.of("customer", "acme", "login", "jane@example.com"),
        () -> logCall("outcome", "success"));

    assertThat(onlyEvent().get(EventField.TENANT)).isEqualTo("acme");
    assertThat(onlyEvent().get(EventField.USER)).isEqualTo(JANE);
  }

  @Test
  void append_takesTheAttributesThatAreAllowed() {
    start(Map.of("attributes", "region_group, queue,absent"));
    withContext(
        Map.of("region_group", "eu", "queue", "day", "path", "/secret"),
        () -> logCall("outcome", "success", "queue", "night", "path", "/other"));
    logCall("outcome", "success", "path", "/other");

    assertThat(publisher.published.get(0).get(EventField.ATTRIBUTES))
        .isEqualTo(Map.of("region_group", "eu", "queue", "night"));
    assertThat(publisher.published.get(1).get(EventField.ATTRIBUTES)).isNull();
  }

  static Stream<Arguments> start_leavesTheAppenderOff_whenASettingIsWrong() {
    return Stream.of(
        Arguments.of("userHashKey", "SECRET"),
        Arguments.of("userHashKey", ""),
        Arguments.of("userHashKey", "${env:SECRET_OF_THE_APPLICATION}"),
        Arguments.of("userHashKey", "SECRET_OF_THE_APPLICATION_IS_UNDEFINED"),
        Arguments.of("attribute", "queue,tenant"),
        Arguments.of("attribute", "event"),
        Arguments.of("attribute", "a,,b"),
        Arguments.of("tenantMdcKey", " "),
        Arguments.of("userMdcKey", " "),
        Arguments.of("spoolDirectory", " "),
        Arguments.of("spoolDirectory", "${env:PETREL_TEST_SPOOL_THAT_IS_NOT_SET}"),
        Arguments.of("spoolDirectory", "PETREL_TEST_SPOOL_IS_UNDEFINED/petrel"),
        Arguments.of("spoolDirectory", "a\0b"),
        Arguments.of("spoolMaxBytes", "1000"),
        Arguments.of("service", "SECRET".repeat(50)));
  }

  @ParameterizedTest
  @MethodSource
  void start_leavesTheAppenderOff_whenASettingIsWrong(String setting, String value) {
    start(Map.of(setting.equals("attribute") ? "attributes" : setting, value));
    logCall("outcome", "success");

    assertThat(publisher.published).isEmpty();
    assertThat(trouble())
        .anyMatch(told -> told.contains("LLM calls are not published") && told.contains(setting))
        .noneMatch(told -> told.contains("SECRET"));
  }
}
