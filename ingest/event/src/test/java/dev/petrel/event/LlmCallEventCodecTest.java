// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import static dev.petrel.event.Samples.CODEC;
import static dev.petrel.event.Samples.NOW;
import static dev.petrel.event.Samples.decode;
import static dev.petrel.event.Samples.minimalWith;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.petrel.event.InvalidEventException.Reason;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class LlmCallEventCodecTest {

  @Test
  void encode_givesBackWhatDecodeRead_forEveryField() throws Exception {
    Random random = Samples.seeded("encode_givesBackWhatDecodeRead_forEveryField");
    RandomEventJson events = new RandomEventJson(random);
    for (int i = 0; i < 500; i++) {
      // None, some and all of the optional fields.
      byte[] given = RandomEventJson.MAPPER.writeValueAsBytes(events.next(i % 5 * 0.25));
      byte[] written = CODEC.encode(CODEC.decode(given));
      assertThat(RandomEventJson.MAPPER.readTree(written))
          .isEqualTo(RandomEventJson.MAPPER.readTree(given));
    }
  }

  @Test
  void decode_readsEveryFieldOfTheGoldenFile() throws Exception {
    LlmCallEvent event = CODEC.decode(Samples.golden());

    assertThat(EventField.all()).allSatisfy(field -> assertThat(event.get(field)).isNotNull());
    assertThat(event.eventId()).isEqualTo("00f067aa0ba902b7");
    assertThat(event.timestamp()).isEqualTo(1_764_000_000_000L);
    assertThat(event.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(event.get(EventField.ATTEMPT)).isEqualTo(1L);
    assertThat(event.get(EventField.FINAL)).isTrue();
    assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.RATE_LIMIT);
    assertThat(event.get(EventField.ERROR_MESSAGE)).isEqualTo("Rate limit reached für gpt-4o 🐦");
    assertThat(event.get(EventField.DURATION_MS)).isEqualTo(183.25);
    assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(812L);
    assertThat(event.get(EventField.USAGE_SOURCE)).isEqualTo(UsageSource.REPORTED);
    assertThat(event.get(EventField.RATELIMIT))
        .isEqualTo(
            new RateLimit(
                new RateLimit.Headroom(500L, 499L, 120L),
                new RateLimit.Headroom(30_000L, 0L, 1_500L)));
    assertThat(event.get(EventField.DROPPED_BEFORE))
        .isEqualTo(Map.of(Outcome.SUCCESS, 3L, Outcome.ERROR, 1L));
    assertThat(event.get(EventField.ATTRIBUTES)).isEqualTo(Map.of("queue", "night", "shard", "7"));
    assertThat(RandomEventJson.MAPPER.readTree(CODEC.encode(event)))
        .isEqualTo(RandomEventJson.MAPPER.readTree(Samples.golden()));
  }

  @Test
  void decode_ofSomeFieldsRefusesAndReadsWhatTheWholeOneDoes() throws Exception {
    Random random = Samples.seeded("decode_ofSomeFieldsRefusesAndReadsWhatTheWholeOneDoes");
    RandomEventJson events = new RandomEventJson(random);
    Set<EventField<?>> kept = Set.of(EventField.TENANT, EventField.RATELIMIT, EventField.USER);
    LlmCallEventCodec some = new LlmCallEventCodec(() -> NOW, kept);
    for (int i = 0; i < 3000; i++) {
      byte[] json = RandomEventJson.MAPPER.writeValueAsBytes(events.next(i % 5 * 0.25));
      if (i % 2 == 0) {
        // Often still JSON, with another value or type somewhere.
        json[random.nextInt(json.length)] = (byte) "0x\"\\{[,:-9\u0000".charAt(random.nextInt(11));
      }
      InvalidEventException refused = null;
      LlmCallEvent whole = null;
      try {
        whole = CODEC.decode(json);
      } catch (InvalidEventException e) {
        refused = e;
      }
      if (refused != null) {
        InvalidEventException e =
            catchThrowableOfType(InvalidEventException.class, () -> some.decode(json));
        assertThat(e).as(new String(json, UTF_8)).hasMessage(refused.getMessage());
        continue;
      }
      LlmCallEvent part = some.decode(json);
      for (EventField<?> field : EventField.all()) {
        boolean isKept =
            kept.contains(field) || field.isRequired() || field == EventField.ERROR_TYPE;
        assertThat(part.get(field)).isEqualTo(isKept ? whole.get(field) : null);
      }
    }
  }

  @Test
  void decode_takesNullForAbsent() throws Exception {
    for (EventField<?> field : EventField.all()) {
      if (!field.isRequired()) {
        LlmCallEvent event = decode(minimalWith("\"" + field + "\":null"));
        assertThat(event.get(field)).as(field.jsonName()).isNull();
      }
    }
  }

  @Test
  void decode_takesNullForAbsent_withinRateLimit() throws Exception {
    assertThat(
            decode(minimalWith("\"ratelimit\":{\"requests\":null,\"tokens\":{\"limit\":null}}"))
                .get(EventField.RATELIMIT))
        .isEqualTo(new RateLimit(null, new RateLimit.Headroom(null, null, null)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"x\":1",
        "\"x\":{\"v\":7,\"outcome\":[{\"event_id\":null}]}",
        "\"x\":[[],{}],\"ratelimit\":{\"images\":{\"limit\":\"many\"}}",
        "\"ratelimit\":{\"tokens\":{\"limit\":3,\"burst\":[{}]}}",
        "\"x\":1,\"x\":2",
      })
  void decode_ignoresUnknownFields(String members) throws Exception {
    assertThat(decode(minimalWith(members)).eventId()).isEqualTo("e-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "v                  | UNSUPPORTED_VERSION | 2",
        "v                  | UNSUPPORTED_VERSION | 0",
        "v                  | UNSUPPORTED_VERSION | \"1\"",
        "event_id           | WRONG_TYPE       | 17",
        "event_id           | IMPOSSIBLE_VALUE | \"\"",
        "timestamp          | WRONG_TYPE       | \"2026-11-24T12:00:00Z\"",
        "timestamp          | IMPOSSIBLE_VALUE | 1764000000", // seconds
        "timestamp          | WRONG_TYPE       | 1764000000000.5",
        "timestamp          | WRONG_TYPE       | 17640000000000000000000",
        "timestamp          | WRONG_TYPE       | 1e400",
        "timestamp          | WRONG_TYPE       | true",
        "outcome            | IMPOSSIBLE_VALUE | \"failed\"",
        "outcome            | IMPOSSIBLE_VALUE | \"SUCCESS\"",
        "outcome            | WRONG_TYPE       | 1",
        "attempt            | IMPOSSIBLE_VALUE | -1",
        "final              | WRONG_TYPE       | \"true\"",
        "final              | WRONG_TYPE       | 1",
        "tenant             | WRONG_TYPE       | {}",
        "tenant             | WRONG_TYPE       | [\"acme\"]",
        "tenant             | IMPOSSIBLE_VALUE | \"\"",
        "error_type         | IMPOSSIBLE_VALUE | \"timeout\"",
        "error_type         | IMPOSSIBLE_VALUE | \"rate_limit\"", // with outcome success
        "http_status        | IMPOSSIBLE_VALUE | 99",
        "http_status        | IMPOSSIBLE_VALUE | 1000",
        "http_status        | WRONG_TYPE       | \"429\"",
        "duration_ms        | IMPOSSIBLE_VALUE | -0.1",
        "duration_ms        | IMPOSSIBLE_VALUE | 1e400",
        "duration_ms        | WRONG_TYPE       | \"12\"",
        "duration_ms        | WRONG_TYPE       | \"NaN\"",
        "input_tokens       | IMPOSSIBLE_VALUE | -1",
        "input_tokens       | WRONG_TYPE       | 1.5",
        "input_tokens       | WRONG_TYPE       | 9223372036854775808",
        "output_tokens      | IMPOSSIBLE_VALUE | -9223372036854775808",
        "usage_source       | IMPOSSIBLE_VALUE | \"guessed\"",
        "cost_nano_usd      | IMPOSSIBLE_VALUE | -5",
        "retried_error_type | WRONG_TYPE       | {}",
        "ratelimit          | WRONG_TYPE       | 5",
        "ratelimit          | WRONG_TYPE       | {\"tokens\":5}",
        "ratelimit          | WRONG_TYPE       | {\"tokens\":{\"limit\":\"5\"}}",
        "ratelimit          | IMPOSSIBLE_VALUE | {\"tokens\":{\"limit\":-2}}",
        "dropped_before     | WRONG_TYPE       | 3",
        "dropped_before     | WRONG_TYPE       | {\"success\":\"3\"}",
        "dropped_before     | IMPOSSIBLE_VALUE | {\"success\":-3}",
        "dropped_before     | IMPOSSIBLE_VALUE | {\"all\":3}",
        "attributes         | WRONG_TYPE       | []",
        "attributes         | WRONG_TYPE       | {\"a\":1}",
        "attributes         | IMPOSSIBLE_VALUE | {\"a\":\"\"}",
        "attributes         | IMPOSSIBLE_VALUE | {\"\":\"a\"}",
      })
  void decode_refusesTheField(String field, Reason reason, String value) {
    InvalidEventException refusal = refusal(withField(field, value));

    assertThat(refusal.field()).isEqualTo(field);
    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(refusal).hasMessageStartingWith(field + ": ");
  }

  @Test
  void decode_refusesTooLongText() throws Exception {
    assertThat(decode(minimalWith("\"tenant\":\"" + "t".repeat(256) + "\""))).isNotNull();
    assertThat(refusal(minimalWith("\"tenant\":\"" + "t".repeat(257) + "\"")).field())
        .isEqualTo("tenant");
  }

  @Test
  void decode_refusesTooManyAttributes() throws Exception {
    assertThat(decode(minimalWith("\"attributes\":" + attributes(32)))).isNotNull();
    assertThat(refusal(minimalWith("\"attributes\":" + attributes(33))).reason())
        .isEqualTo(Reason.IMPOSSIBLE_VALUE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v", "event_id", "timestamp", "outcome"})
  void decode_refusesWhatLacksARequiredField(String field) {
    ObjectNode event = (ObjectNode) RandomEventJson.MAPPER.readTree(Samples.MINIMAL_OPEN + "}");
    event.remove(field);
    InvalidEventException absent = refusal(event.toString());
    InvalidEventException isNull = refusal(event.putNull(field).toString());

    assertThat(absent.reason()).isEqualTo(Reason.MISSING_FIELD);
    assertThat(absent.field()).isEqualTo(field);
    assertThat(isNull.reason()).isEqualTo(Reason.MISSING_FIELD);
    assertThat(isNull.field()).isEqualTo(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"tenant\":\"a\",\"tenant\":\"a\"",
        "\"tenant\":null,\"tenant\":\"a\"",
        "\"tenant\":\"a\",\"x\":1,\"tenant\":null",
      })
  void decode_refusesARepeatedField(String members) {
    InvalidEventException refusal = refusal(minimalWith(members));

    assertThat(refusal.reason()).isEqualTo(Reason.DUPLICATE_FIELD);
    assertThat(refusal.field()).isEqualTo("tenant");
  }

  @Test
  void decode_takesATimestampUpToAnHourAhead() throws Exception {
    long limit = NOW.toEpochMilli() + 3_600_000;

    assertThat(decode(withField("timestamp", Long.toString(limit))).timestamp()).isEqualTo(limit);
    InvalidEventException refusal = refusal(withField("timestamp", Long.toString(limit + 1)));
    assertThat(refusal.reason()).isEqualTo(Reason.IMPOSSIBLE_VALUE);
    assertThat(refusal.field()).isEqualTo("timestamp");
  }

  @Test
  void decode_takesATimestampFromTheYear2000On() throws Exception {
    assertThat(decode(withField("timestamp", "946684800000")).timestamp())
        .isEqualTo(946_684_800_000L);
    assertThat(refusal(withField("timestamp", "946684799999")).field()).isEqualTo("timestamp");
  }

  @ParameterizedTest
  @ValueSource(strings = {"12", "12.0", "1.2e1", "120E-1"})
  void decode_takesAWholeNumberInEveryNotation(String number) throws Exception {
    assertThat(decode(minimalWith("\"input_tokens\":" + number)).get(EventField.INPUT_TOKENS))
        .isEqualTo(12L);
  }

  @Test
  void decode_cutsTheErrorMessage() throws Exception {
    assertThat(messageRead("m".repeat(512))).isEqualTo("m".repeat(512));
    assertThat(messageRead("m".repeat(513))).isEqualTo("m".repeat(512));
    assertThat(messageRead("m".repeat(510) + "🐦")).isEqualTo("m".repeat(510) + "🐦");
    assertThat(messageRead("m".repeat(511) + "🐦")).isEqualTo("m".repeat(511));
  }

  @ParameterizedTest
  @ValueSource(strings = {"refused", "error", "cancelled"})
  void decode_takesAnErrorTypeWithAnUnsuccessfulOutcome(String outcome) throws Exception {
    String json =
        withField("outcome", "\"" + outcome + "\"").replaceFirst("}$", ",\"error_type\":\"tls\"}");
    assertThat(decode(json).get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.TLS);
  }

  @Test
  void encode_takesAnyText() throws Exception {
    for (String text : new String[] {"\u0000", "\ud83d", "\udc26x", "a\ud83d\ud83d", "🐦"}) {
      LlmCallEvent event = decode(Samples.MINIMAL_OPEN + "}");
      LlmCallEvent given = event.toBuilder().set(EventField.TENANT, text).build();
      assertThat(CODEC.decode(CODEC.encode(given)).get(EventField.TENANT)).isEqualTo(text);
    }
  }

  private static String messageRead(String message) throws InvalidEventException {
    return decode(minimalWith("\"error_message\":\"" + message + "\""))
        .get(EventField.ERROR_MESSAGE);
  }

  private static String attributes(int count) {
    ObjectNode attributes = RandomEventJson.MAPPER.createObjectNode();
    for (int i = 0; i < count; i++) {
      attributes.put("name" + i, "value");
    }
    return attributes.toString();
  }

  /**
   * The minimal event with this field added or replaced, by hand: not all values are valid JSON.
   */
  private static String withField(String field, String value) {
    ObjectNode event = (ObjectNode) RandomEventJson.MAPPER.readTree(Samples.MINIMAL_OPEN + "}");
    event.remove(field);
    String rest = event.toString();
    return rest.substring(0, rest.length() - 1) + ",\"" + field + "\":" + value + "}";
  }

  private static InvalidEventException refusal(String json) {
    return catchThrowableOfType(
        InvalidEventException.class, () -> CODEC.decode(json.getBytes(UTF_8)));
  }
}
