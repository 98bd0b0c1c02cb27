// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.alert;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Alert documents for tests. */
public final class Alerts {

  public static final long STARTS_AT = 1_700_000_000_000L;

  private Alerts() {}

  /** A provider's episode. */
  public static Alert firing(String id) {
    return firing(id, "openai", "gpt-4o", "acme", "34% of calls to openai fail.");
  }

  /** The same kind of episode at another time. */
  public static Alert firing(String id, long startsAt) {
    Alert alert = firing(id);
    return new Alert(
        id,
        alert.rule(),
        alert.pattern(),
        alert.status(),
        alert.severity(),
        alert.labels(),
        alert.annotations(),
        startsAt,
        startsAt + 20_000,
        null,
        startsAt + 20_000,
        1,
        alert.summary(),
        alert.facts(),
        alert.evidence(),
        alert.runbookUrl());
  }

  /** An episode of one tenant. */
  public static Alert ofTenant(String id, String tenant) {
    return firing(id, "openai", "gpt-4o", tenant, "34% of calls of " + tenant + " fail.");
  }

  /** An episode in which every text has this value. */
  public static Alert withText(String text) {
    return firing("a1", text, text, text, text);
  }

  private static Alert firing(
      String id, String provider, String model, String tenant, String summary) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("scope_kind", "tenant_model");
    labels.put("environment", "prod");
    labels.put("provider", provider);
    labels.put("model", model);
    labels.put("tenant", tenant);
    Map<String, Object> evidence = new LinkedHashMap<>();
    evidence.put("scope_kind", "tenant_model");
    evidence.put("attempts", 1506L);
    evidence.put("bad", 512L);
    evidence.put("ratio", 0.34);
    evidence.put("normal_ratio", 0.011);
    evidence.put("errors", Map.of("overloaded", 500L));
    evidence.put("affected_models", List.of(model, model, model, model, model, model, model));
    evidence.put("affected_models_count", 7);
    evidence.put("affected_tenants", List.of(tenant));
    evidence.put("affected_tenants_count", 1);
    evidence.put("request_ids", List.of("req_1", "req_2"));
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Failed calls", "34% (normally 1.1%)");
    facts.put("Hurt", tenant + " on " + model);
    facts.put("Error types", "overloaded 500");
    return new Alert(
        id,
        "provider_incident",
        "provider_incident",
        Status.FIRING,
        Severity.CRITICAL,
        labels,
        Map.of(),
        STARTS_AT,
        STARTS_AT + 20_000,
        null,
        STARTS_AT + 20_000,
        1,
        summary,
        facts,
        evidence,
        "https://runbooks.example/provider_incident.md");
  }

  /** A later version of the same episode that is worth telling. */
  public static Alert worse(Alert alert) {
    return alert.refreshed(
        Severity.CRITICAL,
        "worse",
        alert.facts(),
        alert.evidence(),
        true,
        alert.updatedAt() + 1000);
  }

  /** The same episode, over. */
  public static Alert over(Alert alert) {
    return alert.resolved(alert.firedAt() + 250_000, "recovered", alert.updatedAt() + 300_000);
  }
}
