// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import dev.petrel.event.UsageSource;
import dev.petrel.event.WireNamed;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CallStatementTest {
  private static final long LOGGED_AT = 1_764_000_000_000L;

  @Test
  void isCall_needsTheEventKey() {
    assertThat(CallStatement.isCall("event", "llm_call")).isTrue();
    assertThat(CallStatement.isCall("event", new StringBuilder("llm_call"))).isTrue();
    assertThat(CallStatement.isCall("event", "other")).isFalse();
    assertThat(CallStatement.isCall("event", null)).isFalse();
    assertThat(CallStatement.isCall("kind", "llm_call")).isFalse();
    assertThat(CallStatement.isCall(null, null)).isFalse();
  }

  static Stream<Arguments> put_convertsValues() {
    return Stream.of(
        Arguments.of("tenant", "acme", "acme"),
        Arguments.of("tenant", 42, "42"),
        Arguments.of("request_model", new StringBuilder("gpt-4o"), "gpt-4o"),
        Arguments.of("input_tokens", 812, 812L),
        Arguments.of("input_tokens", 812L, 812L),
        Arguments.of("input_tokens", (short) 8, 8L),
        Arguments.of("input_tokens", 812.0, 812L),
        Arguments.of("input_tokens", new BigDecimal("8.12E+2"), 812L),
        Arguments.of("input_tokens", "812", 812L),
        Arguments.of("duration_ms", 1234.5, 1234.5),
        Arguments.of("duration_ms", 1234, 1234.0),
        Arguments.of("duration_ms", 1.1f, 1.1),
        Arguments.of("duration_ms", Duration.ofNanos(1_500_000), 1.5),
        Arguments.of("time_to_first_chunk_ms", Duration.ofMillis(250), 250.0),
        Arguments.of("retry_after_ms", Duration.ofSeconds(2), 2_000L),
        Arguments.of("timestamp", Instant.ofEpochMilli(LOGGED_AT - 5), LOGGED_AT - 5),
        Arguments.of("retry_after_ms", "PT2.5S", 2_500L),
        Arguments.of("duration_ms", "PT0.0015S", 1.5),
        Arguments.of("timestamp", "2025-11-24T16:00:00Z", LOGGED_AT),
        Arguments.of("outcome", "ERROR", Outcome.ERROR),
        Arguments.of("usage_source", "REPORTED", UsageSource.REPORTED),
        Arguments.of("stream", true, true),
        Arguments.of("stream", "false", false),
        Arguments.of("outcome", Outcome.ERROR, Outcome.ERROR),
        Arguments.of("outcome", "cancelled", Outcome.CANCELLED),
        Arguments.of("retried_error_type", ErrorType.OVERLOADED, ErrorType.OVERLOADED),
        Arguments.of("ratelimit", new RateLimit(null, null), new RateLimit(null, null)),
        Arguments.of("attributes", Map.of("queue", 7), Map.of("queue", "7")));
  }

  @ParameterizedTest
  @MethodSource
  void put_convertsValues(String key, Object value, Object expected) throws Exception {
    LlmCallEvent event = statement().put("outcome", "success").put(key, value).toCall().toEvent();

    assertThat((Object) event.get(EventField.named(key))).isEqualTo(expected);
  }

  static Stream<Arguments> put_takesConstantsByName() {
    return Stream.of(
            Stream.of(Outcome.values()).map(c -> Arguments.of("outcome", c)),
            Stream.of(ErrorType.values()).map(c -> Arguments.of("retried_error_type", c)),
            Stream.of(UsageSource.values()).map(c -> Arguments.of("usage_source", c)))
        .flatMap(constants -> constants);
  }

  @ParameterizedTest
  @MethodSource
  void put_takesConstantsByName(String field, Enum<?> constant) throws Exception {
    LlmCallEvent event =
        statement().put("outcome", "success").put(field, constant.name()).toCall().toEvent();

    assertThat((Object) event.get(EventField.named(field))).isEqualTo(constant);
    assertThat(((WireNamed) constant).wireName())
        .isEqualTo(constant.name().toLowerCase(Locale.ROOT));
  }

  static Stream<Arguments> put_refusesWhatBreaksTheRule() {
    return Stream.of(
        Arguments.of("input_tokens", -1),
        Arguments.of("input_tokens", 1.5),
        Arguments.of("input_tokens", "CANARY"),
        Arguments.of("input_tokens", Duration.ofSeconds(1)),
        Arguments.of("duration_ms", Double.NaN),
        Arguments.of("duration_ms", Duration.ofMillis(-1)),
        Arguments.of("duration_ms", Duration.ofSeconds(Long.MAX_VALUE)),
        Arguments.of("retry_after_ms", Duration.ofSeconds(Long.MAX_VALUE)),
        Arguments.of("outcome", "CANARY"),
        Arguments.of("outcome", List.of("success")),
        Arguments.of("stream", 2),
        Arguments.of("tenant", "CANARY".repeat(50)),
        Arguments.of("ratelimit", "CANARY"),
        Arguments.of("attributes", "CANARY"),
        Arguments.of("attributes", Map.of("a", "")),
        Arguments.of("v", 2),
        Arguments.of("timestamp", 1_764_000_000),
        Arguments.of("timestamp", "CANARYZ"),
        Arguments.of("duration_ms", "PCANARY"),
        Arguments.of("duration_ms", "-PT1S"));
  }

  @ParameterizedTest
  @MethodSource
  void put_refusesWhatBreaksTheRule(String key, Object value) {
    InvalidStatementException refusal =
        catchThrowableOfType(InvalidStatementException.class, () -> statement().put(key, value));

    assertThat(refusal.field()).isEqualTo(key);
    assertThat(refusal).hasMessageNotContaining("CANARY");
  }

  @Test
  void put_ignoresWhatIsUnknown() throws Exception {
    LlmCallEvent event =
        statement()
            .put("outcome", "success")
            .put("colour", "green")
            .put(null, "x")
            .put("tenant", null)
            .put("user", "")
            .put("feature", " ")
            .put("dropped_before", "not for applications to tell")
            .toCall()
            .toEvent();

    assertThat(event.get(EventField.TENANT)).isNull();
    assertThat(event.get(EventField.USER)).isNull();
    assertThat(event.get(EventField.FEATURE)).isNull();
    assertThat(event.get(EventField.DROPPED_BEFORE)).isNull();
  }

  @Test
  void toEvent_fillsInDefaults() throws Exception {
    StatementRules rules =
        new StatementRules(
            Map.of(EventField.SERVICE, "bot", EventField.ENVIRONMENT, "prod"),
            Set.of(),
            "tenant",
            "user",
            null);
    LlmCallEvent event =
        new CallStatement(LOGGED_AT, rules)
            .put("outcome", "success")
            .put("service", "other")
            .toCall()
            .toEvent();

    assertThat(event.get(EventField.SERVICE)).isEqualTo("other");
    assertThat(event.get(EventField.ENVIRONMENT)).isEqualTo("prod");
  }

  @Test
  void context_yieldsToKeyValues() throws Exception {
    StatementRules rules =
        new StatementRules(
            Map.of(),
            Set.of("queue", "region_group"),
            "customer",
            "login",
            raw -> "hash of " + raw);
    Map<String, String> context =
        Map.of("customer", "acme", "login", "jane", "queue", "day", "region_group", "eu");
    LlmCallEvent all =
        new CallStatement(LOGGED_AT, rules)
            .put("outcome", "success")
            .context(context::get)
            .toCall()
            .toEvent();
    LlmCallEvent none =
        new CallStatement(LOGGED_AT, rules)
            .put("outcome", "success")
            .put("tenant", "globex")
            .put("user", "0123456789abcdef")
            .put("attributes", Map.of("queue", "night"))
            .put("region_group", 7)
            .context(context::get)
            .toCall()
            .toEvent();

    assertThat(all.get(EventField.TENANT)).isEqualTo("acme");
    assertThat(all.get(EventField.USER)).isEqualTo("hash of jane");
    assertThat(all.get(EventField.ATTRIBUTES))
        .isEqualTo(Map.of("queue", "day", "region_group", "eu"));
    assertThat(none.get(EventField.TENANT)).isEqualTo("globex");
    assertThat(none.get(EventField.USER)).isEqualTo("0123456789abcdef");
    assertThat(none.get(EventField.ATTRIBUTES))
        .isEqualTo(Map.of("queue", "night", "region_group", "7"));
  }

  @Test
  void toEvent_fillsInIdAndTime() throws Exception {
    LlmCallEvent event = statement().put("outcome", "success").toCall().toEvent();
    LlmCallEvent timed =
        statement().put("outcome", "success").put("duration_ms", 1234.5).toCall().toEvent();

    assertThat(event.get(EventField.V)).isEqualTo(1L);
    assertThat(event.eventId()).hasSize(36).isNotEqualTo(timed.eventId());
    assertThat(event.timestamp()).isEqualTo(LOGGED_AT);
    assertThat(timed.timestamp()).isEqualTo(LOGGED_AT - 1_235);
  }

  @Test
  void toEvent_keepsIdAndTime() throws Exception {
    LlmCallEvent event =
        statement()
            .put("outcome", "success")
            .put("event_id", "span-1")
            .put("timestamp", LOGGED_AT - 10)
            .put("duration_ms", 5)
            .toCall()
            .toEvent();

    assertThat(event.eventId()).isEqualTo("span-1");
    assertThat(event.timestamp()).isEqualTo(LOGGED_AT - 10);
  }

  @Test
  void toEvent_needsTheOutcome() {
    InvalidStatementException refusal =
        catchThrowableOfType(InvalidStatementException.class, () -> statement().toCall().toEvent());

    assertThat(refusal.field()).isEqualTo("outcome");
  }

  @Test
  void toEvent_refusesAnErrorTypeWithASuccess() throws Exception {
    CallStatement statement = statement().put("outcome", "success").put("error_type", "tls");
    InvalidStatementException refusal =
        catchThrowableOfType(InvalidStatementException.class, statement::toCall);

    assertThat(refusal.field()).isEqualTo("error_type");
  }

  @Test
  void toEvent_refusesAStartBeforeTime() throws Exception {
    CallStatement statement = statement().put("outcome", "success").put("duration_ms", 1e18);
    InvalidStatementException refusal =
        catchThrowableOfType(InvalidStatementException.class, statement::toCall);

    assertThat(refusal.field()).isEqualTo("timestamp");
  }

  @Test
  void thrown_givesTheClassOnly() throws Exception {
    LlmCallEvent event =
        statement().put("outcome", "error").thrown("java.net.ConnectException").toCall().toEvent();

    assertThat(event.get(EventField.EXCEPTION_CLASS)).isEqualTo("java.net.ConnectException");
    assertThat(event.get(EventField.ERROR_MESSAGE)).isNull();
  }

  private static CallStatement statement() {
    return new CallStatement(LOGGED_AT, StatementRules.NONE);
  }
}
