// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.service.match.Matcher;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InhibitRuleTest {

  private static final InhibitRule RULE =
      new InhibitRule(
          List.of(Matcher.parse("pattern=provider_incident")),
          List.of(Matcher.parse("pattern=~\"tenant_errors|provider_incident\"")),
          List.of("provider"));

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    for (String pair : text.strip().split(" ")) {
      labels.put(pair.split("=")[0], pair.split("=")[1]);
    }
    return labels;
  }

  @ParameterizedTest
  @CsvSource({
    "pattern=provider_incident provider=openai, pattern=tenant_errors provider=openai, true",
    "pattern=provider_incident provider=openai, pattern=tenant_errors provider=azure, false",
    "pattern=provider_incident provider=openai, pattern=latency provider=openai, false",
    "pattern=tenant_errors provider=openai, pattern=tenant_errors provider=openai, false",
    // Missing on both sides is not equal.
    "pattern=provider_incident x=1, pattern=tenant_errors x=1, false",
    "pattern=provider_incident provider=openai, pattern=tenant_errors x=1, false",
    // Both sides match both: not by each other, nor by themselves.
    "pattern=provider_incident provider=openai, pattern=provider_incident provider=openai, false",
    // Another environment is another world.
    "pattern=provider_incident provider=openai environment=a, pattern=tenant_errors provider=openai environment=b, false",
    "pattern=provider_incident provider=openai environment=a, pattern=tenant_errors provider=openai environment=a, true",
  })
  void inhibits_followsTheTable(String source, String target, boolean expected) {
    assertThat(RULE.inhibits(labels(source), labels(target))).isEqualTo(expected);
  }
}
