// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.QueryParams;
import dev.petrel.dashboards.console.Parameters.Range;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParametersTest {

  private static final long NOW = 1_772_323_200_000L;
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(NOW));

  @Test
  void range_isTheLastHourByDefault() {
    assertThat(parameters().range(CLOCK)).isEqualTo(new Range(NOW - 3_600_000, NOW));
    assertThat(parameters("to", "5000000").range(CLOCK)).isEqualTo(new Range(1_400_000, 5_000_000));
    assertThat(parameters("from", "5").range(CLOCK)).isEqualTo(new Range(5, NOW));
  }

  @Test
  void range_refusesWhatIsNoRange() {
    assertBad(() -> parameters("from", "x").range(CLOCK), "from: was 'x', must be a time in ms");
    assertBad(() -> parameters("from", "-1").range(CLOCK), "from: was '-1'");
    assertBad(
        () -> parameters("from", "9", "to", "9").range(CLOCK), "from: was 9, must be before to");
  }

  @Test
  void constructor_refusesUnknownNames() {
    assertBad(() -> parameters("tennant", "a"), "tennant: unknown parameter; known are from");
  }

  @Test
  void required_saysWhatIsAllowed() {
    assertBad(() -> parameters().required("scope", "one of a, b"), "scope: is required");
    assertBad(
        () -> parameters("scope", "c").oneOf("scope", List.of("a", "b")),
        "scope: was 'c', must be one of a, b");
  }

  @Test
  void filters_areThoseThatAreThere() {
    assertThat(parameters("tenant", "a", "model", "").filters(List.of("tenant", "model")))
        .containsExactly(org.assertj.core.api.Assertions.entry("tenant", "a"));
  }

  private static void assertBad(Runnable action, String message) {
    assertThatThrownBy(action::run)
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining(message);
  }

  private static Parameters parameters(String... namesAndValues) {
    var params = QueryParams.builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      params.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Parameters(
        params.build(), Parameters.withRange(List.of("scope", "tenant", "model")));
  }
}
