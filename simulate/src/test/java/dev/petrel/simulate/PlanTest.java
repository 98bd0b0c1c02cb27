// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlanTest {

  private static Plan plan(Scenario scenario) {
    return Plan.of(scenario, 0, 30, Duration.ofHours(1));
  }

  @Test
  void expectation_comesAfterTheLeadInAndFasterWithSpeed() {
    Plan plan = plan(Scenario.BROWNOUT);

    assertThat(plan.expectation().from()).isEqualTo(Duration.ofMinutes(1));
    assertThat(plan.expectation().to()).isEqualTo(Duration.ofMinutes(4));
    Expectation fast = plan.withLeadIn(Duration.ofMinutes(20)).withSpeed(2).expectation();
    assertThat(fast.from()).isEqualTo(Duration.ofSeconds(20 * 60 + 30));
    assertThat(fast.to()).isEqualTo(Duration.ofMinutes(22));
    assertThat(plan(Scenario.STEADY).expectation().summary()).isEqualTo("none");
    assertThat(plan.expectation().summary()).isEqualTo("provider_incident (provider openai)");
  }

  @Test
  void expectation_fillsTheLengthOrItsBound() {
    Plan plan = plan(Scenario.CONTEXT_CREEP).withLeadIn(Duration.ofMinutes(10));

    assertThat(plan.expectation().from()).isEqualTo(Duration.ofMinutes(10));
    assertThat(plan.expectation().to()).isEqualTo(Duration.ofMinutes(60));
    assertThat(plan.withStretch(Duration.ofMinutes(20)).expectation().to())
        .isEqualTo(Duration.ofMinutes(30));
    assertThat(plan.withStretch(Duration.ofMinutes(20)).withSpeed(4).expectation().to())
        .isEqualTo(Duration.ofMinutes(15));
  }

  @Test
  void plan_refusesWhatMakesNoSense() {
    Plan plan = plan(Scenario.STEADY);
    assertThatThrownBy(() -> Plan.of(Scenario.STEADY, 0, 0, Duration.ofHours(1)))
        .hasMessage("callsPerSecond: was 0.0");
    assertThatThrownBy(() -> Plan.of(Scenario.STEADY, 0, 1, Duration.ZERO))
        .hasMessage("length: was PT0S");
    assertThatThrownBy(() -> plan.withSpeed(-1)).hasMessage("speed: was -1.0");
    assertThatThrownBy(() -> plan.withLeadIn(Duration.ofSeconds(-1)))
        .hasMessage("leadIn: was PT-1S");
  }
}
