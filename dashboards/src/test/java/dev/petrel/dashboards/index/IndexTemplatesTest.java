// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IndexTemplatesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void callStatsFields_coverEveryFieldThatTheCodecWrites() throws Exception {
    JsonNode document = JSON.readTree(CallStatsCodec.encode(everything()));
    JsonNode mapping = JSON.valueToTree(IndexTemplates.callStatsFields());

    List<String> leaves = leaves(document);

    assertThat(leaves)
        .contains("latency_ms.buckets.le_inf", "retry.goodput", "ttfc_ms.p99", "errors.unknown")
        .contains("retry.early_share", "retry.synchrony", "context_use.p95", "top.request_ids")
        .contains("ratelimit.requests_headroom", "ratelimit.tokens_headroom", "top.instances");
    assertThat(leaves).allSatisfy(field -> assertThat(typeOf(mapping, field)).isNotNull());
  }

  @Test
  void callStatsFields_coverEveryDocumentedField() {
    JsonNode mapping = JSON.valueToTree(IndexTemplates.callStatsFields());

    assertThat(
            List.of(
                "scope_kind",
                "environment",
                "provider",
                "model",
                "tenant",
                "service",
                "credential",
                "window_start",
                "window_ms",
                "final",
                "revision",
                "attempts",
                "calls",
                "retries",
                "error_attempts",
                "input_tokens",
                "output_tokens",
                "cache_read_tokens",
                "cache_write_tokens",
                "reasoning_tokens",
                "token_coverage",
                "cost_usd",
                "unpriced_attempts",
                "latency_ms.p90",
                "ttfc_ms.p50",
                "input_tokens_per_call.p95",
                "context_use.p50",
                "context_use.p90",
                "context_use.p95",
                "context_use.p99",
                "context_use.max",
                "retry.amplification",
                "retry.early_share",
                "retry.synchrony",
                "ratelimit.requests_headroom",
                "ratelimit.tokens_headroom",
                "top.tenants",
                "top.instances",
                "top.credentials",
                "top.request_ids"))
        .allSatisfy(field -> assertThat(typeOf(mapping, field)).isNotNull());
    assertThat(typeOf(mapping, "mergeable")).isEqualTo("binary");
    assertThat(typeOf(mapping, "window_start")).isEqualTo("date");
    // A failure's window is found by its request id; the other contributors are only shown.
    assertThat(typeOf(mapping, "top.request_ids")).isEqualTo("keyword");
    assertThat(mapping.at("/top/properties/tenants/enabled").asBoolean(true)).isFalse();
    for (ErrorType type : ErrorType.values()) {
      assertThat(typeOf(mapping, "errors." + type.wireName())).isEqualTo("long");
    }
  }

  @Test
  void alertFields_coverEveryDocumentedField() {
    JsonNode mapping = JSON.valueToTree(IndexTemplates.alertFields());

    assertThat(
            List.of(
                "alert_id",
                "rule",
                "pattern",
                "status",
                "severity",
                "labels.tenant",
                "starts_at",
                "fired_at",
                "ends_at",
                "summary",
                "evidence",
                "runbook_url",
                "notifications.receiver",
                "notifications.action",
                "notifications.status",
                "notifications.at",
                "notifications.attempts",
                "notifications.why"))
        .allSatisfy(field -> assertThat(typeOf(mapping, field)).isNotNull());
  }

  @Test
  void template_neverGrowsItsMapping() {
    JsonNode template = JSON.valueToTree(IndexTemplates.template("x-*", Map.of()));

    assertThat(template.at("/template/mappings/dynamic").isBoolean()).isTrue();
    assertThat(template.at("/template/mappings/dynamic").asBoolean()).isFalse();
    assertThat(template.at("/version").asInt()).isEqualTo(IndexTemplates.VERSION);
  }

  /** One attempt of each outcome and error type, with every measure. */
  private static CallStats everything() {
    Measures measures = new Measures();
    RateLimit.Headroom half = new RateLimit.Headroom(2L, 1L, null);
    long number = 0;
    for (Outcome outcome : Outcome.values()) {
      for (ErrorType type : ErrorType.values()) {
        LlmCallEvent.Builder event =
            LlmCallEvent.newBuilder()
                .set(EventField.EVENT_ID, "e" + number)
                .set(EventField.TIMESTAMP, 1_700_000_000_000L)
                .set(EventField.OUTCOME, outcome)
                .set(EventField.ATTEMPT, number % 2)
                .set(EventField.RETRIED_ERROR_TYPE, number % 2 == 0 ? null : type)
                .set(EventField.DURATION_MS, Math.pow(2, number % 24))
                .set(EventField.TIME_TO_FIRST_CHUNK_MS, 5.0)
                .set(EventField.INPUT_TOKENS, 10L)
                .set(EventField.OUTPUT_TOKENS, 10L)
                .set(EventField.CACHE_READ_TOKENS, 1L)
                .set(EventField.CACHE_WRITE_TOKENS, 1L)
                .set(EventField.REASONING_TOKENS, 1L)
                .set(EventField.COST_NANO_USD, 1L)
                .set(EventField.CONTEXT_WINDOW, 100L)
                .set(EventField.RATELIMIT, new RateLimit(half, half))
                .set(EventField.TENANT, "t")
                .set(EventField.INSTANCE, "i")
                .set(EventField.CREDENTIAL, "c")
                .set(EventField.REQUEST_ID, "r" + number);
        if (outcome.mayHaveErrorType()) {
          event.set(EventField.ERROR_TYPE, type);
        }
        measures.add(event.build());
        measures.addRetryAfterAsk(true);
        number++;
      }
    }
    Scope scope = new Scope(ScopeKind.TENANT_MODEL, "prod", "p", "m", "t", "s", "c");
    return new CallStats(scope, 1_700_000_040_000L, CallStats.WINDOW_MS, true, 3, measures);
  }

  private static List<String> leaves(JsonNode node) {
    List<String> leaves = new ArrayList<>();
    collect(node, "", leaves);
    return leaves;
  }

  private static void collect(JsonNode node, String prefix, List<String> leaves) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (field.getValue().isObject()) {
        collect(field.getValue(), prefix + field.getKey() + ".", leaves);
      } else {
        leaves.add(prefix + field.getKey());
      }
    }
  }

  @org.jspecify.annotations.Nullable
  private static String typeOf(JsonNode mapping, String field) {
    JsonNode node = mapping.at("/" + field.replace(".", "/properties/"));
    return node.path("type").textValue();
  }
}
