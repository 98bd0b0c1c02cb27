// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OTLP over HTTP, and what spans are to each other. */
class OtlpTest {

  private static final String PROTOBUF = "application/x-protobuf";
  private static final String A = "00000000000000a1";
  private static final String B = "00000000000000b2";
  private static final String C = "00000000000000c3";
  private static final String D = "00000000000000d4";

  @TempDir private Path directory;

  private static HttpResponse<String> traces(GatewayFixture gateway, Span.Builder... spans) {
    return traces(gateway, TestSpans.request(spans));
  }

  private static HttpResponse<String> traces(
      GatewayFixture gateway, ExportTraceServiceRequest request) {
    return gateway.post("/v1/traces", request.toByteArray(), "content-type", PROTOBUF);
  }

  @Test
  void traces_inProtobuf_areAnsweredInProtobuf() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      HttpResponse<String> answer = traces(gateway, TestSpans.call(A, ""));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("content-type")).hasValue(PROTOBUF);
      assertThat(answer.body()).isEmpty();
      assertThat(gateway.only().eventId()).isEqualTo(TestSpans.TRACE + "-" + A);
    }
  }

  @Test
  void traces_inJson_areAnsweredInJson() {
    String json =
        """
        {"unknown": [1], "resourceSpans": [{"resource": {"attributes": [
           {"key": "service.name", "value": {"stringValue": "shop"}}]},
         "scopeSpans": [{"scope": {"name": "s"}, "spans": [
           {"traceId": "0AF7651916CD43DD8448EB211C80319C", "spanId": "00000000000000a1", "parentSpanId": "",
            "name": "chat", "kind": 3, "startTimeUnixNano": "%d", "endTimeUnixNano": %d, "flags": 1,
            "status": {"code": 2, "message": "Request timed out."}, "attributes": [
             {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
             {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "12"}},
             {"key": "gen_ai.usage.output_tokens", "value": {"intValue": 3}},
             {"key": "gen_ai.request.stream", "value": {"boolValue": true}},
             {"key": "gen_ai.response.finish_reasons",
              "value": {"arrayValue": {"values": [{"stringValue": "stop"}]}}}]}]}]}]}
        """
            .formatted(GatewayFixture.NOON * 1_000_000, (GatewayFixture.NOON + 20) * 1_000_000);
    try (GatewayFixture gateway = new GatewayFixture()) {
      HttpResponse<String> answer =
          gateway.post(
              "/v1/traces",
              GatewayFixture.gzip(json.getBytes(UTF_8)),
              "content-type",
              "application/json",
              "content-encoding",
              "gzip");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{}");
      LlmCallEvent event = gateway.only();
      assertThat(event.eventId()).isEqualTo(TestSpans.TRACE + "-" + A);
      assertThat(event.get(EventField.SERVICE)).isEqualTo("shop");
      assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(12);
      assertThat(event.get(EventField.OUTPUT_TOKENS)).isEqualTo(3);
      assertThat(event.get(EventField.STREAM)).isTrue();
      assertThat(event.get(EventField.DURATION_MS)).isEqualTo(20);
      assertThat(event.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.CLIENT_TIMEOUT);
    }
  }

  @Test
  void traces_thatAreNone_areRefusedInTheProtocolsWords() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      assertThat(gateway.post("/v1/traces", "nonsense", "content-type", PROTOBUF).statusCode())
          .isEqualTo(400);
      HttpResponse<String> json =
          gateway.post("/v1/traces", "{\"resourceSpans\":[{]}", "content-type", "application/json");
      assertThat(json.statusCode()).isEqualTo(400);
      assertThat(json.body()).startsWith("{\"code\":3,\"message\":");
      assertThat(gateway.post("/v1/traces", "x", "content-type", "text/plain").statusCode())
          .isEqualTo(415);
    }
  }

  @Test
  void traces_whileKafkaIsAway_areRefusedWithARetry() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      gateway.sink.isAway = true;

      HttpResponse<String> answer = traces(gateway, TestSpans.call(A, ""));

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValueAsLong("retry-after")).hasValue(5);
      assertThat(answer.body()).contains("google.rpc.RetryInfo");
    }
  }

  @Test
  void traces_ofWhichSomeCannotBeCalls_areAPartialSuccess() throws Exception {
    Path sources =
        Files.writeString(
            directory.resolve("sources.yaml"),
            "sources: [{name: a, token_sha256: '%s', tenants: [acme]}]".formatted("ab".repeat(32)));
    try (GatewayFixture gateway = new GatewayFixture()) {
      Span.Builder ancient = TestSpans.call(A, "").setStartTimeUnixNano(5).setEndTimeUnixNano(6);

      HttpResponse<String> answer = traces(gateway, ancient, TestSpans.call(B, ""));

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("item 0: start and end must be times since 2000");
      assertThat(gateway.only().eventId()).endsWith(B);
    }
    try (GatewayFixture gateway = new GatewayFixture("gateway.sources_file=" + sources)) {
      assertThat(traces(gateway, TestSpans.call(A, "")).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void traces_countNestedCallsOnce_theInnermost() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      // The outer of an agent's framework, some HTTP client's between, the SDK's inside.
      traces(gateway, TestSpans.call(A, ""), TestSpans.span(B, A, "between"), TestSpans.call(C, B));

      assertThat(gateway.only().eventId()).endsWith(C);
      assertThat(gateway.count("petrel.gateway.skipped", "reason", "nested")).isEqualTo(1);
      assertThat(gateway.count("petrel.gateway.skipped", "reason", "not_llm")).isEqualTo(1);
    }
  }

  @Test
  void traces_countNestedCallsOnce_whenTheyComeApart() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      traces(gateway, TestSpans.call(C, B));
      traces(gateway, TestSpans.span(B, A, "between"));
      traces(gateway, TestSpans.call(A, ""));

      assertThat(gateway.only().eventId()).endsWith(C);
    }
  }

  @Test
  void traces_countACallAndTheOneThatItsToolMakes() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      Span.Builder tool =
          TestSpans.span(B, A, "tool")
              .addAllAttributes(
                  TestSpans.attributes(Map.of("gen_ai.operation.name", "execute_tool")));

      traces(gateway, TestSpans.call(A, ""), tool, TestSpans.call(C, B));

      assertThat(gateway.sink.stored)
          .extracting(LlmCallEvent::eventId)
          .containsExactly(TestSpans.TRACE + "-" + A, TestSpans.TRACE + "-" + C);
    }
  }

  @Test
  void traces_makeAttemptsOfFailedRequestsBeneathACall() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      traces(gateway, TestSpans.http(B, A, 429, 10, 60));
      traces(
          gateway,
          TestSpans.http(C, A, 503, 560, 600),
          TestSpans.http(D, A, 200, 1_600, 2_500),
          TestSpans.call(A, "")
              .setEndTimeUnixNano((GatewayFixture.NOON + 2_510) * 1_000_000)
              .addAllAttributes(
                  TestSpans.attributes(
                      Map.of("gen_ai.usage.input_tokens", 10L, "tenant.id", "acme"))));

      assertThat(gateway.sink.stored).hasSize(3);
      LlmCallEvent first = gateway.sink.stored.get(0);
      assertThat(first.eventId()).endsWith(B);
      assertThat(first.get(EventField.ATTEMPT)).isZero();
      assertThat(first.get(EventField.FINAL)).isFalse();
      assertThat(first.outcome()).isEqualTo(Outcome.ERROR);
      assertThat(first.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.RATE_LIMIT);
      assertThat(first.get(EventField.HTTP_STATUS)).isEqualTo(429);
      assertThat(first.timestamp()).isEqualTo(GatewayFixture.NOON + 10);
      assertThat(first.get(EventField.DURATION_MS)).isEqualTo(50);
      assertThat(first.get(EventField.INPUT_TOKENS)).isNull();
      LlmCallEvent second = gateway.sink.stored.get(1);
      assertThat(second.get(EventField.ATTEMPT)).isEqualTo(1);
      assertThat(second.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.OVERLOADED);
      assertThat(second.get(EventField.RETRIED_ERROR_TYPE)).isEqualTo(ErrorType.RATE_LIMIT);
      assertThat(second.get(EventField.RETRY_DELAY_MS)).isEqualTo(500);
      LlmCallEvent last = gateway.sink.stored.get(2);
      assertThat(last.eventId()).endsWith(A);
      assertThat(last.get(EventField.ATTEMPT)).isEqualTo(2);
      assertThat(last.get(EventField.FINAL)).isTrue();
      assertThat(last.outcome()).isEqualTo(Outcome.SUCCESS);
      assertThat(last.get(EventField.HTTP_STATUS)).isEqualTo(200);
      assertThat(last.get(EventField.RETRY_DELAY_MS)).isEqualTo(1_000);
      assertThat(last.timestamp()).isEqualTo(GatewayFixture.NOON + 1_600);
      assertThat(last.get(EventField.DURATION_MS)).isEqualTo(910);
      assertThat(last.get(EventField.INPUT_TOKENS)).isEqualTo(10);
      assertThat(gateway.sink.stored)
          .allSatisfy(
              event -> {
                assertThat(event.get(EventField.CALL_ID)).isEqualTo(TestSpans.TRACE + "-" + A);
                assertThat(event.get(EventField.TENANT)).isEqualTo("acme");
                assertThat(event.get(EventField.PROVIDER)).isEqualTo("openai");
                assertThat(event.get(EventField.SERVER_ADDRESS)).isEqualTo("api.openai.com");
              });
    }
  }

  @Test
  void traces_ofACallThatFailedAtLast_doNotCountItsLastRequestTwice() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      Span.Builder call =
          TestSpans.call(A, "")
              .addAllAttributes(TestSpans.attributes(Map.of("error.type", "RateLimitError")));

      traces(gateway, TestSpans.http(B, A, 429, 0, 10), TestSpans.http(C, A, 429, 20, 30), call);

      assertThat(gateway.sink.stored).hasSize(2);
      assertThat(gateway.sink.stored)
          .extracting(event -> event.get(EventField.ERROR_TYPE))
          .containsOnly(ErrorType.RATE_LIMIT);
      assertThat(gateway.sink.stored.get(1).get(EventField.HTTP_STATUS)).isEqualTo(429);
    }
  }

  @Test
  void traces_sentAgain_areTheSameEvents() {
    try (GatewayFixture gateway = new GatewayFixture()) {
      ExportTraceServiceRequest request =
          TestSpans.request(
              TestSpans.http(B, A, 500, 0, 10),
              TestSpans.http(C, A, 200, 20, 30),
              TestSpans.call(A, ""));
      traces(gateway, request);
      traces(gateway, request);

      assertThat(gateway.sink.stored).hasSize(4);
      assertThat(gateway.sink.stored)
          .extracting(LlmCallEvent::eventId)
          .hasSize(4)
          .containsExactly(
              TestSpans.TRACE + "-" + B,
              TestSpans.TRACE + "-" + A,
              TestSpans.TRACE + "-" + B,
              TestSpans.TRACE + "-" + A);
    }
  }

  @Test
  void traces_keepTheTenantAndExtrasThatTheOperatorNames() {
    try (GatewayFixture gateway =
        new GatewayFixture(
            "gateway.tenant_attributes=customer", "gateway.attributes=experiment,team")) {
      traces(
          gateway,
          TestSpans.call(A, "")
              .addAllAttributes(
                  TestSpans.attributes(
                      Map.of(
                          "customer", "globex",
                          "tenant.id", "acme",
                          "experiment", "b",
                          "gen_ai.input.messages", "a prompt"))));

      assertThat(gateway.only().get(EventField.TENANT)).isEqualTo("globex");
      assertThat(gateway.only().get(EventField.ATTRIBUTES)).isEqualTo(Map.of("experiment", "b"));
    }
  }

  @Test
  void logs_ofClaudeCode_areCalls_andOthersAreNot() {
    LogRecord request =
        LogRecord.newBuilder()
            .setTimeUnixNano(GatewayFixture.NOON * 1_000_000)
            .addAllAttributes(
                TestSpans.attributes(
                    Map.of(
                        "event.name", "api_request",
                        "model", "claude-sonnet-4-5",
                        "input_tokens", "10",
                        "cache_read_tokens", "500",
                        "output_tokens", "40",
                        "cost_usd", "0.0021",
                        "duration_ms", "2500",
                        "session.id", "s-1")))
            .build();
    LogRecord error =
        LogRecord.newBuilder()
            .setTimeUnixNano(GatewayFixture.NOON * 1_000_000)
            .addAllAttributes(
                TestSpans.attributes(
                    Map.of(
                        "event.name", "api_error",
                        "model", "claude-sonnet-4-5",
                        "error", "Overloaded",
                        "status_code", "529")))
            .build();
    LogRecord prompt =
        LogRecord.newBuilder()
            .addAllAttributes(
                TestSpans.attributes(Map.of("event.name", "user_prompt", "prompt", "a prompt")))
            .build();
    ExportLogsServiceRequest logs =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .addScopeLogs(
                        ScopeLogs.newBuilder()
                            .setScope(
                                InstrumentationScope.newBuilder()
                                    .setName("com.anthropic.claude_code.events"))
                            .addLogRecords(request)
                            .addLogRecords(error)
                            .addLogRecords(prompt)))
            .build();
    try (GatewayFixture gateway = new GatewayFixture()) {
      HttpResponse<String> answer =
          gateway.post("/v1/logs", logs.toByteArray(), "content-type", PROTOBUF);

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(gateway.sink.stored).hasSize(2);
      LlmCallEvent event = gateway.sink.stored.get(0);
      assertThat(event.get(EventField.PROVIDER)).isEqualTo("anthropic");
      assertThat(event.get(EventField.INPUT_TOKENS)).isEqualTo(510);
      assertThat(event.get(EventField.COST_NANO_USD)).isEqualTo(2_100_000);
      assertThat(event.timestamp()).isEqualTo(GatewayFixture.NOON - 2_500);
      assertThat(event.get(EventField.DURATION_MS)).isEqualTo(2_500);
      LlmCallEvent failed = gateway.sink.stored.get(1);
      assertThat(failed.get(EventField.ERROR_TYPE)).isEqualTo(ErrorType.OVERLOADED);
      assertThat(failed.get(EventField.HTTP_STATUS)).isEqualTo(529);
      assertThat(failed.get(EventField.DURATION_MS)).isNull();
      assertThat(gateway.count("petrel.gateway.skipped", "reason", "not_a_call")).isEqualTo(1);
    }
  }
}
