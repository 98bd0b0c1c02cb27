// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What differs from an ordinary day. This one is an ordinary day; each trouble overrides what it
 * changes.
 *
 * <p>Times are ms from the start. Stateless.
 */
class Story {

  /** The truth of what this changes. */
  Expectation expectation() {
    return Expectation.NONE;
  }

  // --- Who calls ---

  Tenants tenants() {
    return Tenants.ORDINARY;
  }

  /** Factor on the rate of ordinary calls. */
  double load(long at) {
    return 1;
  }

  /** The highest {@link #load}: what the organisation's limits are made for. */
  double peakLoad() {
    return 1;
  }

  /** Calls beside the ordinary ones; null when there are none. */
  @Nullable Flood flood() {
    return null;
  }

  /** Whether a service makes no calls. */
  boolean silent(SimulatedService service, long at) {
    return false;
  }

  int instances(SimulatedService service, long at) {
    return service.instances();
  }

  String version(SimulatedCall call, long at) {
    return call.service().version();
  }

  /** Fingerprint of the key that is sent, null when none is. */
  @Nullable String credential(SimulatedCall call, long at) {
    return call.service().credential(call.provider());
  }

  RetryPolicy retryPolicy(SimulatedService service, long at) {
    return RetryPolicy.SDK;
  }

  // --- What they ask ---

  /**
   * How the tokens of a call differ from the ordinary ones.
   *
   * @param call with ordinary tokens
   */
  SimulatedCall prompt(SimulatedCall call, long at, RandomGenerator random) {
    return call;
  }

  // --- What the providers answer ---

  /** What the provider refuses whatever its load, null when nothing. */
  @Nullable Failure refusal(SimulatedCall call, @Nullable String credential, long at) {
    return null;
  }

  Conditions conditions(SimulatedCall call, long at) {
    return Conditions.ORDINARY;
  }

  /** The share of an account's limits that the provider grants, above 0 to 1. */
  double granted(AccountKind account, long at) {
    return 1;
  }

  /** Tokens that the limits allow for each request that they allow. */
  long tokensPerRequest() {
    return 6000;
  }

  /** What has been paid for; null when more than will ever be used. */
  @Nullable Credit credit() {
    return null;
  }
}
