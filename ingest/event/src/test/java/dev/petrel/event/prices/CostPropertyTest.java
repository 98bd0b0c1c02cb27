// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** Costs of random usage at random prices, against a plain sum of decimals. */
class CostPropertyTest {
  private static final long THRESHOLD = 200_000;

  private final Random random = Tables.seeded("CostPropertyTest");

  @Test
  void cost_isTheSumOfDecimals() {
    for (int i = 0; i < 200; i++) {
      Map<PriceKey, BigDecimal> prices = randomPrices();
      StringJoiner line = new StringJoiner(" ", "m ", "\n");
      prices.forEach((key, usd) -> line.add(key.text() + "=" + usd.toPlainString()));
      PriceTable table = Tables.of(line.toString());
      for (int j = 0; j < 50; j++) {
        assertCost(table, prices);
      }
    }
  }

  private void assertCost(PriceTable table, Map<PriceKey, BigDecimal> prices) {
    long read = tokens();
    long written = tokens();
    long hour = random.nextBoolean() ? 0 : random.nextLong(written + 1);
    long audioIn = random.nextInt(4) == 0 ? tokens() : 0;
    long plain = tokens();
    long reasoning = tokens();
    long audioOut = random.nextInt(4) == 0 ? tokens() : 0;
    long text = tokens();
    ServiceTier tier = ServiceTier.values()[random.nextInt(ServiceTier.COUNT)];
    long input = plain + read + written + audioIn;

    Cost cost =
        table.cost(
            Tables.usage("m", input, text + reasoning + audioOut)
                .cacheReadTokens(read)
                .cacheWriteTokens(written)
                .cacheWrite1hTokens(hour)
                .audioInputTokens(audioIn)
                .reasoningTokens(reasoning)
                .audioOutputTokens(audioOut)
                .serviceTier(tier.key())
                .build());

    long band = input > THRESHOLD ? THRESHOLD : 0;
    BigDecimal usd = BigDecimal.ZERO;
    Map<Rate, Long> split =
        Map.of(
            Rate.INPUT, plain,
            Rate.CACHE_READ, read,
            Rate.CACHE_WRITE, written - hour,
            Rate.CACHE_WRITE_1H, hour,
            Rate.AUDIO_INPUT, audioIn,
            Rate.OUTPUT, text,
            Rate.REASONING, reasoning,
            Rate.AUDIO_OUTPUT, audioOut);
    for (Rate rate : Rate.values()) {
      BigDecimal price = prices.get(new PriceKey(rate, band, tier));
      usd = usd.add(price.multiply(BigDecimal.valueOf(split.get(rate))).movePointLeft(6));
    }
    BigDecimal nano = usd.movePointRight(9).setScale(0, RoundingMode.HALF_UP);
    if (nano.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      assertThat(cost).isNull();
    } else {
      assertThat(cost).isNotNull();
      assertThat(BigDecimal.valueOf(cost.nanoUsd())).isEqualTo(nano);
      assertThat(cost.usageContradictory()).isFalse();
    }
  }

  private Map<PriceKey, BigDecimal> randomPrices() {
    Map<PriceKey, BigDecimal> prices = new HashMap<>();
    for (Rate rate : Rate.values()) {
      for (ServiceTier tier : ServiceTier.values()) {
        prices.put(new PriceKey(rate, 0, tier), randomPrice());
        prices.put(new PriceKey(rate, THRESHOLD, tier), randomPrice());
      }
    }
    return prices;
  }

  private BigDecimal randomPrice() {
    return switch (random.nextInt(4)) {
      case 0 -> BigDecimal.ZERO;
      case 1 -> BigDecimal.valueOf(random.nextInt(1000), 6);
      case 2 -> BigDecimal.valueOf(random.nextInt(100_000), 3);
      default -> BigDecimal.valueOf(random.nextLong(100_000_000_001L), 6);
    };
  }

  /** Mostly as calls have them, at times so many that sums leave the range of a long. */
  private long tokens() {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> random.nextLong(1L << 60);
      case 2 -> random.nextLong(1L << 40);
      default -> random.nextLong(100_000);
    };
  }
}
