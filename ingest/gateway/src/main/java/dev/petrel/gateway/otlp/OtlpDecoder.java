// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import com.google.protobuf.ByteString;
import dev.petrel.event.EventField;
import dev.petrel.event.InvalidEventException;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.gateway.intake.Decoded;
import dev.petrel.gateway.intake.DecodedCall;
import dev.petrel.gateway.intake.Rejection;
import dev.petrel.gateway.intake.Texts;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the calls in OTLP's traces and logs. Calls within calls are counted once, the innermost.
 * Thread-safe.
 */
public final class OtlpDecoder {

  private static final String EXCEPTION = "exception";
  private static final String EXCEPTION_TYPE = "exception.type";
  private static final String EXCEPTION_MESSAGE = "exception.message";
  private static final String EVENT_NAME = "event.name";

  /** Longer chains of spans are followed no further. */
  private static final int MAX_DEPTH = 64;

  private final Dialects dialects = Dialects.bundled();
  private final SpanFamilies families = new SpanFamilies();
  private final CallMapper mapper;
  private final Set<String> names;

  /**
   * A decoder that remembers spans until their parents come.
   *
   * @param tenantAttributes names of attributes that hold the tenant, before those known anyway
   * @param extras names of attributes that the events keep
   */
  public OtlpDecoder(List<String> tenantAttributes, List<String> extras) {
    mapper = new CallMapper(dialects, tenantAttributes, extras);
    names = new HashSet<>(dialects.names());
    names.addAll(HttpAttempt.NAMES);
    names.addAll(List.of(EXCEPTION_TYPE, EXCEPTION_MESSAGE, EVENT_NAME));
    names.addAll(tenantAttributes);
    names.addAll(extras);
  }

  /** The calls of spans. */
  public Decoded decode(ExportTraceServiceRequest request) {
    List<Recorded> spans = new ArrayList<>();
    for (ResourceSpans ofResource : request.getResourceSpansList()) {
      Attributes resource = Attributes.of(ofResource.getResource().getAttributesList(), names);
      for (ScopeSpans ofScope : ofResource.getScopeSpansList()) {
        for (Span span : ofScope.getSpansList()) {
          spans.add(recorded(span, ofScope.getScope(), resource));
        }
      }
    }
    List<@Nullable SpanRule> rules = new ArrayList<>(spans.size());
    for (Recorded span : spans) {
      rules.add(dialects.rule(span));
    }
    remember(spans, rules);
    Decoded.Builder decoded = new Decoded.Builder();
    for (int i = 0; i < spans.size(); i++) {
      SpanRule rule = rules.get(i);
      Recorded span = spans.get(i);
      if (rule == null) {
        decoded.skip(HttpAttempt.of(span) == null ? "not_llm" : "http_request");
      } else if (!rule.isCall()) {
        decoded.skip(rule.skipReason());
      } else if (families.hasCallInside(span.key())) {
        decoded.skip("nested");
      } else {
        addCall(i, span, rule, families.attempts(span.key()), decoded);
      }
    }
    return decoded.build();
  }

  /** The calls of log records. */
  public Decoded decode(ExportLogsServiceRequest request) {
    Decoded.Builder decoded = new Decoded.Builder();
    int index = 0;
    for (ResourceLogs ofResource : request.getResourceLogsList()) {
      Attributes resource = Attributes.of(ofResource.getResource().getAttributesList(), names);
      for (ScopeLogs ofScope : ofResource.getScopeLogsList()) {
        for (LogRecord log : ofScope.getLogRecordsList()) {
          decodeLog(index++, log, ofScope.getScope(), resource, decoded);
        }
      }
    }
    return decoded.build();
  }

  private void decodeLog(
      int index,
      LogRecord log,
      InstrumentationScope scope,
      Attributes resource,
      Decoded.Builder decoded) {
    Recorded recorded = recorded(log, scope, resource);
    SpanRule rule = dialects.rule(recorded);
    if (rule == null) {
      decoded.skip("not_llm");
    } else if (!rule.isCall()) {
      decoded.skip(rule.skipReason());
    } else {
      addCall(index, recorded, rule, List.of(), decoded);
    }
  }

  /** Which spans have calls inside, and what requests are beneath which. */
  private void remember(List<Recorded> spans, List<@Nullable SpanRule> rules) {
    Map<String, Integer> byKey = new HashMap<>();
    for (int i = 0; i < spans.size(); i++) {
      byKey.put(spans.get(i).key(), i);
    }
    for (int i = 0; i < spans.size(); i++) {
      Recorded span = spans.get(i);
      SpanRule rule = rules.get(i);
      HttpAttempt attempt = rule == null ? HttpAttempt.of(span) : null;
      if (attempt != null && !span.parentKey().isEmpty()) {
        families.add(span.parentKey(), attempt);
      }
      boolean isCall = rule != null && rule.isCall();
      if (isCall || (!endsFamily(rule) && families.hasCallInside(span.key()))) {
        markAncestors(span, spans, rules, byKey);
      }
    }
  }

  private void markAncestors(
      Recorded call,
      List<Recorded> spans,
      List<@Nullable SpanRule> rules,
      Map<String, Integer> byKey) {
    String key = call.parentKey();
    for (int depth = 0; depth < MAX_DEPTH && !key.isEmpty(); depth++) {
      families.markCallInside(key);
      Integer parent = byKey.get(key);
      if (parent == null || endsFamily(rules.get(parent))) {
        return; // Its own parent is not known, or it is a tool that a call has started.
      }
      key = spans.get(parent).parentKey();
    }
  }

  private static boolean endsFamily(@Nullable SpanRule rule) {
    return rule != null && rule.skipReason().equals(SpanRule.NOT_A_CALL);
  }

  private void addCall(
      int index,
      Recorded call,
      SpanRule rule,
      List<HttpAttempt> attempts,
      Decoded.Builder decoded) {
    try {
      CallFields fields = new CallFields(call, rule, dialects, List.of());
      String tier = fields.text("service_tier");
      for (LlmCallEvent event : mapper.events(call, rule, call.key(), attempts)) {
        decoded.call(new DecodedCall(index, event, tier));
      }
    } catch (IllegalArgumentException e) {
      decoded.reject(
          new Rejection(
              index,
              InvalidEventException.Reason.IMPOSSIBLE_VALUE.wireName(),
              EventField.TIMESTAMP.jsonName(),
              "start and end must be times since 2000, in nanoseconds since the epoch"));
    }
  }

  private Recorded recorded(Span span, InstrumentationScope scope, Attributes resource) {
    String exceptionType = null;
    String exceptionMessage = null;
    for (Span.Event event : span.getEventsList()) {
      if (event.getName().equals(EXCEPTION)) {
        Attributes attributes = Attributes.of(event.getAttributesList(), names);
        exceptionType = attributes.text(EXCEPTION_TYPE);
        exceptionMessage = attributes.text(EXCEPTION_MESSAGE);
      }
    }
    String key = hex(span.getSpanId());
    return new Recorded(
        hex(span.getTraceId()),
        key.isEmpty() ? Texts.hash(span.toByteArray()) : key,
        hex(span.getParentSpanId()),
        span.getName(),
        span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT,
        scope.getName(),
        scope.getVersion(),
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR,
        Attributes.cut(span.getStatus().getMessage()),
        exceptionType,
        exceptionMessage,
        Attributes.of(span.getAttributesList(), names),
        resource);
  }

  private Recorded recorded(LogRecord log, InstrumentationScope scope, Attributes resource) {
    Attributes attributes = Attributes.of(log.getAttributesList(), names);
    String name = log.getEventName().isEmpty() ? attributes.text(EVENT_NAME) : log.getEventName();
    long time = log.getTimeUnixNano() == 0 ? log.getObservedTimeUnixNano() : log.getTimeUnixNano();
    String spanId = hex(log.getSpanId());
    return new Recorded(
        hex(log.getTraceId()),
        // A record of a span's own event is the span once more, and has its id.
        spanId.isEmpty() ? Texts.hash(log.toByteArray()) : spanId,
        "",
        name == null ? "" : name,
        false,
        scope.getName(),
        scope.getVersion(),
        time,
        Recorded.UNKNOWN_END,
        false,
        "",
        attributes.text(EXCEPTION_TYPE),
        attributes.text(EXCEPTION_MESSAGE),
        attributes,
        resource);
  }

  /** Ids of zeros are none. */
  private static String hex(ByteString id) {
    for (int i = 0; i < id.size(); i++) {
      if (id.byteAt(i) != 0) {
        return HexFormat.of().formatHex(id.toByteArray());
      }
    }
    return "";
  }
}
