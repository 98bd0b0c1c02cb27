// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event;

import org.jspecify.annotations.Nullable;

/**
 * The provider's rate-limit state as its response headers told it.
 *
 * @param requests the limit on requests, null when not told
 * @param tokens the limit on tokens, null when not told
 */
public record RateLimit(@Nullable Headroom requests, @Nullable Headroom tokens) {

  /**
   * What is left of one limit.
   *
   * @param limit the limit itself, null when not told
   * @param remaining what is left in the current period, null when not told
   * @param resetMs milliseconds until the period ends, null when not told
   */
  public record Headroom(@Nullable Long limit, @Nullable Long remaining, @Nullable Long resetMs) {}
}
