// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.RateLimit;
import dev.petrel.event.RateLimit.Headroom;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitHeadersTest {

  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "1s, 1000",
    "6m0s, 360000",
    "20ms, 20",
    "1.5s, 1500",
    "1h2m3s, 3723000",
    "1d, 86400000",
    "7, 7000",
    "soon,",
    "1x,",
    "s,",
    "1s!,"
  })
  void of_readsDurations(String reset, Long ms) {
    assertThat(
            RateLimitHeaders.of(
                Map.of("x-ratelimit-limit-requests", "10", "x-ratelimit-reset-requests", reset),
                NOW))
        .isEqualTo(new RateLimit(new Headroom(10L, null, ms), null));
  }

  @Test
  void of_readsAnthropics() {
    assertThat(
            RateLimitHeaders.of(
                Map.of(
                    "anthropic-ratelimit-requests-limit", "50",
                    "anthropic-ratelimit-requests-remaining", "49",
                    "anthropic-ratelimit-requests-reset", "2026-11-24T12:00:30Z",
                    "anthropic-ratelimit-input-tokens-remaining", "1000"),
                NOW))
        .isEqualTo(new RateLimit(new Headroom(50L, 49L, 30_000L), new Headroom(null, 1000L, null)));
  }

  @Test
  void of_keepsAzuresWordForNoLimit_andKnowsNothingOfNothing() {
    assertThat(RateLimitHeaders.of(Map.of("x-ratelimit-limit-tokens", "-1"), NOW))
        .isEqualTo(new RateLimit(null, new Headroom(-1L, null, null)));
    assertThat(RateLimitHeaders.of(Map.of("x-ratelimit-limit-tokens", "many"), NOW)).isNull();
    assertThat(RateLimitHeaders.of(Map.of(), NOW)).isNull();
  }
}
