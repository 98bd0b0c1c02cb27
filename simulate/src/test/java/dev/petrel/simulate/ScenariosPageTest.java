// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page on scenarios is made of what they say of themselves. */
class ScenariosPageTest {

  private static final Path PAGE = Path.of("..", "docs", "scenarios.md");

  private static final String HEAD =
      """
      # Scenarios

      What `petrel demo --scenario NAME` and `petrel simulate --scenario NAME` play. The same scenario, rate,
      duration, start and seed give the same calls. Offsets are from the start, or from the end of the lead-in
      (`simulate --lead-in 1h`); `demo --speed N` shortens them. `growth` and `context-creep` fill the length of a
      simulation, in `demo` ten minutes. `demo` plays six calm minutes before `token-spike` and `silence`, for what is normal.

      | scenario | what happens |
      |---|---|
      """;

  private static final String TRUTH =
      """

      ## What is wrong in them

      The truth that detection is measured by: the one pattern that must be found, in whom, and when its cause is
      there. `steady`, `growth` and `sporadic` must raise nothing. Here for ten minutes without lead-in.

      | scenario | pattern | culprits | victims | from | to |
      |---|---|---|---|---|---|
      """;

  private static final String TAIL =
      """

      ## What the calls are like

      Four services (`chat-api`, `search`, `summarizer`, `enricher`) call four models of three providers for a dozen
      tenants of very different size. Calls arrive independently of each other; `--seasonal` lets traffic follow the
      hour of the day and the day of the week, in UTC, with the same mean. About 1 % of attempts fail in the usual ways.

      Each account has limits on requests and tokens per minute for each model, about two and a half times what the
      rate needs. All attempts take from them, so that a 429, its Retry-After and what headers tell of the rest follow
      from load and retries. The account of `enricher` counts a refused request as half a one. Clients retry as the
      providers' SDKs do: twice, after Retry-After or else 0.5 s doubling; only `enricher` in `retry-storm` does worse.

      A timeout tells the tokens that the client has asked with (`usage_source` is `estimated`), no other failure tells
      any. Prices are invented (`price_version` is `simulated`).

      This page is generated: `mvn test -f simulate/pom.xml -Dtest=ScenariosPageTest -Dpetrel.update-docs=true`.
      """;

  @Test
  void scenarios_areThePublishedPage() throws IOException {
    String page = page();
    if (Boolean.getBoolean("petrel.update-docs")) {
      Files.writeString(PAGE, page);
    }

    assertThat(Files.readString(PAGE))
        .as("regenerate with mvn test -f simulate/pom.xml -Dpetrel.update-docs=true")
        .isEqualTo(page);
  }

  private static String page() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Scenario scenario : Scenario.values()) {
      page.append("| `%s` | %s |\n".formatted(scenario.scenarioName(), scenario.description()));
    }
    page.append(TRUTH);
    for (Scenario scenario : Scenario.values()) {
      Expectation truth = Plan.of(scenario, 0, 30, Duration.ofMinutes(10)).expectation();
      if (truth.isTrouble()) {
        page.append(
            "| `%s` | %s | %s | %s | %s | %s |\n"
                .formatted(
                    scenario.scenarioName(),
                    truth.summary(),
                    names(truth.culprits()),
                    names(truth.victims()),
                    offset(truth.from()),
                    offset(truth.to())));
      }
    }
    return page.append(TAIL).toString();
  }

  private static String names(List<String> names) {
    if (names.isEmpty()) {
      return "–";
    }
    return names.equals(Tenants.ORDINARY.names()) ? "all tenants" : String.join(", ", names);
  }

  private static String offset(Duration offset) {
    return "%d:%02d".formatted(offset.toMinutes(), offset.toSecondsPart());
  }
}
