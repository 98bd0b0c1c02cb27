// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.detect.Parameter;
import dev.petrel.alerting.detect.Pattern;
import dev.petrel.alerting.detect.Rule;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesReaderTest {

  private static AlertRules read(String rules) {
    String text = "apiVersion: petrel.dev/v1\nkind: AlertRules\n" + rules;
    return AlertRulesReader.withoutSecrets(List.of())
        .read(Path.of("rules.yaml"), text.getBytes(UTF_8));
  }

  private static Rule find(AlertRules rules, String id) {
    return rules.rules().stream().filter(rule -> rule.id().equals(id)).findAny().orElseThrow();
  }

  @Test
  void read_withoutRulesIsTheDefaults() {
    AlertRules read = read("");

    assertThat(read.rules()).extracting(Rule::id).hasSize(Pattern.values().length - 1);
    assertThat(read.policy()).isNull();
  }

  @Test
  void read_takesThePlaceOfADefaultRule() {
    AlertRules read =
        read(
            """
            rules:
              - id: provider_incident
                when: {above: 0.2}
                evidence: {min_bad: 50}
                window: 5m
                for: 90s
            """);

    Rule rule = find(read, "provider_incident");
    assertThat(rule.number(Parameter.ABOVE)).isEqualTo(0.2);
    assertThat(rule.number(Parameter.MIN_BAD)).isEqualTo(50);
    assertThat(rule.minutes(Parameter.WINDOW)).isEqualTo(5);
    assertThat(rule.duration(Parameter.FOR)).hasSeconds(90);
    assertThat(rule.number(Parameter.RECOVER_BELOW)).as("untouched").isEqualTo(0.05);
    assertThat(read.rules()).hasSize(Pattern.values().length - 1);
  }

  @Test
  void read_addsRulesOfOnesOwn() {
    Rule rule =
        find(
            read(
                """
                rules:
                  - id: gold-budget
                    pattern: budget
                    where: 'tenant in ["acme", "globex"] && environment == "prod"'
                    when: {usd: 250}
                    severity: error
                    labels: {team: finance}
                    annotations: {owner: jo}
                """),
            "gold-budget");

    assertThat(rule.severity()).isEqualTo(Severity.ERROR);
    assertThat(rule.labels()).containsEntry("team", "finance");
    assertThat(rule.annotations()).containsEntry("owner", "jo");
    assertThat(rule.where().test(Map.of("tenant", "acme", "environment", "prod"))).isTrue();
    assertThat(rule.where().test(Map.of("tenant", "acme"))).isFalse();
    assertThat(rule.where().test(Map.of("tenant", "initech", "environment", "prod"))).isFalse();
  }

  @Test
  void read_takesRulesAway() {
    assertThat(read("rules:\n  - {id: silence, enabled: false}\n").rules())
        .extracting(Rule::id)
        .doesNotContain("silence")
        .contains("latency");
    assertThat(read("default_rules: false\nrules:\n  - id: latency\n").rules())
        .extracting(Rule::id)
        .containsExactly("latency");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "- pattern: latency | 4: rules[0]: 'id' is missing",
        "- {id: Latency} | 4: rules[0].id: 'Latency' is not allowed",
        "- id: mine | 4: rules[0]: 'pattern' is missing",
        "- {id: mine, pattern: latencies} | 4: rules[0].pattern:",
        "- {id: latency, whn: {}} | 4: rules[0].whn: unknown key",
        "- {id: latency, when: {objective: 0.9}} | 4: rules[0].when.objective: unknown key",
        "- {id: latency, when: {above: many}} | 4: rules[0].when.above:",
        "- {id: latency, when: {above: 1.5}} | 4: rules[0]: recover_below (1.6) must be below above (1.5)",
        "- {id: timeouts, window: 90s} | 4: rules[0].window: must be whole minutes",
        "- {id: timeouts, evidence: {min_bad: 1}} | 4: rules[0].evidence: min_bad: must be at least 2",
        "- {id: timeouts, where: tenant} | 4: rules[0].where:",
        "- {id: timeouts, where: 'tenat == \"a\"'} | 4: rules[0].where:",
        "- {id: timeouts, where: 'tenant.getClass() == \"a\"'} | 4: rules[0].where:",
        "- {id: timeouts, severity: urgent} | 4: rules[0].severity:",
        "- {id: b, pattern: budget} | 4: rules[0]: a budget needs when.usd",
        "- {id: error_budget_burn, when: {objective: 0.9}} | 4: rules[0]: rule error_budget_burn: objective",
        "- {id: provider_incident, enabled: false} | pattern tenant_errors needs a rule of pattern provider_incident",
      })
  void read_refusesAMistakeWithItsLine(String rule, String error) {
    assertThatThrownBy(() -> read("rules:\n  " + rule + "\n"))
        .isInstanceOf(RuleFileException.class)
        .hasMessageContaining("rules.yaml")
        .hasMessageContaining(error);
  }

  @Test
  void condition_ofWhatCannotBeEvaluatedIsNotMet() {
    assertThat(Condition.parse("int(tenant) > 5").test(Map.of("tenant", "acme"))).isFalse();
    assertThat(Condition.parse("int(tenant) > 5").test(Map.of("tenant", "7"))).isTrue();
  }
}
