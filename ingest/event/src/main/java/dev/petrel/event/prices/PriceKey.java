// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import org.jspecify.annotations.Nullable;

/**
 * What one price of a model is for: {@code input}, {@code input.batch}, {@code input>272k}, {@code
 * input>272k.priority}.
 *
 * @param rate the kind of token
 * @param aboveTokens the input tokens that a call must exceed; 0 for the price of all others
 * @param tier the service tier
 */
record PriceKey(Rate rate, long aboveTokens, ServiceTier tier) {

  static PriceKey standard(Rate rate) {
    return new PriceKey(rate, 0, ServiceTier.STANDARD);
  }

  /** Reads what {@link #text()} writes; null when it is no such text. */
  static @Nullable PriceKey parse(String text) {
    int dot = text.indexOf('.');
    ServiceTier tier = dot < 0 ? ServiceTier.STANDARD : ServiceTier.ofKey(text.substring(dot + 1));
    String rest = dot < 0 ? text : text.substring(0, dot);
    int above = rest.indexOf('>');
    Rate rate = Rate.ofKey(above < 0 ? rest : rest.substring(0, above));
    if (rate == null || tier == null) {
      return null;
    }
    if (above < 0) {
      return new PriceKey(rate, 0, tier);
    }
    if (!rest.endsWith("k")) {
      return null;
    }
    try {
      long thousands = Long.parseLong(rest.substring(above + 1, rest.length() - 1));
      return thousands <= 0 ? null : new PriceKey(rate, Math.multiplyExact(thousands, 1000L), tier);
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  /** The form that the snapshot has. */
  String text() {
    return rate.key()
        + (aboveTokens == 0 ? "" : ">" + aboveTokens / 1000 + "k")
        + (tier == ServiceTier.STANDARD ? "" : "." + tier.key());
  }

  // Written out: the ones of records are linked when first called, for 30 ms of an application's
  // first lookup.
  @Override
  public int hashCode() {
    return (rate.index() * ServiceTier.COUNT + tier.index()) * 31 + Long.hashCode(aboveTokens);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PriceKey that
        && rate == that.rate
        && aboveTokens == that.aboveTokens
        && tier == that.tier;
  }
}
