// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A new version of a service goes out, instance by instance, and sends a parameter that one
 * provider's models do not take. At the end it is rolled back.
 */
final class BadDeploy extends Story {

  private static final SimulatedService SERVICE = SimulatedService.SUMMARIZER;
  private static final SimulatedProvider PROVIDER = SimulatedProvider.OPENAI;
  private static final String BAD_VERSION = "2.4.0";

  private final Span trouble;
  private final long millisPerInstance;

  BadDeploy(Plan plan) {
    this.trouble = plan.phase(Duration.ofMinutes(1), Duration.ofMinutes(6));
    Span rollout = plan.phase(Duration.ofMinutes(1), Duration.ofMinutes(2));
    this.millisPerInstance = (rollout.to() - rollout.from()) / SERVICE.instances();
  }

  @Override
  String version(SimulatedCall call, long at) {
    boolean deployed =
        call.service().equals(SERVICE)
            && at >= trouble.from() + call.instance() * millisPerInstance
            && at < trouble.to();
    return deployed ? BAD_VERSION : super.version(call, at);
  }

  @Override
  @Nullable Failure refusal(SimulatedCall call, @Nullable String credential, long at) {
    return call.provider() == PROVIDER && version(call, at).equals(BAD_VERSION)
        ? Failures.UNSUPPORTED_PARAMETER
        : null;
  }

  @Override
  Expectation expectation() {
    return Expectation.of(
            "bad_deploy", Map.of("service", SERVICE.name(), "version", BAD_VERSION), trouble)
        .causedBy(List.of(BAD_VERSION));
  }
}
