// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * How a call's cost follows from its tokens and a model's prices.
 *
 * <pre>
 * cost = (input - cache_read - cache_write - audio_input) * p(input)
 *      + cache_read * p(cache_read)
 *      + (cache_write - cache_write_1h) * p(cache_write) + cache_write_1h * p(cache_write_1h)
 *      + audio_input * p(audio_input)
 *      + (output - reasoning - audio_output) * p(output)
 *      + reasoning * p(reasoning) + audio_output * p(audio_output)
 * </pre>
 *
 * <p>All prices are those of the band that the whole input falls in, and of one tier. The sum is
 * taken in pico-USD, exactly, and rounded to nano-USD once at its end, half up.
 */
final class CostRules {
  private static final BigInteger PICO_PER_NANO = BigInteger.valueOf(1000);
  private static final BigInteger HALF = BigInteger.valueOf(500);

  private CostRules() {}

  /**
   * The cost of a call.
   *
   * <p>Null, for unknown, when the number of tokens or the price of a token that was used is; an
   * unknown number of free tokens costs nothing. Null too when it does not fit a long.
   */
  static @Nullable Cost cost(PriceEntry entry, Prices prices, Usage usage, String version) {
    ServiceTier tier = usage.batch ? ServiceTier.BATCH : ServiceTier.ofAnswer(usage.serviceTier);
    boolean tierWithoutPrice = tier == null || !prices.hasTier(tier);
    long[] price = prices.row(usage.inputTokens, tier == null ? ServiceTier.STANDARD : tier);

    long[] tokens = new long[Rate.COUNT];
    boolean contradictoryInput = splitInput(usage, tokens);
    boolean contradictoryOutput = splitOutput(usage, tokens);
    if ((usage.inputTokens < 0 && !isFree(price, Rate.INPUT))
        || (usage.outputTokens < 0 && !isFree(price, Rate.OUTPUT))) {
      return null;
    }
    long nanoUsd = nanoUsd(tokens, price);
    return nanoUsd < 0
        ? null
        : new Cost(
            nanoUsd,
            entry.name(),
            version,
            contradictoryInput || contradictoryOutput,
            tierWithoutPrice);
  }

  /** Splits the input by kind of token; returns whether the counts contradict each other. */
  private static boolean splitInput(Usage usage, long[] tokens) {
    long input = Math.max(usage.inputTokens, 0);
    long read = Math.min(Math.max(usage.cacheReadTokens, 0), input);
    long written = Math.min(Math.max(usage.cacheWriteTokens, 0), input - read);
    long forAnHour = Math.min(Math.max(usage.cacheWrite1hTokens, 0), written);
    // Audio may be cached too, and is then charged as cached: no contradiction.
    long audio = Math.min(Math.max(usage.audioInputTokens, 0), input - read - written);
    tokens[Rate.INPUT.index()] = input - read - written - audio;
    tokens[Rate.CACHE_READ.index()] = read;
    tokens[Rate.CACHE_WRITE.index()] = written - forAnHour;
    tokens[Rate.CACHE_WRITE_1H.index()] = forAnHour;
    tokens[Rate.AUDIO_INPUT.index()] = audio;
    return read < usage.cacheReadTokens
        || written < usage.cacheWriteTokens
        || forAnHour < usage.cacheWrite1hTokens
        || input < usage.audioInputTokens;
  }

  private static boolean splitOutput(Usage usage, long[] tokens) {
    long output = Math.max(usage.outputTokens, 0);
    long audio = Math.min(Math.max(usage.audioOutputTokens, 0), output);
    long reasoning = Math.min(Math.max(usage.reasoningTokens, 0), output - audio);
    tokens[Rate.OUTPUT.index()] = output - audio - reasoning;
    tokens[Rate.REASONING.index()] = reasoning;
    tokens[Rate.AUDIO_OUTPUT.index()] = audio;
    return audio < usage.audioOutputTokens || reasoning < usage.reasoningTokens;
  }

  /** Whether every token of a side costs nothing. */
  private static boolean isFree(long[] price, Rate side) {
    for (Rate rate : Rate.values()) {
      if (rate.anchor() == side && price[rate.index()] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Negative when a price is unknown or the sum does not fit. */
  private static long nanoUsd(long[] tokens, long[] price) {
    long pico = 0;
    boolean overflow = false;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] == 0) {
        continue;
      }
      if (price[i] == Prices.UNKNOWN) {
        return Prices.UNKNOWN;
      }
      long part = tokens[i] * price[i];
      pico += part;
      overflow |= part < 0 || pico < 0 || Math.multiplyHigh(tokens[i], price[i]) != 0;
    }
    if (overflow || pico > Long.MAX_VALUE - 500) {
      return nanoUsdOfHuge(tokens, price);
    }
    return (pico + 500) / 1000;
  }

  private static long nanoUsdOfHuge(long[] tokens, long[] price) {
    BigInteger pico = BigInteger.ZERO;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] != 0) {
        pico = pico.add(BigInteger.valueOf(tokens[i]).multiply(BigInteger.valueOf(price[i])));
      }
    }
    BigInteger nano = pico.add(HALF).divide(PICO_PER_NANO);
    return nano.bitLength() < Long.SIZE ? nano.longValueExact() : Prices.UNKNOWN;
  }
}
