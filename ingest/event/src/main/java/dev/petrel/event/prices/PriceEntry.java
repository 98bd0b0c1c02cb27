// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import org.jspecify.annotations.Nullable;

/**
 * What the table knows of one model.
 *
 * @param name its key in the table; for an operator's entry, {@code override:} and its pattern
 * @param prices null when it is not sold by the token, or at no price that is known
 * @param contextWindow the most input tokens
 * @param maxOutputTokens the most output tokens
 */
record PriceEntry(
    String name,
    @Nullable Prices prices,
    @Nullable Long contextWindow,
    @Nullable Long maxOutputTokens) {

  /** Stands for a name that the table does not have. */
  static final PriceEntry ABSENT = new PriceEntry("", null, null, null);

  boolean isAbsent() {
    return name.isEmpty();
  }

  /** This entry, with the other's prices and limits for those that it lacks. */
  PriceEntry orElse(PriceEntry other) {
    return new PriceEntry(
        isAbsent() || (prices == null && other.prices != null) ? other.name : name,
        prices != null ? prices : other.prices,
        contextWindow != null ? contextWindow : other.contextWindow,
        maxOutputTokens != null ? maxOutputTokens : other.maxOutputTokens);
  }
}
