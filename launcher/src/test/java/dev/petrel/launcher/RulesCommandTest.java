// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesCommandTest {

  private static final String START = "1767225600000"; // 2026-01-01T00:00:00Z

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Petrel.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  private String rules(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, "apiVersion: petrel.dev/v1\nkind: AlertRules\n" + text);
    return file.toString();
  }

  private String recording() {
    Path file = directory.resolve("calls.jsonl");
    int code =
        run(
            "simulate",
            "--scenario",
            "brownout",
            "--rate",
            "10",
            "--for",
            "10m",
            "--start",
            START,
            "--out",
            file.toString());
    assertThat(code).as(err.toString()).isZero();
    out.getBuffer().setLength(0);
    return file.toString();
  }

  @Test
  void lint_passesAFileWithoutItsSecrets() throws IOException {
    String file =
        rules(
            "fine.yaml",
            """
            route: {receiver: team}
            receivers:
              - name: team
                pagerduty_configs: [ {routing_key_env: NOT_SET_HERE} ]
            """);

    assertThat(run("rules", "lint", file)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("fine, 20 rules");
  }

  @Test
  void lint_saysWhatIsWrongAndWhatCannotBeMeant() throws IOException {
    String wrong = rules("wrong.yaml", "rules:\n  - {id: latency, when: {abov: 3}}\n");
    String odd =
        rules(
            "odd.yaml",
            """
            route:
              receiver: team
              routes:
                - {matchers: [severity=critical], receiver: team}
                - {matchers: [severity=critical, tenant=acme], receiver: team}
                - {matchers: [tennant=acme], receiver: team}
            receivers:
              - name: team
                slack_webhook_configs: [ {url_env: HOOK} ]
              - name: nobody
            """);

    assertThat(run("rules", "lint", wrong, odd)).isEqualTo(1);
    assertThat(out.toString())
        .contains("wrong.yaml:4: rules[0].when.abov: unknown key, did you mean 'above'")
        .contains("is never reached")
        .contains("no alert has the label 'tennant'")
        .contains("receiver 'nobody' is told nothing")
        .contains("receiver 'nobody' has nowhere to send to");
  }

  @Test
  void backtest_showsTheAlertsOfARecording() {
    String recording = recording();

    assertThat(run("rules", "backtest", recording)).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("provider_incident")
        .contains("provider=openai")
        .contains("1 alerts");
  }

  @Test
  void backtest_showsWhatAnotherFileRaisesDifferently() throws IOException {
    String recording = recording();
    String deaf = rules("deaf.yaml", "rules:\n  - {id: provider_incident, when: {above: 0.95}}\n");
    String same = rules("same.yaml", "");

    assertThat(run("rules", "backtest", recording, "--against", same)).isZero();
    assertThat(out.toString()).contains("both raise the same alerts");
    assertThat(run("rules", "backtest", recording, "--against", deaf)).isEqualTo(1);
    assertThat(out.toString()).contains("only the rules: provider_incident");
  }

  @Test
  void backtest_printsJson() {
    String recording = recording();

    assertThat(run("rules", "backtest", recording, "--json")).isZero();
    assertThat(out.toString()).contains("\"rule\" : \"provider_incident\"");
  }
}
