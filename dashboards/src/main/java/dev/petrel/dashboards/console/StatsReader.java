// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.dashboards.console.Parameters.Range;
import dev.petrel.dashboards.index.Indices;
import dev.petrel.dashboards.index.OpenSearch;
import dev.petrel.stats.CallStatsCodec;
import dev.petrel.stats.Measures;
import dev.petrel.stats.ScopeKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers what the pages ask about calls: merged on the server, so that a page gets one compact
 * object whatever the number of tenants. Thread-safe.
 */
final class StatsReader {

  /**
   * Percentiles of single models and tenants are merged from at most so many documents a table;
   * beyond, as for ranges of many days, they are left out. It bounds what one request can cost.
   */
  static final long MAX_MERGED_DOCUMENTS = 60_000;

  private static final int MAX_ALERTS = 50;
  private static final String ENVIRONMENT = "environment";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final OpenSearch openSearch;
  private final InstantSource clock;

  StatsReader(OpenSearch openSearch, InstantSource clock) {
    this.openSearch = openSearch;
    this.clock = clock;
  }

  /** Writes into the object that the generator is in. */
  private interface Content {
    void write(JsonGenerator out) throws IOException;
  }

  /** Counts documents whose measures another release wrote, and that this one cannot read. */
  private static final class Unreadable {
    private long documents;
  }

  /** Everything the overview shows, of the windows that the range begins in and of all in it. */
  byte[] overview(Range asked, @Nullable String environment) {
    Resolution resolution = Resolution.of(asked);
    Range range = resolution.fromWindowStart(asked);
    Windows windows = Windows.fewest(resolution, range, clock.millis());
    Map<String, String> filters = environment == null ? Map.of() : Map.of(ENVIRONMENT, environment);
    Unreadable unreadable = new Unreadable();
    TimeSeries series = series(resolution, ScopeKind.ALL, range, filters, unreadable);
    JsonNode rankings =
        openSearch
            .search(windows.indices(), Queries.rankings(windows, filters))
            .path("aggregations");
    RankedScopes models = ranked("models", List.of("provider", "model"), rankings);
    RankedScopes tenants = ranked("tenants", List.of("tenant"), rankings);
    RankedScopes providers = ranked("providers", List.of("provider"), rankings);
    addLatencies(models, ScopeKind.MODEL, windows, filters, unreadable);
    addLatencies(tenants, ScopeKind.TENANT, windows, filters, unreadable);
    addLatencies(providers, ScopeKind.PROVIDER, windows, filters, unreadable);
    JsonNode environments =
        openSearch
            .search(windows.indices(), Queries.environments(windows))
            .at("/aggregations/environments/buckets");
    OtherScopes others =
        new OtherScopes(
            openSearch
                .search(windows.indices(), Queries.others(windows, filters))
                .at("/aggregations/others/buckets"),
            series.total().calls());
    JsonNode firing =
        openSearch.search(Indices.ALERTS, Queries.firing(environment, MAX_ALERTS)).path("hits");
    return object(
        out -> {
          writeSeries(out, resolution, range, series);
          out.writeNumberField("unreadable_documents", unreadable.documents);
          out.writeArrayFieldStart("environments");
          for (JsonNode bucket : environments) {
            out.writeString(bucket.path("key").asText());
          }
          out.writeEndArray();
          out.writeFieldName("models");
          models.write(out);
          out.writeFieldName("tenants");
          tenants.write(out);
          out.writeFieldName("providers");
          providers.write(out);
          out.writeFieldName("others");
          others.write(out);
          out.writeNumberField("firing", firing.path("total").path("value").asLong());
          out.writeArrayFieldStart("alerts");
          for (JsonNode hit : firing.path("hits")) {
            JSON.writeTree(out, hit.path("_source"));
          }
          out.writeEndArray();
        });
  }

  private static RankedScopes ranked(
      String aggregation, List<String> dimensions, JsonNode rankings) {
    return new RankedScopes(dimensions, rankings.path(aggregation).at("/top/buckets"));
  }

  private void addLatencies(
      RankedScopes scopes,
      ScopeKind kind,
      Windows windows,
      Map<String, String> filters,
      Unreadable unreadable) {
    if (scopes.documents() == 0 || scopes.documents() > MAX_MERGED_DOCUMENTS) {
      return;
    }
    read(
        windows,
        Queries.mergeable(
            kind, windows, filters, List.of(Queries.anyOf(kind.wireName(), scopes.names()))),
        unreadable,
        (document, measures) -> scopes.addLatencies(document, measures.latencyMs()));
  }

  /**
   * One document a scope, merged over all windows of a length in the range, percentiles too.
   *
   * @throws IllegalStateException when a document cannot be merged: no total is silently too low
   */
  byte[] merged(Resolution resolution, ScopeKind kind, Range range, Map<String, String> filters) {
    Unreadable unreadable = new Unreadable();
    MergedScopes scopes = new MergedScopes(kind, range);
    Windows windows = Windows.of(resolution, range);
    read(windows, Queries.mergeable(kind, windows, filters, List.of()), unreadable, scopes::add);
    if (unreadable.documents > 0) {
      throw new IllegalStateException(
          unreadable.documents
              + " aggregates in this range were written by a release that this one cannot read");
    }
    return scopes.json();
  }

  /**
   * One scope in one object, merged over the range of the overview and over all environments that
   * the filters allow.
   *
   * @param filters what names the scope: a dimension of its kind that is absent here is unknown
   */
  byte[] scope(Range asked, ScopeKind kind, Map<String, String> filters) {
    Resolution resolution = Resolution.of(asked);
    Range range = resolution.fromWindowStart(asked);
    List<String> unknown =
        AlertScope.dimensionsOf(kind).stream()
            .filter(dimension -> !filters.containsKey(dimension) && !dimension.equals(ENVIRONMENT))
            .toList();
    Windows windows = Windows.fewest(resolution, range, clock.millis());
    Unreadable unreadable = new Unreadable();
    Measures whole = new Measures();
    read(
        windows,
        Queries.mergeable(kind, windows, filters, Queries.withoutAny(unknown)),
        unreadable,
        (document, measures) -> whole.mergeWindow(measures));
    return object(
        out -> {
          out.writeStringField("scope_kind", kind.wireName());
          out.writeNumberField("from", range.from());
          out.writeNumberField("to", range.to());
          out.writeNumberField("unreadable_documents", unreadable.documents);
          out.writeObjectFieldStart("totals");
          writeMeasures(out, whole);
          out.writeEndObject();
        });
  }

  /** How the calls of an alert's scope went, from before it started until after its end. */
  byte[] timeline(Range asked, ScopeKind kind, Map<String, String> filters) {
    Resolution resolution = Resolution.of(asked);
    Range range = resolution.fromWindowStart(asked);
    TimeSeries series = series(resolution, kind, range, filters, new Unreadable());
    return object(
        out -> {
          out.writeStringField("scope_kind", kind.wireName());
          writeSeries(out, resolution, range, series);
        });
  }

  private TimeSeries series(
      Resolution resolution,
      ScopeKind kind,
      Range range,
      Map<String, String> filters,
      Unreadable unreadable) {
    TimeSeries series = new TimeSeries(range, resolution);
    Windows windows = Windows.overTime(resolution, range, clock.millis());
    read(
        windows,
        Queries.mergeable(kind, windows, filters, List.of()),
        unreadable,
        (document, measures) -> series.add(document.path("window_start").asLong(), measures));
    return series;
  }

  private interface DocumentReader {
    void read(JsonNode document, Measures measures);
  }

  private void read(
      Windows windows, Map<String, ?> query, Unreadable unreadable, DocumentReader reader) {
    try {
      openSearch.scroll(
          windows.indices(),
          query,
          source -> {
            JsonNode document = JSON.readTree(source);
            byte[] bytes = document.path("mergeable").binaryValue();
            try {
              if (bytes == null) {
                throw new IllegalArgumentException("aggregate without mergeable");
              }
              reader.read(document, Measures.fromBytes(ByteBuffer.wrap(bytes)));
            } catch (IllegalArgumentException e) {
              unreadable.documents++;
            }
          },
          () -> {});
    } catch (IOException e) {
      throw new UncheckedIOException("OpenSearch answered what is no JSON", e);
    }
  }

  private void writeSeries(JsonGenerator out, Resolution resolution, Range range, TimeSeries series)
      throws IOException {
    Long dataUntil = newestWindow();
    long now = clock.millis();
    out.writeNumberField("from", range.from());
    out.writeNumberField("to", range.to());
    out.writeNumberField("now", now);
    if (dataUntil == null) {
      out.writeNullField("data_until");
    } else {
      out.writeNumberField("data_until", dataUntil);
    }
    out.writeNumberField("window_ms", resolution.windowMs());
    out.writeNumberField("bucket_ms", series.step());
    out.writeObjectFieldStart("totals");
    writeMeasures(out, series.total());
    out.writeEndObject();
    out.writeArrayFieldStart("buckets");
    for (int i = 0; i < series.size(); i++) {
      long start = series.startOf(i);
      out.writeStartObject();
      out.writeNumberField("start", start);
      if (start + series.step() > now) {
        out.writeBooleanField("partial", true);
      }
      Measures measures = series.bucket(i);
      if (measures != null) {
        writeMeasures(out, measures);
      } else if (dataUntil != null && start <= dataUntil) {
        // Later windows are known, so this one had no calls.
        writeMeasures(out, new Measures());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeMeasures(JsonGenerator out, Measures measures) throws IOException {
    CallStatsCodec.writeMeasures(out, measures);
    if (measures.attempts() > 0) {
      out.writeNumberField("error_rate", (double) measures.errorAttempts() / measures.attempts());
    }
  }

  private @Nullable Long newestWindow() {
    JsonNode newest =
        openSearch
            .search(Indices.CALL_STATS + ',' + Indices.ROLLUPS, Queries.newest())
            .at("/hits/hits/0/_source/window_start");
    return newest.isNumber() ? newest.longValue() : null;
  }

  private static byte[] object(Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64 * 1024);
    try (JsonGenerator out = new JsonFactory().setCodec(JSON).createGenerator(bytes)) {
      out.writeStartObject();
      content.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array takes every byte
    }
    return bytes.toByteArray();
  }
}
