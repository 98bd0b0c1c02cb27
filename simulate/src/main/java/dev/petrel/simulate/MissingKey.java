// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import dev.petrel.event.ErrorType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service gets one more instance, which has no key of any provider. */
final class MissingKey extends Story {

  private static final SimulatedService SERVICE = SimulatedService.CHAT_API;
  private static final int KEYLESS = SERVICE.instances();

  private final Span trouble;

  MissingKey(Plan plan) {
    this.trouble = plan.phase(Duration.ofMinutes(1), Duration.ofMinutes(5));
  }

  @Override
  int instances(SimulatedService service, long at) {
    return service.instances() + (service.equals(SERVICE) && trouble.contains(at) ? 1 : 0);
  }

  @Override
  @Nullable String credential(SimulatedCall call, long at) {
    return call.service().equals(SERVICE) && call.instance() == KEYLESS
        ? null
        : super.credential(call, at);
  }

  @Override
  @Nullable Failure refusal(SimulatedCall call, @Nullable String credential, long at) {
    return credential == null ? Failures.of(call.provider(), ErrorType.AUTHENTICATION) : null;
  }

  @Override
  Expectation expectation() {
    String instance = SERVICE.instance(KEYLESS);
    return Expectation.of(
            "authentication", Map.of("service", SERVICE.name(), "instance", instance), trouble)
        .causedBy(List.of(instance));
  }
}
