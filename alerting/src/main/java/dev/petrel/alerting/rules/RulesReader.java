// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.detect.Detection;
import dev.petrel.alerting.detect.Parameter;
import dev.petrel.alerting.detect.Parameter.Section;
import dev.petrel.alerting.detect.Parameter.Unit;
import dev.petrel.alerting.detect.Pattern;
import dev.petrel.alerting.detect.Rule;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sections {@code default_rules} and {@code rules}.
 *
 * <p>The default rules are in force beside those of the file, unless {@code default_rules: false}.
 * A rule with the id of a default one takes its place; {@code enabled: false} takes it away.
 */
final class RulesReader {

  private static final String ID = "[a-z0-9][a-z0-9._-]{0,60}";

  private RulesReader() {}

  static List<Rule> read(YamlMap root) {
    Map<String, Rule> rules = new LinkedHashMap<>();
    if (root.get("default_rules", YamlValue::bool, true)) {
      Rule.defaults().forEach(rule -> rules.put(rule.id(), rule));
    }
    Set<String> seen = new HashSet<>();
    Map<String, YamlValue> places = new HashMap<>();
    for (YamlValue value : root.list("rules", each -> each)) {
      YamlMap map = value.map();
      String id = id(map, seen);
      places.put(id, map.place());
      Rule rule = rule(id, map);
      if (rule == null) {
        rules.remove(id);
      } else {
        rules.put(id, rule);
      }
    }
    List<Rule> all = List.copyOf(rules.values());
    check(all, places, root);
    return all;
  }

  private static String id(YamlMap map, Set<String> seen) {
    YamlValue value = map.required("id");
    String id = value.text();
    if (!id.matches(ID)) {
      throw value.error(
          "'%s' is not allowed; must be 1 to 61 lower-case letters, digits, dots, - or _"
              .formatted(id));
    }
    if (!seen.add(id)) {
      throw value.error("'" + id + "' stands here twice");
    }
    return id;
  }

  private static @Nullable Rule rule(String id, YamlMap map) {
    Pattern pattern = pattern(id, map);
    Set<String> keys =
        new HashSet<>(
            Set.of(
                "id",
                "pattern",
                "enabled",
                "where",
                "when",
                "evidence",
                "severity",
                "labels",
                "annotations"));
    keys.addAll(names(pattern, Section.RULE));
    map.allow(keys);
    Map<Parameter, Double> parameters = new EnumMap<>(Parameter.class);
    read(map, pattern, Section.RULE, parameters);
    readSection(map, "when", pattern, Section.WHEN, parameters);
    readSection(map, "evidence", pattern, Section.EVIDENCE, parameters);
    YamlValue where = map.find("where");
    Predicate<Map<String, String>> condition =
        where == null ? all -> true : where.parsed(Condition::parse);
    Rule rule =
        new Rule(
            id,
            pattern,
            parameters,
            condition,
            severity(map),
            map.texts("labels"),
            map.texts("annotations"));
    requireSense(rule, map);
    return map.get("enabled", YamlValue::bool, true) ? rule : null;
  }

  private static Pattern pattern(String id, YamlMap map) {
    List<String> names = Stream.of(Pattern.values()).map(Pattern::wireName).toList();
    YamlValue value = map.find("pattern");
    // A default rule has the name of its pattern: to change it, its id says enough.
    String name = value == null && names.contains(id) ? id : map.required("pattern").oneOf(names);
    return Stream.of(Pattern.values())
        .filter(pattern -> pattern.wireName().equals(name))
        .findAny()
        .orElseThrow();
  }

  private static List<String> names(Pattern pattern, Section section) {
    return pattern.defaults().keySet().stream()
        .filter(parameter -> parameter.section() == section)
        .map(Parameter::wireName)
        .toList();
  }

  private static void readSection(
      YamlMap map,
      String key,
      Pattern pattern,
      Section section,
      Map<Parameter, Double> parameters) {
    YamlValue value = map.find(key);
    if (value != null) {
      read(value.map().allow(names(pattern, section)), pattern, section, parameters);
    }
  }

  private static void read(
      YamlMap map, Pattern pattern, Section section, Map<Parameter, Double> parameters) {
    for (Parameter parameter : pattern.defaults().keySet()) {
      YamlValue value = map.find(parameter.wireName());
      if (parameter.section() == section && value != null) {
        parameters.put(
            parameter,
            parameter.unit() == Unit.DURATION
                ? (double) value.duration().toMillis()
                : value.decimal(0, 1e12));
      }
    }
  }

  private static @Nullable Severity severity(YamlMap map) {
    YamlValue value = map.find("severity");
    if (value == null) {
      return null;
    }
    List<String> names = Stream.of(Severity.values()).map(Severity::wireName).toList();
    String name = value.oneOf(names);
    return Stream.of(Severity.values())
        .filter(severity -> severity.wireName().equals(name))
        .findAny()
        .orElseThrow();
  }

  /** Refuses what can never fire, or never recover. */
  private static void requireSense(Rule rule, YamlMap map) {
    Map<Parameter, Double> all = rule.effective();
    requireBelow(Parameter.RECOVER_BELOW, Parameter.ABOVE, all, map);
    requireBelow(Parameter.BELOW, Parameter.RECOVER_ABOVE, all, map);
    Double window = all.get(Parameter.WINDOW);
    if (window != null && (window < 60_000 || window > 3_600_000 || window % 60_000 != 0)) {
      throw map.required("window").error("must be whole minutes from 1m to 60m");
    }
    Double bad = all.get(Parameter.MIN_BAD);
    if (bad != null && bad < 2) {
      throw map.required("evidence")
          .error("min_bad: must be at least 2: a single failure is no pattern");
    }
    if (rule.pattern() == Pattern.BUDGET && !rule.parameters().containsKey(Parameter.USD)) {
      throw map.place().error("a budget needs when.usd, the US dollars of a day");
    }
  }

  private static void requireBelow(
      Parameter lower, Parameter upper, Map<Parameter, Double> all, YamlMap map) {
    Double low = all.get(lower);
    Double high = all.get(upper);
    if (low != null && high != null && low >= high) {
      throw map.place()
          .error(
              "%s (%s) must be below %s (%s)"
                  .formatted(lower.wireName(), low, upper.wireName(), high));
    }
  }

  private static void check(List<Rule> rules, Map<String, YamlValue> places, YamlMap root) {
    try {
      Detection.check(rules);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      YamlValue place =
          places.entrySet().stream()
              .filter(entry -> message.contains("rule " + entry.getKey() + ":"))
              .map(Map.Entry::getValue)
              .findAny()
              .orElse(root.place());
      throw place.error(message);
    }
  }
}
