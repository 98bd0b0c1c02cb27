// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.route.InhibitRule;
import dev.petrel.service.match.Matcher;
import java.util.List;

/** Reads an entry of the section {@code inhibit_rules}. */
final class InhibitRuleReader {

  private InhibitRuleReader() {}

  static InhibitRule read(YamlValue value) {
    YamlMap map = value.map().allow("source_matchers", "target_matchers", "equal");
    return new InhibitRule(
        matchers(map, "source_matchers"),
        matchers(map, "target_matchers"),
        map.get("equal", YamlValue::distinctTexts, List.of()));
  }

  private static List<Matcher> matchers(YamlMap map, String key) {
    List<Matcher> matchers = map.required(key).list(YamlValue::matcher);
    if (matchers.isEmpty()) {
      throw map.required(key).error("must not be empty, else it matches every alert");
    }
    return matchers;
  }
}
