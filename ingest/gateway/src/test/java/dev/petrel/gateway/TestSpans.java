// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Spans for tests, as protobuf. */
final class TestSpans {

  static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private TestSpans() {}

  /** A span that starts at noon and takes a second and a half. */
  static Span.Builder span(String id, String parentId, String name) {
    return Span.newBuilder()
        .setTraceId(hex(TRACE))
        .setSpanId(hex(id))
        .setParentSpanId(hex(parentId))
        .setName(name)
        .setStartTimeUnixNano(GatewayFixture.NOON * 1_000_000)
        .setEndTimeUnixNano((GatewayFixture.NOON + 1_500) * 1_000_000);
  }

  /** A call of OpenAI's, by the conventions. */
  static Span.Builder call(String id, String parentId) {
    return span(id, parentId, "chat gpt-4o")
        .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
        .addAllAttributes(
            attributes(
                Map.of(
                    "gen_ai.operation.name", "chat",
                    "gen_ai.provider.name", "openai",
                    "gen_ai.request.model", "gpt-4o")));
  }

  /** A request of an HTTP client, some milliseconds after noon. */
  static Span.Builder http(String id, String parentId, int status, int fromMs, int toMs) {
    return span(id, parentId, "POST")
        .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
        .setStartTimeUnixNano((GatewayFixture.NOON + fromMs) * 1_000_000)
        .setEndTimeUnixNano((GatewayFixture.NOON + toMs) * 1_000_000)
        .addAllAttributes(
            attributes(
                Map.of(
                    "http.request.method", "POST",
                    "http.response.status_code", (long) status,
                    "server.address", "api.openai.com")));
  }

  static List<KeyValue> attributes(Map<String, ?> attributes) {
    List<KeyValue> list = new ArrayList<>();
    attributes.forEach(
        (name, value) -> {
          AnyValue.Builder any = AnyValue.newBuilder();
          if (value instanceof Long number) {
            any.setIntValue(number);
          } else {
            any.setStringValue(value.toString());
          }
          list.add(KeyValue.newBuilder().setKey(name).setValue(any).build());
        });
    return list;
  }

  static ExportTraceServiceRequest request(Span.Builder... spans) {
    ScopeSpans.Builder scope =
        ScopeSpans.newBuilder().setScope(InstrumentationScope.newBuilder().setName("test"));
    for (Span.Builder span : spans) {
      scope.addSpans(span);
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
        .build();
  }

  /**
   * The span of a sample: name, scope, status, exception, attributes and resource, all optional.
   */
  static ExportTraceServiceRequest request(JsonNode sample, long startMs, long endMs) {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(hex(TRACE))
            .setSpanId(hex("b7ad6b7169203331"))
            .setName(sample.path("name").asText(""))
            .setStartTimeUnixNano(startMs * 1_000_000)
            .setEndTimeUnixNano(endMs * 1_000_000)
            .addAllAttributes(attributes(sample.path("attributes")));
    if (sample.path("status").asText().equals("ERROR")) {
      span.setStatus(
          Status.newBuilder()
              .setCode(Status.StatusCode.STATUS_CODE_ERROR)
              .setMessage(sample.path("message").asText("")));
    }
    if (sample.has("exception")) {
      span.addEvents(
          Span.Event.newBuilder()
              .setName("exception")
              .addAllAttributes(
                  attributes(
                      Map.of(
                          "exception.type",
                          sample.path("exception").path("type").asText(),
                          "exception.message",
                          sample.path("exception").path("message").asText()))));
    }
    InstrumentationScope.Builder scope =
        InstrumentationScope.newBuilder()
            .setName(sample.path("scope").asText(""))
            .setVersion(sample.path("scope_version").asText(""));
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(
                    Resource.newBuilder().addAllAttributes(attributes(sample.path("resource"))))
                .addScopeSpans(ScopeSpans.newBuilder().setScope(scope).addSpans(span)))
        .build();
  }

  private static List<KeyValue> attributes(JsonNode object) {
    List<KeyValue> list = new ArrayList<>();
    object
        .properties()
        .forEach(
            entry ->
                list.add(
                    KeyValue.newBuilder()
                        .setKey(entry.getKey())
                        .setValue(any(entry.getValue()))
                        .build()));
    return list;
  }

  private static AnyValue any(JsonNode value) {
    AnyValue.Builder any = AnyValue.newBuilder();
    if (value.isArray()) {
      ArrayValue.Builder array = ArrayValue.newBuilder();
      value.forEach(item -> array.addValues(any(item)));
      any.setArrayValue(array);
    } else if (value.isIntegralNumber()) {
      any.setIntValue(value.asLong());
    } else if (value.isNumber()) {
      any.setDoubleValue(value.asDouble());
    } else if (value.isBoolean()) {
      any.setBoolValue(value.asBoolean());
    } else if (value.isTextual()) {
      any.setStringValue(value.asText());
    }
    return any.build();
  }

  static ByteString hex(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
