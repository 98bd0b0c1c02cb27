// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import dev.petrel.event.ErrorType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A key is withdrawn while two of the services that share it have not got the new one yet. */
final class KeyRotation extends Story {

  private static final SimulatedProvider PROVIDER = SimulatedProvider.OPENAI;
  private static final List<SimulatedService> LATE =
      List.of(SimulatedService.SEARCH, SimulatedService.SUMMARIZER);
  private static final String OLD_KEY = SimulatedService.SEARCH.credential(PROVIDER);
  private static final String NEW_KEY = Hex.fingerprint("rotated" + PROVIDER.wireName());

  private final Span trouble;

  KeyRotation(Plan plan) {
    this.trouble = plan.phase(Duration.ofMinutes(1), Duration.ofMinutes(5));
  }

  @Override
  @Nullable String credential(SimulatedCall call, long at) {
    String usual = super.credential(call, at);
    if (!OLD_KEY.equals(usual)) {
      return usual;
    }
    return LATE.contains(call.service()) && at < trouble.to() ? OLD_KEY : NEW_KEY;
  }

  @Override
  @Nullable Failure refusal(SimulatedCall call, @Nullable String credential, long at) {
    return OLD_KEY.equals(credential) && at >= trouble.from()
        ? Failures.of(call.provider(), ErrorType.AUTHENTICATION)
        : null;
  }

  @Override
  Expectation expectation() {
    return Expectation.of(
            "authentication",
            Map.of("provider", PROVIDER.wireName(), "credential", OLD_KEY),
            trouble)
        .causedBy(List.of(OLD_KEY))
        .hurting(LATE.stream().map(SimulatedService::name).toList());
  }
}
