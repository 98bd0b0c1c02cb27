// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.dashboards.console.Parameters.Range;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The aggregates of a range, one a scope: a window as long as the range. Not thread-safe. */
final class MergedScopes {

  private final ScopeKind kind;
  private final Range range;
  private final Map<Scope, Merged> merged = new LinkedHashMap<>();

  MergedScopes(ScopeKind kind, Range range) {
    this.kind = kind;
    this.range = range;
  }

  private static final class Merged {
    private final Measures measures = new Measures();
    private boolean closed = true;
    private long revision;
  }

  void add(JsonNode document, Measures measures) {
    Scope scope =
        new Scope(
            kind,
            text(document, "environment"),
            text(document, "provider"),
            text(document, "model"),
            text(document, "tenant"),
            text(document, "service"),
            text(document, "credential"));
    Merged whole = merged.computeIfAbsent(scope, absent -> new Merged());
    whole.measures.mergeWindow(measures);
    whole.closed &= document.path("final").asBoolean();
    whole.revision = Math.max(whole.revision, document.path("revision").asLong());
  }

  private static @Nullable String text(JsonNode document, String field) {
    return document.path(field).textValue();
  }

  /** The documents as a JSON array: final when all their windows are. */
  byte[] json() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64 * 1024);
    out.write('[');
    merged.forEach(
        (scope, whole) -> {
          if (out.size() > 1) {
            out.write(',');
          }
          CallStats stats =
              new CallStats(
                  scope,
                  range.from(),
                  range.length(),
                  whole.closed,
                  whole.revision,
                  whole.measures);
          out.writeBytes(CallStatsCodec.encode(stats));
        });
    out.write(']');
    return out.toByteArray();
  }
}
