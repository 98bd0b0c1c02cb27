// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * By what a span or log record is known as a call, or as something else. Patterns may begin or end
 * with {@code *}.
 *
 * @param dialect that it belongs to
 * @param isCall what it is known as
 * @param skipReason why it is none, for counting; empty for a call
 * @param names of spans and events; empty for any
 * @param scopes of what recorded it; empty for any
 * @param attributes patterns of values, of which one must match, by the attribute's name
 * @param set fields that the rule knows where no attribute says them
 */
record SpanRule(
    String dialect,
    boolean isCall,
    String skipReason,
    List<String> names,
    List<String> scopes,
    Map<String, List<String>> attributes,
    Map<String, String> set) {

  /** A tool or an agent: what happens within is not part of the call that it is in. */
  static final String NOT_A_CALL = "not_a_call";

  SpanRule {
    names = List.copyOf(names);
    scopes = List.copyOf(scopes);
    attributes = Map.copyOf(attributes);
    set = Map.copyOf(set);
  }

  static SpanRule of(String dialect, JsonNode rule) {
    Map<String, List<String>> attributes = new HashMap<>();
    rule.path("attributes")
        .properties()
        .forEach(entry -> attributes.put(entry.getKey(), texts(entry.getValue())));
    Map<String, String> set = new HashMap<>();
    rule.path("set")
        .properties()
        .forEach(entry -> set.put(entry.getKey(), entry.getValue().asText()));
    return new SpanRule(
        dialect,
        rule.path("then").asText().equals("call"),
        rule.path("reason").asText(),
        texts(rule.path("name")),
        texts(rule.path("scope")),
        attributes,
        set);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  boolean matches(Recorded recorded) {
    if (!names.isEmpty() && !matchesAny(names, recorded.name())) {
      return false;
    }
    if (!scopes.isEmpty() && !matchesAny(scopes, recorded.scope())) {
      return false;
    }
    for (Map.Entry<String, List<String>> attribute : attributes.entrySet()) {
      String value = recorded.attributes().text(attribute.getKey());
      if (value == null || value.isEmpty() || !matchesAny(attribute.getValue(), value)) {
        return false;
      }
    }
    return true;
  }

  private static boolean matchesAny(List<String> patterns, String text) {
    for (String pattern : patterns) {
      if (matches(pattern, text)) {
        return true;
      }
    }
    return false;
  }

  static boolean matches(String pattern, String text) {
    if (pattern.endsWith("*")) {
      return text.startsWith(pattern.substring(0, pattern.length() - 1));
    }
    return pattern.startsWith("*") ? text.endsWith(pattern.substring(1)) : pattern.equals(text);
  }
}
