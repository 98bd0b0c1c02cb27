// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect.failure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.alerting.traffic.Group;
import dev.petrel.alerting.traffic.Groups;
import dev.petrel.event.ErrorType;
import dev.petrel.event.ErrorType.Fault;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WordingTest {

  private static final Group GROUP = Groups.of("production", "openai");

  private static FailureEvidence evidence(Double normal, Map<String, Long> errors) {
    return new FailureEvidence(
        "provider",
        0,
        150_000,
        15_060,
        520,
        0.0345,
        0.34,
        512,
        1506,
        45_000,
        0.5,
        normal,
        errors,
        Wording.faultOf(errors).wireName(),
        List.of("gpt-4o", "gpt-4o-mini"),
        2,
        List.of("acme"),
        23,
        1.2,
        List.of("req_1"),
        null);
  }

  @Test
  void summary_ofAProvider() {
    String summary =
        Wording.summary(
            GROUP,
            Coverage.PROVIDER,
            evidence(0.011, Map.of("overloaded", 400L, "server_error", 112L)),
            false);

    assertThat(summary)
        .isEqualTo(
            "34% of calls to openai in production fail (512 of 1,506 in the last 45 s, normally 1.1%), mostly overloaded, on the provider's side, hitting 2 models and 23 tenants; check the provider's status page and fail over to another model or provider.");
  }

  @Test
  void summary_ofAModelWithoutHistory() {
    String summary =
        Wording.summary(
            GROUP,
            Coverage.model("gpt-4o"),
            evidence(null, Map.of("rate_limit", 300L, "server_error", 212L)),
            false);

    assertThat(summary)
        .isEqualTo(
            "34% of calls to openai gpt-4o in production fail (512 of 1,506 in the last 45 s), mostly rate_limit and server_error, on our side, hitting 23 tenants; slow down or ask the provider for a higher limit.");
  }

  @Test
  void summary_ofATenant() {
    String summary =
        Wording.summary(
            GROUP,
            Coverage.tenant("acme", "gpt-4o"),
            evidence(0.0, Map.of("authentication", 512L)),
            false);

    assertThat(summary)
        .isEqualTo(
            "34% of calls of tenant acme to openai gpt-4o and gpt-4o-mini in production fail (512 of 1,506 in the last 45 s, normally 0.0%), mostly authentication, on our side, hitting no other tenant; check the API key: missing, wrong or expired.");
  }

  @ParameterizedTest
  @EnumSource(ErrorType.class)
  void summary_hasAHintForEachErrorType(ErrorType type) {
    String summary =
        Wording.summary(
            GROUP, Coverage.PROVIDER, evidence(0.01, Map.of(type.wireName(), 5L)), false);

    assertThat(summary).contains("mostly " + type.wireName()).endsWith(".");
  }

  @Test
  void faultOf_isTheSideWithMostFailures() {
    assertThat(Wording.faultOf(Map.of("overloaded", 3L, "rate_limit", 2L, "tls", 2L)))
        .isEqualTo(Fault.US);
    assertThat(Wording.faultOf(Map.of("of_a_later_release", 3L))).isEqualTo(Fault.UNKNOWN);
    assertThat(Wording.faultOf(Map.of())).isEqualTo(Fault.UNKNOWN);
  }
}
