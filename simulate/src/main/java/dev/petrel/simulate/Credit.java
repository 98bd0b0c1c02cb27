// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

/**
 * Tokens that a provider's organisation has paid for. Until the lead-in is over it is topped up as
 * fast as it is spent; then not, until somebody pays. Not thread-safe.
 */
final class Credit {

  private final SimulatedProvider provider;
  private final Span unpaid;
  private final long paid;
  private double left;

  /**
   * @param provider whose credit it is
   * @param unpaid when it is not topped up
   * @param paid tokens that it is topped up to
   */
  Credit(SimulatedProvider provider, Span unpaid, long paid) {
    this.provider = provider;
    this.unpaid = unpaid;
    this.paid = paid;
    this.left = paid;
  }

  SimulatedProvider provider() {
    return provider;
  }

  /** Spends tokens if there is credit. */
  boolean spend(long at, long tokens) {
    if (!unpaid.contains(at)) {
      left = paid;
      return true;
    }
    if (left <= 0) {
      return false;
    }
    left -= tokens;
    return true;
  }

  /** Tokens that it was topped up to. */
  long paid() {
    return paid;
  }

  /** Tokens that are left. */
  long left() {
    return (long) Math.max(0, left);
  }
}
