// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.stats.ScopeKind;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * How many calls of each kind of scope are only counted together, as their scopes are beyond the
 * cap of the kind. Totals are complete all the same.
 */
final class OtherScopes {

  /** The kinds that have a cap. */
  static final List<ScopeKind> KINDS =
      Arrays.stream(ScopeKind.values()).filter(kind -> kind != ScopeKind.ALL).toList();

  private final JsonNode buckets;
  private final long allCalls;

  /**
   * @param buckets the buckets of the aggregation, by the name of the kind
   * @param allCalls the calls of all scopes together
   */
  OtherScopes(JsonNode buckets, long allCalls) {
    this.buckets = buckets;
    this.allCalls = allCalls;
  }

  /** Writes an array of the kinds that have any. */
  void write(JsonGenerator out) throws IOException {
    out.writeStartArray();
    for (ScopeKind kind : KINDS) {
      JsonNode bucket = buckets.path(kind.wireName());
      long attempts = sum(bucket, "attempts");
      if (attempts > 0) {
        long calls = sum(bucket, "calls");
        out.writeStartObject();
        out.writeStringField("scope_kind", kind.wireName());
        out.writeStringField("setting", settingOf(kind));
        out.writeNumberField("attempts", attempts);
        out.writeNumberField("calls", calls);
        if (allCalls > 0) {
          out.writeNumberField("share", (double) calls / allCalls);
        }
        out.writeEndObject();
      }
    }
    out.writeEndArray();
  }

  /** The setting of the aggregation that caps a kind. */
  private static String settingOf(ScopeKind kind) {
    return "streams.max_" + kind.wireName() + 's';
  }

  private static long sum(JsonNode bucket, String field) {
    return Math.round(bucket.path(field).path("value").asDouble());
  }
}
