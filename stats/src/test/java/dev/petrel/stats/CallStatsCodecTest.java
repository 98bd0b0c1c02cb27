// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CallStatsCodecTest {

  private static final long T0 = 1_780_000_020_000L;

  @Test
  void encode_writesTheDocument() {
    Measures measures = new Measures();
    measures.add(success("a").set(EventField.COST_NANO_USD, 1_500_000L).build());
    measures.add(failure("b", 0).build());
    measures.add(
        success("b")
            .set(EventField.ATTEMPT, 1L)
            .set(EventField.RETRIED_ERROR_TYPE, ErrorType.OVERLOADED)
            .build());

    assertThat(json(measures))
        .startsWith(
            "{\"scope_kind\":\"model\",\"environment\":\"prod\",\"provider\":\"openai\","
                + "\"model\":\"gpt-4o\",\"window_start\":1780000020000,\"window_ms\":60000,"
                + "\"final\":true,\"revision\":7,\"attempts\":3,\"calls\":2,\"retries\":1,"
                + "\"outcomes\":{\"success\":2,\"error\":1},\"errors\":{\"overloaded\":1},"
                + "\"error_attempts\":1,\"input_tokens\":200,\"output_tokens\":20,"
                + "\"token_coverage\":0.666667,\"cost_usd\":0.001500000,\"unpriced_attempts\":2,"
                + "\"latency_ms\":{\"p50\":")
        .contains(
            "\"max\":1000.0,\"buckets\":{\"le_1280\":3}}",
            "\"retry\":{\"amplification\":1.5,\"ratio\":0.333333,\"goodput\":1.0,"
                + "\"non_retryable_share\":0.0,\"synchrony\":0.995833}",
            "\"top\":{\"tenants\":[{\"name\":\"acme\",\"errors\":1}],"
                + "\"instances\":[{\"name\":\"chat-1\",\"errors\":1}],"
                + "\"request_ids\":[\"req-b\"]}",
            "\"mergeable\":\"");
  }

  @Test
  void encode_leavesOutWhatIsUnknown() {
    Measures measures = new Measures();
    measures.add(
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, "x")
            .set(EventField.TIMESTAMP, T0)
            .set(EventField.OUTCOME, Outcome.ERROR)
            .build());

    assertThat(json(measures))
        .contains("\"errors\":{\"unknown\":1}", "\"unpriced_attempts\":1", "\"token_coverage\":0.0")
        .doesNotContain("input_tokens", "cost_usd", "latency_ms", "ttfc_ms", "goodput");
  }

  @Test
  void decode_restoresEverything() {
    Measures measures = new Measures();
    for (int i = 0; i < 100; i++) {
      measures.add(i % 3 == 0 ? failure("f" + i, i % 2).build() : success("s" + i).build());
    }
    CallStats stats =
        new CallStats(Scope.tenant(null, "ac\"me"), "imp-1", T0, 60_000, false, 3, measures);

    CallStats decoded = CallStatsCodec.decode(CallStatsCodec.encode(stats));

    assertThat(decoded.scope()).isEqualTo(stats.scope());
    assertThat(decoded.importId()).isEqualTo("imp-1");
    assertThat(decoded.windowStart()).isEqualTo(T0);
    assertThat(decoded.closed()).isFalse();
    assertThat(decoded.revision()).isEqualTo(3);
    assertThat(decoded.measures().toBytes()).isEqualTo(measures.toBytes());
    assertThat(decoded.documentId()).isEqualTo(stats.documentId()).hasSize(27);
  }

  @Test
  void decode_ignoresUnknownFieldsAndRefusesIncompleteDocuments() {
    String document = json(new Measures());

    CallStats decoded =
        CallStatsCodec.decode(
            document
                .replace("{\"scope_kind\"", "{\"new\":{\"x\":[1]},\"scope_kind\"")
                .getBytes(StandardCharsets.UTF_8));
    assertThat(decoded.revision()).isEqualTo(7);
    assertThatThrownBy(() -> CallStatsCodec.decode("{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mergeable");
    byte[] whole = document.getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length += 7) {
      byte[] part = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> CallStatsCodec.decode(part))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void fromBytes_refusesAnotherFormat() {
    Measures measures = new Measures();
    measures.add(success("a").set(EventField.DURATION_MS, 100.0).build());
    byte[] bytes = measures.toBytes();

    // The order of enums is part of the format: a change here needs a new format number.
    assertThat(Arrays.toString(Outcome.values()))
        .isEqualTo("[SUCCESS, TRUNCATED, REFUSED, ERROR, CANCELLED]");
    assertThat(Arrays.toString(ErrorType.values()))
        .isEqualTo(
            "[RATE_LIMIT, QUOTA_EXHAUSTED, OVERLOADED, SERVER_ERROR, PROVIDER_TIMEOUT,"
                + " CLIENT_TIMEOUT, NETWORK, TLS, STREAM_INTERRUPTED, CANCELLED, AUTHENTICATION,"
                + " PERMISSION, NOT_FOUND, CONTEXT_LENGTH_EXCEEDED, CONTENT_FILTER,"
                + " INVALID_REQUEST, UNKNOWN]");
    bytes[0] = 9;
    assertThatThrownBy(() -> Measures.fromBytes(ByteBuffer.wrap(bytes)))
        .hasMessageContaining("format 9");
  }

  @Test
  void toBytes_isSmallForAnAggregateOfAMinute() {
    Measures measures = new Measures();
    for (int i = 0; i < 16; i++) {
      measures.add(success("e" + i).set(EventField.DURATION_MS, 900.0 + i * 50).build());
    }

    assertThat(measures.toBytes().length).isLessThan(150);
  }

  private static String json(Measures measures) {
    CallStats stats =
        new CallStats(
            Scope.model("prod", "openai", "gpt-4o"), T0, CallStats.WINDOW_MS, true, 7, measures);
    return new String(CallStatsCodec.encode(stats), StandardCharsets.UTF_8);
  }

  private static LlmCallEvent.Builder success(String id) {
    return LlmCallEvent.newBuilder()
        .set(EventField.EVENT_ID, id)
        .set(EventField.TIMESTAMP, T0)
        .set(EventField.OUTCOME, Outcome.SUCCESS)
        .set(EventField.DURATION_MS, 1000.0)
        .set(EventField.INPUT_TOKENS, 100L)
        .set(EventField.OUTPUT_TOKENS, 10L);
  }

  private static LlmCallEvent.Builder failure(String id, long attempt) {
    return LlmCallEvent.newBuilder()
        .set(EventField.EVENT_ID, id)
        .set(EventField.TIMESTAMP, T0)
        .set(EventField.OUTCOME, Outcome.ERROR)
        .set(EventField.ERROR_TYPE, ErrorType.OVERLOADED)
        .set(EventField.TENANT, "acme")
        .set(EventField.INSTANCE, "chat-1")
        .set(EventField.REQUEST_ID, "req-" + id)
        .set(EventField.ATTEMPT, attempt)
        .set(EventField.DURATION_MS, 900.0);
  }
}
