// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.index;

import dev.petrel.event.ErrorType;
import dev.petrel.event.Outcome;
import dev.petrel.event.WireNamed;
import dev.petrel.stats.LatencyBuckets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The index templates: every documented field has an explicit mapping, and fields that have none
 * are stored and not indexed, so that no document can grow the mapping.
 *
 * <p>Putting them again changes nothing; a template of a newer release stays.
 */
public final class IndexTemplates {

  /** Grows with every change of a template. */
  static final int VERSION = 2;

  /** Below that of a user's own template, which thereby wins. */
  private static final int PRIORITY = 100;

  private static final String CALL_STATS_NAME = "petrel-llm-call-stats";
  private static final String ROLLUPS_NAME = "petrel-llm-call-rollups";
  private static final String ALERTS_NAME = "petrel-llm-alerts";

  private static final Map<String, Object> KEYWORD = Map.of("type", "keyword");
  private static final Map<String, Object> SHORT_KEYWORD =
      Map.of("type", "keyword", "ignore_above", 1024);
  private static final Map<String, Object> LONG = Map.of("type", "long");

  /**
   * Of the many numbers of an aggregate only the main ones are indexed for search. The others have
   * doc values alone, which is what sums and sorting need; filters on them work too, by a scan.
   */
  private static final Map<String, Object> COUNT = Map.of("type", "long", "index", false);

  private static final Map<String, Object> NUMBER = Map.of("type", "double", "index", false);

  private static final Map<String, Object> BOOLEAN = Map.of("type", "boolean");
  private static final Map<String, Object> DATE =
      Map.of("type", "date", "format", "epoch_millis||strict_date_optional_time");

  /** Any JSON: kept, not looked into. */
  private static final Map<String, Object> OPAQUE = Map.of("type", "object", "enabled", false);

  private IndexTemplates() {}

  /**
   * Puts the templates that are missing or older.
   *
   * @throws OpenSearchCallException when OpenSearch does not answer or refuses
   */
  public static void put(OpenSearch openSearch) {
    put(openSearch, CALL_STATS_NAME, template(Indices.CALL_STATS, callStatsFields()));
    put(openSearch, ROLLUPS_NAME, template(Indices.ROLLUPS, callStatsFields()));
    put(openSearch, ALERTS_NAME, template(Indices.ALERTS, alertFields()));
  }

  private static void put(OpenSearch openSearch, String name, Map<String, Object> template) {
    String path = "/_index_template/" + name;
    OpenSearch.Answer existing =
        openSearch.send("GET", path, Map.of("filter_path", "**.version"), null);
    int version =
        existing.status() == 200
            ? existing
                .json()
                .path("index_templates")
                .path(0)
                .path("index_template")
                .path("version")
                .asInt(0)
            : 0;
    if (version < VERSION) {
      openSearch.call("PUT", path, Map.of(), template);
    }
  }

  static Map<String, Object> template(String pattern, Map<String, Object> fields) {
    return Map.of(
        "index_patterns",
        List.of(pattern),
        "priority",
        PRIORITY,
        "version",
        VERSION,
        "_meta",
        Map.of("managed_by", "petrel"),
        "template",
        Map.of(
            "settings",
            Map.of(
                "index.number_of_shards",
                1,
                "index.auto_expand_replicas",
                "0-1",
                "index.refresh_interval",
                "1s",
                "index.codec",
                "best_compression"),
            "mappings",
            Map.of("dynamic", false, "properties", fields)));
  }

  /** The mapping of {@code llm-call-stats-*} and {@code llm-call-rollups-*}. */
  static Map<String, Object> callStatsFields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    all(
        fields,
        KEYWORD,
        "scope_kind",
        "environment",
        "provider",
        "model",
        "tenant",
        "service",
        "credential");
    fields.put("window_start", DATE);
    fields.put("window_ms", COUNT);
    fields.put("final", BOOLEAN);
    all(fields, LONG, "revision", "attempts", "calls", "retries", "error_attempts");
    fields.put("outcomes", object(COUNT, wireNames(Outcome.values())));
    fields.put("errors", object(COUNT, wireNames(ErrorType.values())));
    all(
        fields,
        COUNT,
        "input_tokens",
        "output_tokens",
        "cache_read_tokens",
        "cache_write_tokens",
        "reasoning_tokens");
    fields.put("token_coverage", NUMBER);
    // Nano-dollars in a long, so that sums are exact.
    fields.put("cost_usd", Map.of("type", "scaled_float", "scaling_factor", 1_000_000_000));
    fields.put("unpriced_attempts", COUNT);
    fields.put("latency_ms", quantiles(true));
    fields.put("ttfc_ms", quantiles(true));
    fields.put("input_tokens_per_call", quantiles(false));
    fields.put("context_use", quantiles(false));
    fields.put(
        "retry",
        object(
            NUMBER,
            "amplification",
            "ratio",
            "goodput",
            "early_share",
            "non_retryable_share",
            "synchrony"));
    fields.put("ratelimit", object(NUMBER, "requests_headroom", "tokens_headroom"));
    fields.put("top", top());
    fields.put("mergeable", Map.of("type", "binary"));
    return fields;
  }

  /** The mapping of {@code llm-alerts-*}. */
  static Map<String, Object> alertFields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    all(fields, SHORT_KEYWORD, "alert_id", "rule", "pattern", "status", "severity");
    fields.put(
        "labels",
        object(
            SHORT_KEYWORD,
            "scope_kind",
            "environment",
            "provider",
            "model",
            "tenant",
            "service",
            "credential",
            "instance",
            "version",
            "region",
            "feature",
            "operation",
            "error_type",
            "fault",
            "rule",
            "pattern",
            "severity",
            "team",
            "alertname"));
    all(fields, DATE, "starts_at", "fired_at", "ends_at", "updated_at");
    fields.put("revision", LONG);
    fields.put("summary", Map.of("type", "text"));
    fields.put("evidence", OPAQUE);
    fields.put("runbook_url", Map.of("type", "keyword", "index", false, "doc_values", false));
    Map<String, Object> delivery = new LinkedHashMap<>();
    all(delivery, SHORT_KEYWORD, "incident_id", "receiver", "action", "status");
    all(delivery, DATE, "at", "since");
    all(delivery, LONG, "attempts", "revision");
    delivery.put("why", Map.of("type", "text"));
    fields.put("notifications", Map.of("properties", delivery));
    Map<String, Object> decision = new LinkedHashMap<>();
    all(decision, SHORT_KEYWORD, "incident_id", "receiver", "action", "result");
    decision.put("at", DATE);
    decision.put("why", Map.of("type", "text"));
    fields.put("decisions", Map.of("properties", decision));
    return fields;
  }

  /** Who failed most is shown; the request ids are what a failure's window is searched by. */
  private static Map<String, Object> top() {
    Map<String, Object> fields = new LinkedHashMap<>();
    all(fields, OPAQUE, "tenants", "instances", "credentials");
    fields.put("request_ids", SHORT_KEYWORD);
    return Map.of("properties", fields);
  }

  private static Map<String, Object> quantiles(boolean withBuckets) {
    Map<String, Object> fields = new LinkedHashMap<>();
    all(fields, NUMBER, "p50", "p90", "p95", "p99", "max");
    if (withBuckets) {
      String[] names = new String[LatencyBuckets.size()];
      for (int i = 0; i < names.length; i++) {
        names[i] = LatencyBuckets.nameOf(i);
      }
      fields.put("buckets", object(COUNT, names));
    }
    return Map.of("properties", fields);
  }

  private static Map<String, Object> object(Map<String, Object> type, String... names) {
    Map<String, Object> fields = new LinkedHashMap<>();
    all(fields, type, names);
    return Map.of("properties", fields);
  }

  private static void all(Map<String, Object> fields, Map<String, Object> type, String... names) {
    for (String name : names) {
      fields.put(name, type);
    }
  }

  private static String[] wireNames(WireNamed[] values) {
    return Arrays.stream(values).map(WireNamed::wireName).toArray(String[]::new);
  }
}
