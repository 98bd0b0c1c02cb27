// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.alerting.notify.Links;
import dev.petrel.alerting.notify.Notifiers;
import dev.petrel.alerting.notify.Receiver;
import dev.petrel.alerting.notify.Target;
import dev.petrel.alerting.route.Grouping;
import dev.petrel.alerting.route.Route;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertRulesReaderTest {

  private static final String KEY = "0123456789abcdef0123456789abcdef";

  static final String COMPLETE =
      """
      apiVersion: petrel.dev/v1
      kind: AlertRules
      route:
        receiver: team
        group_by: [provider, model]
        group_wait: 10s
        group_interval: 1m
        repeat_interval: 1d
        routes:
          - matchers: [ 'severity="critical"', 'tenant!=test' ]
            receiver: oncall
            group_by: ['...']
            continue: true
          - matchers: [ 'pattern=~"cost_.*|budget"' ]
            group_wait: 1h30m
            mute_time_intervals: [weekend]
      inhibit_rules:
        - source_matchers: [ pattern=provider_incident ]
          target_matchers: [ pattern=tenant_errors ]
          equal: [provider]
      time_intervals:
        - name: weekend
          time_intervals:
            - weekdays: ['saturday:sunday']
              location: Europe/Berlin
            - times: [ {start_time: '22:00', end_time: '24:00'} ]
              days_of_month: ['-1', '1:2']
              months: [december, '1']
              years: ['2026:2027']
      receivers:
        - name: team
          slack_webhook_configs:
            - url_env: SLACK
              max_per_minute: 30
        - name: oncall
          fallback: team
          pagerduty_configs:
            - routing_key_file: key
            - routing_key_env: KEY
              url: http://127.0.0.1:1/v2/enqueue
              send_resolved: false
      """;

  @TempDir private Path directory;

  private AlertRulesReader reader() throws IOException {
    Files.writeString(directory.resolve("key"), KEY + "\n");
    Notifiers.Common common =
        new Notifiers.Common(
            HttpClient.newHttpClient(),
            new Links(URI.create("http://127.0.0.1:8080")),
            Duration.ofSeconds(1),
            InstantSource.system());
    return new AlertRulesReader(
        Integrations.all(common),
        Map.of("SLACK", "https://hooks.slack.com/services/T/B/secret-token", "KEY", KEY));
  }

  private AlertRules read(String text) throws IOException {
    return reader().read(directory.resolve("rules.yaml"), text.getBytes(UTF_8));
  }

  @Test
  void read_inheritsWhatARouteLeavesOut() throws IOException {
    Route root = read(COMPLETE).policy().routing().root();

    assertThat(root.grouping().labels()).containsExactly("provider", "model");
    assertThat(root.timers().groupWait()).isEqualTo(Duration.ofSeconds(10));
    assertThat(root.timers().repeatInterval()).isEqualTo(Duration.ofDays(1));
    Route critical = root.routes().get(0);
    assertThat(critical.receiver()).isEqualTo("oncall");
    assertThat(critical.grouping()).isEqualTo(Grouping.EACH);
    assertThat(critical.continues()).isTrue();
    assertThat(critical.timers()).isEqualTo(root.timers());
    assertThat(critical.path()).isEqualTo("{}/{severity=\"critical\",tenant!=\"test\"}");
    Route cost = root.routes().get(1);
    assertThat(cost.receiver()).isEqualTo("team");
    assertThat(cost.grouping()).isEqualTo(root.grouping());
    assertThat(cost.timers().groupWait()).isEqualTo(Duration.ofMinutes(90));
    assertThat(cost.muteTimeIntervals()).containsExactly("weekend");
  }

  @Test
  void read_makesReceiversWithSecretsFromOutside() throws IOException {
    AlertRules rules = read(COMPLETE);

    Receiver oncall = rules.policy().receivers().get("oncall");
    assertThat(oncall.fallback()).isEqualTo("team");
    assertThat(oncall.targets())
        .extracting(Target::name)
        .containsExactly("oncall/pagerduty-1", "oncall/pagerduty-2");
    assertThat(oncall.targets()).extracting(Target::sendResolved).containsExactly(true, false);
    Target slack = rules.policy().receivers().get("team").targets().get(0);
    assertThat(slack.name()).isEqualTo("team/slack_webhook");
    assertThat(slack.pace().perMinute()).isEqualTo(30);
    assertThat(rules.secretFiles()).containsExactly(directory.resolve("key"));
    assertThat(rules.toString()).doesNotContain(KEY).doesNotContain("secret-token");
  }

  @Test
  void read_takesTimeIntervalsAsUnions() throws IOException {
    var routing = read(COMPLETE).policy().routing();
    Route cost = routing.root().routes().get(1);
    assertThat(routing.muted(cost, Instant.parse("2026-06-06T12:00:00Z"))).contains("weekend");
    assertThat(routing.muted(cost, Instant.parse("2026-06-05T12:00:00Z"))).isNull();
    assertThat(routing.muted(cost, Instant.parse("2026-12-31T22:30:00Z"))).contains("weekend");
    assertThat(routing.muted(cost, Instant.parse("2026-12-31T21:59:00Z"))).isNull();
  }

  /* A line of the complete file, what stands there instead, and the error. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "kind: AlertRules|kind: Rules|2: kind: 'Rules' is not known; allowed are AlertRules",
        "  group_wait: 10s|  group_wait: soon|6: route.group_wait: 'soon' is not allowed; must be a duration such as 30s, 5m, 1h30m or 7d",
        "  group_wait: 10s|  group_wiat: 10s|6: route.group_wiat: unknown key, did you mean 'group_wait'?; allowed are",
        "  group_interval: 1m|  group_wait: 1m|7: route.group_wait: stands here twice",
        "      receiver: oncall|      receiver: onkall|11: route.routes[0].receiver: 'onkall' is not known, did you mean 'oncall'?; allowed are oncall, team",
        "  receiver: team|  recipient: team|4: route.recipient: unknown key",
        "  group_by: [provider, model]|  group_by: [model, model]|5: route.group_by[1]: 'model' stands here twice",
        "  group_by: [provider, model]|  group_by: model|5: route.group_by: must be a list, not 'model'",
        "  repeat_interval: 1d|  repeat_interval: 0s|8: route.repeat_interval: must be longer than 0s",
        "  repeat_interval: 1d|  mute_time_intervals: [weekend]|8: route.mute_time_intervals: is not allowed at the root",
        "`    - matchers: [ 'severity=\"critical\"', 'tenant!=test' ]`|`    - matchers: [ 'severity=~\"(\"' ]`|10: route.routes[0].matchers[0]: '(' is no RE2 regular expression",
        "      mute_time_intervals: [weekend]|      mute_time_intervals: [weekends]|16: route.routes[1].mute_time_intervals[0]: 'weekends' is not known, did you mean 'weekend'?",
        "    equal: [provider]|    equal: [provider|21: is not YAML",
        "`        - weekdays: ['saturday:sunday']`|`        - weekdays: ['saturday:sonday']`|24: time_intervals[0].time_intervals[0].weekdays[0]: 'sonday' is not allowed; must be a weekday",
        "`        - weekdays: ['saturday:sunday']`|`        - weekdays: ['sunday:monday']`|24: time_intervals[0].time_intervals[0].weekdays[0]: 'sunday:monday' is not allowed; its end is before its start",
        "          location: Europe/Berlin|          location: Berlin|25: time_intervals[0].time_intervals[0].location: 'Berlin' is no time zone",
        "`        - times: [ {start_time: '22:00', end_time: '24:00'} ]`|`        - times: [ {start_time: '22:00', end_time: '06:00'} ]`|26: time_intervals[0].time_intervals[1].times[0]: end_time must be after start_time",
        "  - name: oncall|  - name: team|35: receivers[1].name: 'team' stands here twice",
        "    fallback: team|    fallback: oncall|36: receivers[1].fallback: leads back to 'oncall'",
        "        - url_env: SLACK|        - url: https://hooks.slack.com/x|33: receivers[0].slack_webhook_configs[0].url: unknown key, did you mean 'url_env'?",
        "        - url_env: SLACK|        - url_env: NOWHERE|33: receivers[0].slack_webhook_configs[0].url_env: the environment variable 'NOWHERE' is not set",
        "        - routing_key_file: key|        - routing_key_file: missing|38: receivers[1].pagerduty_configs[0].routing_key_file: the file",
        "        - routing_key_file: key|        - routing_key_env: SLACK|38: receivers[1].pagerduty_configs[0]: routing_key: has 49 characters, must have 32",
        "        - routing_key_file: key|        - {}|38: receivers[1].pagerduty_configs[0]: needs one of routing_key_env",
        "          send_resolved: false|          send_resolved: no|41: receivers[1].pagerduty_configs[1].send_resolved: 'no' is not allowed; must be true or false",
      })
  void read_refusesAMistakeWithItsLine(String line, String instead, String error)
      throws IOException {
    assertThat(COMPLETE.lines().map(String::strip)).as("the line").contains(line.strip());
    String broken =
        COMPLETE
            .lines()
            .map(each -> each.strip().equals(line.strip()) ? replaced(each, instead) : each)
            .collect(Collectors.joining("\n"));
    assertThatThrownBy(() -> read(broken))
        .isInstanceOf(RuleFileException.class)
        .hasMessageStartingWith(directory.resolve("rules.yaml") + ":" + error);
  }

  private static String replaced(String line, String instead) {
    return " ".repeat(line.length() - line.stripLeading().length()) + instead.strip();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|is empty",
        "[1]|must be a mapping (key: value), not a list",
        "a: &x [*x]|a: must not contain itself",
        "apiVersion: petrel.dev/v1|'kind' is missing"
      })
  void read_refusesWhatIsNoRuleFile(String text, String error) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(RuleFileException.class)
        .hasMessageContaining(error);
  }
}
