// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import java.math.BigDecimal;

/**
 * Prices as people read them, in USD per million tokens, and as Petrel counts, in whole pico-USD
 * (1e-12 USD) per token.
 *
 * <p>The two differ by exactly a million, so six decimals of the one are whole numbers of the other
 * and nothing is rounded on the way: $0.075 per million is 75,000 pico-USD per token.
 */
final class UsdPerMillion {
  /** No price of a token comes near it, and a price for a million tokens given per token does. */
  static final BigDecimal MAX = BigDecimal.valueOf(100_000);

  static final int DECIMALS = 6;

  private UsdPerMillion() {}

  /**
   * The price in pico-USD per token.
   *
   * @throws ArithmeticException when the price is negative, over {@link #MAX} or has more than
   *     {@value #DECIMALS} decimals; the message states the rule
   */
  static long toPicoPerToken(BigDecimal usdPerMillion) {
    if (usdPerMillion.signum() < 0 || usdPerMillion.compareTo(MAX) > 0) {
      throw new ArithmeticException("must be from 0 to " + MAX);
    }
    // Against decimals by the million, such as 1e-999999.
    if (usdPerMillion.signum() != 0 && usdPerMillion.stripTrailingZeros().scale() > DECIMALS) {
      throw new ArithmeticException("may have " + DECIMALS + " decimals at most");
    }
    return usdPerMillion.movePointRight(DECIMALS).longValueExact();
  }

  /** The price in USD per million tokens, without trailing zeros. */
  static String format(long picoPerToken) {
    return BigDecimal.valueOf(picoPerToken, DECIMALS).stripTrailingZeros().toPlainString();
  }
}
