// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;

/**
 * All prices of one model, in pico-USD per token: stated ones, and for the rest what follows from
 * them.
 *
 * <p>Laid out as rows of {@link Rate#COUNT} prices, one row for each band of input tokens and each
 * service tier. A price that is not stated follows these rules, in which a <em>side</em> is input
 * with caches and input audio, or output with reasoning and output audio:
 *
 * <ul>
 *   <li>Cached and written input, and input audio, cost what input costs; reasoning and output
 *       audio what output costs. Writing for an hour costs 8/5 of writing for five minutes, as 2 to
 *       1.25, where the latter has a price.
 *   <li>Above a number of input tokens, prices change as that of their side does: where input
 *       doubles, so does cached input.
 *   <li>In a tier, prices change as that of their side does. A batch without any price costs half.
 *       Where only input has a price in a tier, output changes by the same factor.
 * </ul>
 *
 * <p>Where the bundled table states such prices too, they nearly always agree with the rules: all
 * 120 cache prices of long contexts, 118 of 134 of tiers, the others being rounded, and 106 of 109
 * batches.
 *
 * <p>Immutable.
 */
final class Prices {
  /** No price: not stated, and nothing that it follows from. */
  static final long UNKNOWN = -1;

  private static final int ROW = Rate.COUNT;

  private final long[] bands;
  private final long[][] rows;
  private final boolean[] tierPriced = new boolean[ServiceTier.COUNT];

  private Prices(Map<PriceKey, Long> stated) {
    TreeSet<Long> thresholds = new TreeSet<>();
    thresholds.add(0L);
    for (PriceKey key : stated.keySet()) {
      thresholds.add(key.aboveTokens());
      tierPriced[key.tier().index()] = true;
    }
    tierPriced[ServiceTier.STANDARD.index()] = true;
    tierPriced[ServiceTier.BATCH.index()] = true;
    bands = new long[thresholds.size()];
    int count = 0;
    for (long threshold : thresholds) {
      bands[count++] = threshold;
    }
    rows = new long[bands.length * ServiceTier.COUNT][];
    for (int band = 0; band < bands.length; band++) {
      for (ServiceTier tier : ServiceTier.values()) {
        rows[index(band, tier)] = row(stated, band, tier);
      }
    }
  }

  /** Prices of which at least one is stated, each in pico-USD per token. */
  static Prices of(Map<PriceKey, Long> stated) {
    return new Prices(stated);
  }

  /** The prices of a call, by {@link Rate#index()}; not to be changed. */
  long[] row(long inputTokens, ServiceTier tier) {
    int band = bands.length - 1;
    while (inputTokens <= bands[band] && band > 0) {
      band--;
    }
    return rows[index(band, tier)];
  }

  /** Whether the tier has prices of its own, or half of the standard ones as batches have. */
  boolean hasTier(ServiceTier tier) {
    return tierPriced[tier.index()];
  }

  private static int index(int band, ServiceTier tier) {
    return band * ServiceTier.COUNT + tier.index();
  }

  private long[] row(Map<PriceKey, Long> stated, int band, ServiceTier tier) {
    long[] row = new long[ROW];
    Arrays.fill(row, UNKNOWN);
    // Input and output come first, as the others follow them.
    for (Rate rate : Rate.values()) {
      Long own = stated.get(new PriceKey(rate, bands[band], tier));
      row[rate.index()] = own != null ? own : following(stated, row, band, tier, rate);
    }
    return row;
  }

  private long following(
      Map<PriceKey, Long> stated, long[] row, int band, ServiceTier tier, Rate rate) {
    if (tier != ServiceTier.STANDARD) {
      return inTier(row, band, tier, rate);
    }
    if (band > 0) {
      return scaledAs(rate, rows[index(band - 1, tier)], row);
    }
    Long fiveMinutes = stated.get(PriceKey.standard(Rate.CACHE_WRITE));
    if (rate == Rate.CACHE_WRITE_1H && fiveMinutes != null) {
      return scale(fiveMinutes, 8, 5);
    }
    return rate == rate.anchor() ? UNKNOWN : row[rate.anchor().index()];
  }

  /** The price of a rate in a tier that does not state it. */
  private long inTier(long[] row, int band, ServiceTier tier, Rate rate) {
    long[] standard = rows[index(band, ServiceTier.STANDARD)];
    if (rate != rate.anchor()) {
      return scaledAs(rate, standard, row);
    }
    long price = standard[rate.index()];
    if (band > 0) {
      // As much cheaper or dearer than standard as below the threshold.
      return scale(
          price,
          rows[index(0, tier)][rate.index()],
          rows[index(0, ServiceTier.STANDARD)][rate.index()]);
    }
    if (tier == ServiceTier.BATCH) {
      return scale(price, 1, 2);
    }
    if (rate == Rate.OUTPUT && tierPriced[tier.index()]) {
      return scale(price, row[Rate.INPUT.index()], standard[Rate.INPUT.index()]);
    }
    return price;
  }

  /** A price of {@code from}, changed as its side's price is changed in {@code to}. */
  private static long scaledAs(Rate rate, long[] from, long[] to) {
    int anchor = rate.anchor().index();
    return rate == rate.anchor()
        ? from[anchor]
        : scale(from[rate.index()], to[anchor], from[anchor]);
  }

  /** {@code price * times / parts}, rounded half up; the price itself where there is no ratio. */
  private static long scale(long price, long times, long parts) {
    if (price == UNKNOWN || times == UNKNOWN || parts <= 0) {
      return price;
    }
    return BigDecimal.valueOf(price)
        .multiply(BigDecimal.valueOf(times))
        .divide(BigDecimal.valueOf(parts), 0, RoundingMode.HALF_UP)
        .longValueExact();
  }
}
