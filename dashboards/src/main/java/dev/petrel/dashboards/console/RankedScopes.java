// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.event.ErrorType;
import dev.petrel.stats.QuantileSketch;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The busiest scopes of one kind with their sums, read from an aggregation, and their latencies,
 * merged from sketches. Not thread-safe.
 */
final class RankedScopes {

  private final List<String> dimensions;
  private final Map<List<String>, JsonNode> sums = new LinkedHashMap<>();
  private final Map<List<String>, QuantileSketch> latencies = new LinkedHashMap<>();
  private long documents;

  /**
   * @param dimensions the fields that name a scope, in the order of the aggregation's keys
   * @param buckets the buckets of the aggregation
   */
  RankedScopes(List<String> dimensions, JsonNode buckets) {
    this.dimensions = dimensions;
    for (JsonNode bucket : buckets) {
      List<String> name = new ArrayList<>();
      if (bucket.path("key").isArray()) {
        bucket.path("key").forEach(part -> name.add(part.asText()));
      } else {
        name.add(bucket.path("key").asText());
      }
      sums.put(name, bucket);
      documents += bucket.path("doc_count").asLong();
    }
  }

  /** How many documents the scopes have in the range. */
  long documents() {
    return documents;
  }

  /** The different values of the last dimension. */
  List<String> names() {
    return sums.keySet().stream().map(name -> name.get(name.size() - 1)).distinct().toList();
  }

  /** Adds the latencies of one document, which is ignored if it is not of these scopes. */
  void addLatencies(JsonNode document, QuantileSketch latencyMs) {
    List<String> name =
        dimensions.stream().map(dimension -> document.path(dimension).asText("")).toList();
    if (sums.containsKey(name)) {
      latencies.computeIfAbsent(name, key -> new QuantileSketch()).merge(latencyMs);
    }
  }

  /** Writes an array of them, the busiest first. */
  void write(JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (Map.Entry<List<String>, JsonNode> scope : sums.entrySet()) {
      out.writeStartObject();
      for (int i = 0; i < dimensions.size(); i++) {
        String part = scope.getKey().get(i);
        if (!part.isEmpty()) {
          out.writeStringField(dimensions.get(i), part);
        }
      }
      writeSums(out, scope.getValue());
      QuantileSketch latency = latencies.get(scope.getKey());
      if (latency != null && latency.count() > 0) {
        out.writeObjectFieldStart("latency_ms");
        out.writeNumberField("p50", latency.quantile(0.5));
        out.writeNumberField("p95", latency.quantile(0.95));
        out.writeNumberField("p99", latency.quantile(0.99));
        out.writeEndObject();
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeSums(JsonGenerator out, JsonNode bucket) throws IOException {
    for (String field :
        List.of("attempts", "calls", "retries", "error_attempts", "unpriced_attempts")) {
      out.writeNumberField(field, sum(bucket, field));
    }
    long attempts = sum(bucket, "attempts");
    if (attempts > 0) {
      out.writeNumberField("error_rate", (double) sum(bucket, "error_attempts") / attempts);
    }
    out.writeObjectFieldStart("errors");
    for (ErrorType type : ErrorType.values()) {
      long count = sum(bucket, "errors:" + type.wireName());
      if (count > 0) {
        out.writeNumberField(type.wireName(), count);
      }
    }
    out.writeEndObject();
    for (String field : List.of("input_tokens", "output_tokens")) {
      Double sum = knownSum(bucket, field);
      if (sum != null) {
        out.writeNumberField(field, Math.round(sum));
      }
    }
    Double cost = knownSum(bucket, "cost_usd");
    if (cost != null) {
      out.writeNumberField("cost_usd", BigDecimal.valueOf(cost).setScale(9, RoundingMode.HALF_UP));
    }
  }

  private static long sum(JsonNode bucket, String field) {
    return Math.round(bucket.path(field).path("value").asDouble());
  }

  /** The sum; null when no document has the field. */
  private static @Nullable Double knownSum(JsonNode bucket, String field) {
    JsonNode stats = bucket.path(field);
    return stats.path("count").asLong() == 0 ? null : stats.path("sum").asDouble();
  }
}
