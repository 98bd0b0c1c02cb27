// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

/**
 * What a call cost.
 *
 * @param nanoUsd in 1e-9 USD; 0 only when the model is free or nothing was used
 * @param pricedAs the entry whose prices were taken, {@code azure/gpt-4o-2024-08-06} for example,
 *     or {@code override:} and the pattern of an operator's entry
 * @param priceVersion the table, for the event's {@code price_version}
 * @param usageContradictory whether counts contradicted each other and were lowered to what is
 *     possible: the cost is then the least that it can have been
 * @param tierWithoutPrice whether the call's service tier has no price in the table: the cost is
 *     then that of the standard tier
 */
public record Cost(
    long nanoUsd,
    String pricedAs,
    String priceVersion,
    boolean usageContradictory,
    boolean tierWithoutPrice) {}
