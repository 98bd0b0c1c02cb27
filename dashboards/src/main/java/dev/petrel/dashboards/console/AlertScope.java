// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.dashboards.console.Parameters.Range;
import dev.petrel.stats.ScopeKind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The calls that an alert is about, found from its labels, and the time to look at.
 *
 * @param kind the kind of scope
 * @param filters the scope's dimensions that the labels name
 * @param range from half an hour before it started until its end or now
 */
record AlertScope(ScopeKind kind, Map<String, String> filters, Range range) {

  private static final long BEFORE_MS = Duration.ofMinutes(30).toMillis();
  private static final long AFTER_MS = Duration.ofMinutes(10).toMillis();

  AlertScope {
    filters = Map.copyOf(filters);
  }

  static AlertScope of(JsonNode alert, long now) {
    JsonNode labels = alert.path("labels");
    ScopeKind kind = kindOf(labels);
    Map<String, String> filters = new LinkedHashMap<>();
    for (String dimension : dimensionsOf(kind)) {
      String value = labels.path(dimension).asText("");
      if (!value.isEmpty()) {
        filters.put(dimension, value);
      }
    }
    long startsAt = alert.path("starts_at").asLong(now);
    long end = alert.path("ends_at").isNumber() ? alert.path("ends_at").asLong() + AFTER_MS : now;
    long from = Math.max(0, startsAt - BEFORE_MS);
    return new AlertScope(kind, filters, new Range(from, Math.max(from + 1, Math.min(end, now))));
  }

  private static ScopeKind kindOf(JsonNode labels) {
    boolean model = labels.hasNonNull("model");
    if (labels.hasNonNull("tenant")) {
      return model ? ScopeKind.TENANT_MODEL : ScopeKind.TENANT;
    }
    if (model) {
      return ScopeKind.MODEL;
    }
    if (labels.hasNonNull("credential")) {
      return ScopeKind.CREDENTIAL;
    }
    if (labels.hasNonNull("service")) {
      return ScopeKind.SERVICE;
    }
    return labels.hasNonNull("provider") ? ScopeKind.PROVIDER : ScopeKind.ALL;
  }

  /** The fields that name a scope of a kind. */
  static List<String> dimensionsOf(ScopeKind kind) {
    return switch (kind) {
      case ALL -> List.of("environment");
      case PROVIDER -> List.of("environment", "provider");
      case MODEL -> List.of("environment", "provider", "model");
      case TENANT -> List.of("environment", "tenant");
      case TENANT_MODEL -> List.of("environment", "tenant", "provider", "model");
      case SERVICE -> List.of("environment", "service");
      case CREDENTIAL -> List.of("environment", "provider", "credential");
    };
  }
}
