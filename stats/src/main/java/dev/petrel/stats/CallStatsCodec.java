// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JSON form of {@link CallStats}: the document of {@code llm-call-stats-*}.
 *
 * <p>Its plain fields are for people, dashboards and other programs. {@code mergeable} holds all
 * measures in binary (base64), so that readers can merge windows exactly, percentiles too; only it
 * is read back. What is unknown is left out. Thread-safe.
 */
public final class CallStatsCodec {

  private static final JsonFactory FACTORY = new JsonFactory();

  /** How many of the top contributors a document names. */
  private static final int SHOWN_CONTRIBUTORS = 10;

  private CallStatsCodec() {}

  /** The document, UTF-8. */
  public static byte[] encode(CallStats stats) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      generator.writeStartObject();
      writeScope(generator, stats.scope());
      writeText(generator, "import", stats.importId());
      writeCount(generator, "part", stats.part());
      generator.writeNumberField("window_start", stats.windowStart());
      generator.writeNumberField("window_ms", stats.windowMs());
      generator.writeBooleanField("final", stats.closed());
      generator.writeNumberField("revision", stats.revision());
      writeMeasures(generator, stats.measures());
      generator.writeBinaryField("mergeable", stats.measures().toBytes());
      generator.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array takes every byte
    }
    return out.toByteArray();
  }

  private static void writeScope(JsonGenerator generator, Scope scope) throws IOException {
    generator.writeStringField("scope_kind", scope.kind().wireName());
    writeText(generator, "environment", scope.environment());
    writeText(generator, "provider", scope.provider());
    writeText(generator, "model", scope.model());
    writeText(generator, "tenant", scope.tenant());
    writeText(generator, "service", scope.service());
    writeText(generator, "credential", scope.credential());
  }

  private static void writeText(JsonGenerator generator, String name, @Nullable String text)
      throws IOException {
    if (text != null) {
      generator.writeStringField(name, text);
    }
  }

  /** Writes the fields of {@code measures} into the object that the generator is in. */
  public static void writeMeasures(JsonGenerator generator, Measures measures) throws IOException {
    generator.writeNumberField("attempts", measures.attempts());
    generator.writeNumberField("calls", measures.calls());
    generator.writeNumberField("retries", measures.retries());
    generator.writeObjectFieldStart("outcomes");
    for (Outcome outcome : Outcome.values()) {
      writeCount(generator, outcome.wireName(), measures.outcomes(outcome));
    }
    generator.writeEndObject();
    generator.writeObjectFieldStart("errors");
    for (ErrorType type : ErrorType.values()) {
      writeCount(generator, type.wireName(), measures.errors(type));
    }
    generator.writeEndObject();
    generator.writeNumberField("error_attempts", measures.errorAttempts());
    for (EventField<Long> kind : Measures.tokenKinds()) {
      if (measures.attemptsWithTokens(kind) > 0) {
        generator.writeNumberField(kind.jsonName(), measures.tokens(kind));
      }
    }
    writeRatio(generator, "token_coverage", measures.usageAttempts(), measures.attempts());
    if (measures.pricedAttempts() > 0) {
      generator.writeNumberField("cost_usd", BigDecimal.valueOf(measures.costNanoUsd(), 9));
    }
    generator.writeNumberField(
        "unpriced_attempts", measures.attempts() - measures.pricedAttempts());
    writeLatency(generator, measures);
    writeSketch(generator, "ttfc_ms", measures.timeToFirstChunkMs());
    writeSketch(generator, "input_tokens_per_call", measures.inputTokensPerCall());
    writeSketch(generator, "context_use", measures.contextUse());
    writeRetry(generator, measures);
    writeHeadroom(generator, measures);
    if (measures.contributors() != null) {
      writeTop(generator, measures.contributors());
    }
  }

  private static void writeRetry(JsonGenerator generator, Measures measures) throws IOException {
    generator.writeObjectFieldStart("retry");
    writeRatio(generator, "amplification", measures.attempts(), measures.calls());
    writeRatio(generator, "ratio", measures.retries(), measures.attempts());
    writeRatio(generator, "goodput", measures.retrySuccesses(), measures.retries());
    writeRatio(
        generator,
        "non_retryable_share",
        measures.nonRetryableRetries(),
        measures.retriesOfKnownCause());
    writeRatio(generator, "early_share", measures.earlyRetries(), measures.retriesAfterAsk());
    writeKnown(generator, "synchrony", measures.synchrony());
    generator.writeEndObject();
  }

  private static void writeHeadroom(JsonGenerator generator, Measures measures) throws IOException {
    if (Double.isNaN(measures.requestsHeadroom()) && Double.isNaN(measures.tokensHeadroom())) {
      return;
    }
    generator.writeObjectFieldStart("ratelimit");
    writeKnown(generator, "requests_headroom", measures.requestsHeadroom());
    writeKnown(generator, "tokens_headroom", measures.tokensHeadroom());
    generator.writeEndObject();
  }

  private static void writeTop(JsonGenerator generator, Contributors contributors)
      throws IOException {
    generator.writeObjectFieldStart("top");
    writeTop(generator, "tenants", contributors.tenants());
    writeTop(generator, "instances", contributors.instances());
    writeTop(generator, "credentials", contributors.credentials());
    List<String> requestIds = contributors.requestIds();
    if (!requestIds.isEmpty()) {
      generator.writeArrayFieldStart("request_ids");
      for (String requestId : requestIds) {
        generator.writeString(requestId);
      }
      generator.writeEndArray();
    }
    generator.writeEndObject();
  }

  private static void writeTop(JsonGenerator generator, String name, TopCounts counts)
      throws IOException {
    if (counts.isEmpty()) {
      return;
    }
    generator.writeArrayFieldStart(name);
    for (TopCounts.Entry entry : counts.highest(SHOWN_CONTRIBUTORS)) {
      generator.writeStartObject();
      generator.writeStringField("name", entry.name());
      generator.writeNumberField("errors", entry.count());
      generator.writeEndObject();
    }
    generator.writeEndArray();
  }

  private static void writeLatency(JsonGenerator generator, Measures measures) throws IOException {
    if (measures.latencyMs().count() == 0) {
      return;
    }
    generator.writeObjectFieldStart("latency_ms");
    writeQuantiles(generator, measures.latencyMs());
    generator.writeObjectFieldStart("buckets");
    for (int i = 0; i < LatencyBuckets.size(); i++) {
      writeCount(generator, LatencyBuckets.nameOf(i), measures.latencyBucket(i));
    }
    generator.writeEndObject();
    generator.writeEndObject();
  }

  private static void writeSketch(JsonGenerator generator, String name, QuantileSketch sketch)
      throws IOException {
    if (sketch.count() == 0) {
      return;
    }
    generator.writeObjectFieldStart(name);
    writeQuantiles(generator, sketch);
    generator.writeEndObject();
  }

  private static void writeQuantiles(JsonGenerator generator, QuantileSketch sketch)
      throws IOException {
    writeRounded(generator, "p50", sketch.quantile(0.50));
    writeRounded(generator, "p90", sketch.quantile(0.90));
    writeRounded(generator, "p95", sketch.quantile(0.95));
    writeRounded(generator, "p99", sketch.quantile(0.99));
    writeRounded(generator, "max", sketch.max());
  }

  /** A count of zero is left out: the parent object being there says that it is known. */
  private static void writeCount(JsonGenerator generator, String name, long count)
      throws IOException {
    if (count != 0) {
      generator.writeNumberField(name, count);
    }
  }

  private static void writeRatio(JsonGenerator generator, String name, long part, long whole)
      throws IOException {
    if (whole > 0) {
      generator.writeNumberField(name, Math.round(1e6 * part / whole) / 1e6);
    }
  }

  private static void writeKnown(JsonGenerator generator, String name, double value)
      throws IOException {
    if (!Double.isNaN(value)) {
      generator.writeNumberField(name, Math.round(value * 1e6) / 1e6);
    }
  }

  private static void writeRounded(JsonGenerator generator, String name, double value)
      throws IOException {
    // A millionth where it matters: context use is a part of one.
    double scale = value < 10 ? 1e6 : 1e3;
    generator.writeNumberField(name, Math.round(value * scale) / scale);
  }

  /**
   * Reads a document.
   *
   * @throws IllegalArgumentException when it is no document of this form
   */
  public static CallStats decode(byte[] json) {
    try (JsonParser parser = FACTORY.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("call stats that are no JSON object");
      }
      return read(parser);
    } catch (IOException e) {
      throw new IllegalArgumentException("call stats that are not JSON", e);
    }
  }

  private static CallStats read(JsonParser parser) throws IOException {
    String kind = null;
    String environment = null;
    String provider = null;
    String model = null;
    String tenant = null;
    String service = null;
    String credential = null;
    String importId = null;
    int part = 0;
    Long windowStart = null;
    long windowMs = CallStats.WINDOW_MS;
    boolean closed = false;
    long revision = 0;
    Measures measures = null;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "scope_kind" -> kind = parser.getText();
        case "environment" -> environment = parser.getText();
        case "provider" -> provider = parser.getText();
        case "model" -> model = parser.getText();
        case "tenant" -> tenant = parser.getText();
        case "service" -> service = parser.getText();
        case "credential" -> credential = parser.getText();
        case "import" -> importId = parser.getText();
        case "part" -> part = parser.getIntValue();
        case "window_start" -> windowStart = parser.getLongValue();
        case "window_ms" -> windowMs = parser.getLongValue();
        case "final" -> closed = parser.getBooleanValue();
        case "revision" -> revision = parser.getLongValue();
        case "mergeable" -> measures = Measures.fromBytes(ByteBuffer.wrap(parser.getBinaryValue()));
        default -> parser.skipChildren();
      }
    }
    if (kind == null || windowStart == null || measures == null) {
      throw new IllegalArgumentException(
          "call stats without scope_kind, window_start or mergeable");
    }
    Scope scope =
        new Scope(ScopeKind.named(kind), environment, provider, model, tenant, service, credential);
    return new CallStats(scope, importId, part, windowStart, windowMs, closed, revision, measures);
  }
}
