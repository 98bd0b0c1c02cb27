// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import dev.petrel.event.ErrorType;
import dev.petrel.stats.Scope;
import dev.petrel.stats.ScopeKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The searches of the console, as the JSON that OpenSearch takes. */
final class Queries {

  /** What merging needs to know of a document. */
  private static final List<String> MERGED_FIELDS =
      List.of(
          "window_start",
          "environment",
          "provider",
          "model",
          "tenant",
          "service",
          "credential",
          "final",
          "revision",
          "mergeable");

  /** How many models and tenants the overview names. */
  static final int TOP = 20;

  /** Buckets that a shard gives for the ranking: with fewer tenants than this it is exact. */
  private static final int SHARD_SIZE = 20_000;

  private static final int PAGE = 1000;

  private Queries() {}

  /** The aggregates of a kind of scope, oldest first, page by page. */
  static Map<String, ?> stats(ScopeKind kind, Windows windows, Map<String, String> filters) {
    return Map.of(
        "size", PAGE,
        "sort", List.of(Map.of("window_start", "asc")),
        "query", filter(kind, windows, filters));
  }

  /** What percentiles are merged from, page by page, in no order. */
  static Map<String, ?> mergeable(
      ScopeKind kind, Windows windows, Map<String, String> filters, List<Map<String, ?>> further) {
    List<Map<String, ?>> clauses = clauses(kind, windows, filters);
    clauses.addAll(further);
    return Map.of(
        "size",
        5 * PAGE,
        "sort",
        List.of("_doc"),
        "_source",
        MERGED_FIELDS,
        "query",
        Map.of("bool", Map.of("filter", clauses)));
  }

  private static Map<String, ?> filter(
      ScopeKind kind, Windows windows, Map<String, String> filters) {
    return Map.of("bool", Map.of("filter", clauses(kind, windows, filters)));
  }

  private static List<Map<String, ?>> clauses(
      ScopeKind kind, Windows windows, Map<String, String> filters) {
    List<Map<String, ?>> clauses = new ArrayList<>();
    clauses.add(Map.of("term", Map.of("scope_kind", kind.wireName())));
    clauses.add(windows.clause());
    filters.forEach((field, value) -> clauses.add(Map.of("term", Map.of(field, value))));
    return clauses;
  }

  static Map<String, ?> between(String field, @Nullable Long from, @Nullable Long to) {
    Map<String, Object> bounds = new LinkedHashMap<>();
    if (from != null) {
      bounds.put("gte", from);
    }
    if (to != null) {
      bounds.put("lt", to);
    }
    bounds.put("format", "epoch_millis");
    return Map.of("range", Map.of(field, bounds));
  }

  /** A clause for documents whose {@code field} has one of the values. */
  static Map<String, ?> anyOf(String field, List<String> values) {
    return Map.of("terms", Map.of(field, values));
  }

  /** Sums of the busiest models, tenants and providers, and the environments there are. */
  static Map<String, ?> rankings(Windows windows, Map<String, String> filters) {
    Map<String, Object> aggregations = new LinkedHashMap<>();
    aggregations.put(
        "models",
        ranking(
            ScopeKind.MODEL,
            Map.of(
                "multi_terms",
                top(
                    Map.of(
                        "terms",
                        List.of(
                            Map.of("field", "provider", "missing", ""),
                            Map.of("field", "model")))))));
    aggregations.put(
        "tenants",
        ranking(
            ScopeKind.TENANT,
            Map.of("terms", top(Map.of("field", "tenant", "collect_mode", "breadth_first")))));
    aggregations.put(
        "providers",
        ranking(ScopeKind.PROVIDER, Map.of("terms", top(Map.of("field", "provider")))));
    List<Map<String, ?>> clauses = new ArrayList<>();
    clauses.add(windows.clause());
    clauses.add(anyOf("scope_kind", List.of("model", "tenant", "provider")));
    filters.forEach((field, value) -> clauses.add(Map.of("term", Map.of(field, value))));
    return Map.of(
        "size", 0, "query", Map.of("bool", Map.of("filter", clauses)), "aggs", aggregations);
  }

  private static Map<String, ?> top(Map<String, ?> of) {
    Map<String, Object> terms = new LinkedHashMap<>(of);
    terms.put("size", TOP);
    terms.put("shard_size", SHARD_SIZE);
    terms.put("order", Map.of("attempts", "desc"));
    return terms;
  }

  private static Map<String, ?> ranking(ScopeKind kind, Map<String, ?> terms) {
    Map<String, Object> sums = new LinkedHashMap<>();
    for (String field :
        List.of("attempts", "calls", "retries", "error_attempts", "unpriced_attempts")) {
      sums.put(field, sum(field));
    }
    for (ErrorType type : ErrorType.values()) {
      sums.put("errors." + type.wireName(), sum("errors." + type.wireName()));
    }
    // With a count each: the sum of nothing is unknown, not 0.
    for (String field : List.of("input_tokens", "output_tokens", "cost_usd")) {
      sums.put(field, Map.of("stats", Map.of("field", field)));
    }
    Map<String, Object> ranked = new LinkedHashMap<>(terms);
    ranked.put("aggs", rename(sums));
    return Map.of(
        "filter",
        Map.of("term", Map.of("scope_kind", kind.wireName())),
        "aggs",
        Map.of("top", ranked));
  }

  /** Aggregation names must not have dots. */
  private static Map<String, Object> rename(Map<String, Object> sums) {
    Map<String, Object> renamed = new LinkedHashMap<>();
    sums.forEach((name, sum) -> renamed.put(name.replace('.', ':'), sum));
    return renamed;
  }

  private static Map<String, ?> sum(String field) {
    return Map.of("sum", Map.of("field", field));
  }

  /** Clauses for documents that have none of the fields. */
  static List<Map<String, ?>> withoutAny(List<String> fields) {
    List<Map<String, ?>> clauses = new ArrayList<>();
    for (String field : fields) {
      clauses.add(Map.of("bool", Map.of("must_not", Map.of("exists", Map.of("field", field)))));
    }
    return clauses;
  }

  /** Sums of the scopes that are only counted together, by kind. */
  static Map<String, ?> others(Windows windows, Map<String, String> filters) {
    Map<String, Object> byKind = new LinkedHashMap<>();
    List<Map<String, ?>> any = new ArrayList<>();
    for (ScopeKind kind : OtherScopes.KINDS) {
      Map<String, ?> other = isOther(kind);
      byKind.put(kind.wireName(), other);
      any.add(other);
    }
    List<Map<String, ?>> clauses = new ArrayList<>();
    clauses.add(windows.clause());
    clauses.add(Map.of("bool", Map.of("should", any)));
    filters.forEach((field, value) -> clauses.add(Map.of("term", Map.of(field, value))));
    return Map.of(
        "size",
        0,
        "query",
        Map.of("bool", Map.of("filter", clauses)),
        "aggs",
        Map.of(
            "others",
            Map.of(
                "filters",
                Map.of("filters", byKind),
                "aggs",
                Map.of("attempts", sum("attempts"), "calls", sum("calls")))));
  }

  /** A clause for {@link Scope#other} of a kind, whatever its environment. */
  private static Map<String, ?> isOther(ScopeKind kind) {
    List<Map<String, ?>> clauses = new ArrayList<>();
    clauses.add(Map.of("term", Map.of("scope_kind", kind.wireName())));
    Scope other = Scope.other(kind, null);
    addTerm(clauses, "provider", other.provider());
    addTerm(clauses, "model", other.model());
    addTerm(clauses, "tenant", other.tenant());
    addTerm(clauses, "service", other.service());
    addTerm(clauses, "credential", other.credential());
    return Map.of("bool", Map.of("filter", clauses));
  }

  private static void addTerm(List<Map<String, ?>> clauses, String field, @Nullable String value) {
    if (value != null) {
      clauses.add(Map.of("term", Map.of(field, value)));
    }
  }

  /** The names of the environments in a range. */
  static Map<String, ?> environments(Windows windows) {
    return Map.of(
        "size",
        0,
        "query",
        filter(ScopeKind.ALL, windows, Map.of()),
        "aggs",
        Map.of(
            "environments",
            Map.of(
                "terms",
                Map.of("field", "environment", "size", 100, "order", Map.of("_key", "asc")))));
  }

  /** The newest aggregate of all. */
  static Map<String, ?> newest() {
    return Map.of(
        "size", 1,
        "_source", List.of("window_start"),
        "sort", List.of(Map.of("window_start", Map.of("order", "desc", "unmapped_type", "date"))),
        "query", Map.of("term", Map.of("scope_kind", ScopeKind.ALL.wireName())));
  }

  /** Alerts, newest first. */
  static Map<String, ?> alerts(
      @Nullable String status, @Nullable Long from, @Nullable Long to, int limit) {
    List<Map<String, ?>> clauses = new ArrayList<>();
    if (status != null) {
      clauses.add(Map.of("term", Map.of("status", status)));
    }
    if (from != null || to != null) {
      clauses.add(between("starts_at", from, to));
    }
    return alerts(clauses, limit);
  }

  /** Alerts that are firing, of an environment or of none. */
  static Map<String, ?> firing(@Nullable String environment, int limit) {
    List<Map<String, ?>> clauses = new ArrayList<>();
    clauses.add(Map.of("term", Map.of("status", "firing")));
    if (environment != null) {
      Map<String, ?> same = Map.of("term", Map.of("labels.environment", environment));
      Map<String, ?> none =
          Map.of(
              "bool", Map.of("must_not", Map.of("exists", Map.of("field", "labels.environment"))));
      clauses.add(Map.of("bool", Map.of("should", List.of(same, none))));
    }
    return alerts(clauses, limit);
  }

  private static Map<String, ?> alerts(List<Map<String, ?>> clauses, int limit) {
    return Map.of(
        "size",
        limit,
        "track_total_hits",
        true,
        "sort",
        List.of(Map.of("starts_at", Map.of("order", "desc", "unmapped_type", "date"))),
        "query",
        Map.of("bool", Map.of("filter", clauses)));
  }

  /** One alert. */
  static Map<String, ?> alert(String id) {
    return Map.of("size", 1, "query", Map.of("ids", Map.of("values", List.of(id))));
  }
}
