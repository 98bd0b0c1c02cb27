// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import static dev.petrel.event.prices.Tables.SMALL;
import static dev.petrel.event.prices.Tables.usage;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Costs computed by hand. A price of $2.5 per million is 2.5 micro-USD a token. */
class CostTest {

  private static void assertMicroUsd(Usage.Builder usage, double expected) {
    Cost cost = SMALL.cost(usage.build());
    assertThat(cost).isNotNull();
    assertThat(cost.nanoUsd()).isEqualTo(Math.round(expected * 1000));
    assertThat(cost.usageContradictory()).isFalse();
    assertThat(cost.tierWithoutPrice()).isFalse();
    assertThat(cost.priceVersion()).isEqualTo("test-1");
  }

  @Test
  void cost_ofInputAndOutput() {
    assertMicroUsd(usage("gpt-4o", 1000, 500), 1000 * 2.5 + 500 * 10);
  }

  @Test
  void cost_ofCachedInput_atItsOwnPrice() {
    assertMicroUsd(usage("gpt-4o", 1000, 500).cacheReadTokens(400), 1500 + 500 + 5000);
  }

  @Test
  void cost_ofCacheReadAndWrites_ofFiveMinutesAndAnHour() {
    // 1000 * 3 + 6000 * 0.3 + 2000 * 3.75 + 1000 * 6 (8/5 of 3.75) + 200 * 15
    assertMicroUsd(
        usage("claude-sonnet-4-5", 10_000, 200)
            .cacheReadTokens(6000)
            .cacheWriteTokens(3000)
            .cacheWrite1hTokens(1000),
        3000 + 1800 + 7500 + 6000 + 3000);
  }

  @Test
  void cost_ofCaches_atTheInputsPriceWhereTheyHaveNone() {
    assertMicroUsd(
        usage("gpt-4", 100, 0).cacheReadTokens(40).cacheWriteTokens(30).cacheWrite1hTokens(10),
        3000);
  }

  @Test
  void cost_ofReasoning_isInTheOutputUnlessItHasAPrice() {
    assertMicroUsd(usage("o3", 100, 1000).reasoningTokens(700), 200 + 8000);
    assertMicroUsd(usage("deep-research", 100, 1000).reasoningTokens(700), 200 + 2400 + 2100);
  }

  @Test
  void cost_ofAudio() {
    assertMicroUsd(
        usage("gpt-4o-audio", 100, 100).audioInputTokens(40).audioOutputTokens(30),
        60 * 2.5 + 40 * 40 + 70 * 10 + 30 * 80);
    // Audio that was cached is charged as cached.
    assertMicroUsd(
        usage("gpt-4o-audio", 100, 0).audioInputTokens(80).cacheReadTokens(50), 50 * 2.5 + 50 * 40);
  }

  @Test
  void cost_ofABatch_isAsStatedOrHalf() {
    assertMicroUsd(usage("gpt-4o", 1000, 100).batch(true), 1250 + 500);
    assertMicroUsd(usage("gpt-4o", 1000, 100).serviceTier("batch"), 1250 + 500);
    assertMicroUsd(usage("gpt-4o", 1000, 100).batch(true).serviceTier("priority"), 1250 + 500);
    assertMicroUsd(
        usage("claude-sonnet-4-5", 1000, 100).batch(true).cacheReadTokens(400), 900 + 60 + 750);
  }

  @Test
  void cost_ofFlex() {
    assertMicroUsd(usage("o3", 1000, 100).serviceTier("flex").cacheReadTokens(200), 800 + 50 + 400);
  }

  @Test
  void cost_ofPriority() {
    assertMicroUsd(
        usage("gpt-4o", 1000, 500).serviceTier("priority").cacheReadTokens(400), 2550 + 850 + 8500);
  }

  @Test
  void cost_ofATierWithoutCachePrice_scalesItWithTheInput() {
    // Input falls from 2.5 to 1.25, and so 0.25 to 0.125.
    assertMicroUsd(
        usage("gpt-5.4", 1000, 100).serviceTier("flex").cacheReadTokens(400), 750 + 50 + 750);
  }

  @Test
  void cost_ofALongContext_isHigherForTheWholeCallAboveTheThreshold() {
    assertMicroUsd(usage("claude-sonnet-4-5", 200_000, 1000), 600_000 + 15_000);
    assertMicroUsd(usage("claude-sonnet-4-5", 200_001, 1000), 1_200_006 + 22_500);
  }

  @Test
  void cost_ofALongContext_countsCachedTokensTowardsTheThreshold() {
    // 10,000 * 6 + 200,000 * 0.6 + 30,000 * 7.5 + 10,000 * 12 + 1000 * 22.5
    assertMicroUsd(
        usage("claude-sonnet-4-5", 250_000, 1000)
            .cacheReadTokens(200_000)
            .cacheWriteTokens(40_000)
            .cacheWrite1hTokens(10_000),
        60_000 + 120_000 + 225_000 + 120_000 + 22_500);
  }

  @ParameterizedTest
  @CsvSource({"32000, 1, 5", "32001, 1.8, 9", "128000, 1.8, 9", "128001, 3, 15", "999999, 3, 15"})
  void cost_ofSeveralBands(long input, double inputPrice, double outputPrice) {
    assertMicroUsd(usage("qwen-coder", input, 10), input * inputPrice + 10 * outputPrice);
  }

  @Test
  void cost_ofALongContextInATier_isBothTogether() {
    // Flex halves; so above the threshold 5 * 0.5, 22.5 * 0.5, and cached 0.5 * 0.5.
    assertMicroUsd(
        usage("gpt-5.4", 300_000, 1000).serviceTier("flex").cacheReadTokens(100_000),
        200_000 * 2.5 + 100_000 * 0.25 + 1000 * 11.25);
  }

  @Test
  void cost_isZero_whereTheModelIsFree() {
    assertMicroUsd(usage("ollama/llama3", 1000, 500), 0);
    assertMicroUsd(usage("ollama/llama3", Usage.UNKNOWN, Usage.UNKNOWN), 0);
  }

  @Test
  void cost_isAbsent_whereThereIsNoPrice() {
    assertThat(SMALL.cost(usage("no-such-model", 1000, 500).build())).isNull();
    assertThat(SMALL.cost(usage("subscription/gpt-4o", 1000, 500).build())).isNull();
    assertThat(SMALL.cost(Usage.newBuilder().inputTokens(1).outputTokens(1).build())).isNull();
  }

  @Test
  void cost_isAbsent_whereUsageIsMissing() {
    assertThat(SMALL.cost(usage("gpt-4o", Usage.UNKNOWN, 500).build())).isNull();
    assertThat(SMALL.cost(usage("gpt-4o", 1000, Usage.UNKNOWN).build())).isNull();
    assertThat(SMALL.cost(Usage.newBuilder().requestModel("gpt-4o").build())).isNull();
  }

  @Test
  void cost_ofAnEmbedding_needsNoOutput() {
    assertMicroUsd(usage("mini-embed", 1000, Usage.UNKNOWN), 20);
  }

  @Test
  void cost_ofNothing_isZero() {
    assertMicroUsd(usage("gpt-4o", 0, 0), 0);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "default", "auto", "standard", "on_demand", "Default"})
  void cost_ofAnOrdinaryTier_isThatOfStandard(String tier) {
    assertMicroUsd(usage("gpt-4o", 1000, 0).serviceTier(tier), 2500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"scale", "ultrafast", "reserved", "flex"})
  void cost_ofATierWithoutPrice_isThatOfStandardAndSaysSo(String tier) {
    Cost cost = SMALL.cost(usage("gpt-4o", 1000, 0).serviceTier(tier).build());
    assertThat(cost).isNotNull();
    assertThat(cost.nanoUsd()).isEqualTo(2_500_000);
    assertThat(cost.tierWithoutPrice()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // input, read, written, for an hour, output, reasoning, micro-USD
    "100, 200, 0, 0, 0, 0, 30",
    "100, 60, 60, 0, 0, 0, 168",
    "100, 0, 50, 80, 0, 0, 450",
    "0, 0, 0, 0, 100, 150, 1500",
  })
  void cost_ofContradictoryUsage_isTheLeastPossibleAndSaysSo(
      long input, long read, long written, long hour, long output, long reasoning, long microUsd) {
    Cost cost =
        SMALL.cost(
            usage("claude-sonnet-4-5", input, output)
                .cacheReadTokens(read)
                .cacheWriteTokens(written)
                .cacheWrite1hTokens(hour)
                .reasoningTokens(reasoning)
                .build());
    assertThat(cost).isNotNull();
    assertThat(cost.usageContradictory()).isTrue();
    assertThat(cost.nanoUsd()).isEqualTo(microUsd * 1000);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "499, 0, 0", "500, 0, 1", "250, 250, 1", "1499, 0, 1", "1500, 0, 2"})
  void cost_isRoundedOnce_halfUp(long input, long output, long nanoUsd) {
    Cost cost = SMALL.cost(usage("tiny", input, output).build());
    assertThat(cost).isNotNull();
    assertThat(cost.nanoUsd()).isEqualTo(nanoUsd);
  }

  @Test
  void cost_doesNotOverflow() {
    Cost cost = SMALL.cost(usage("tiny", Long.MAX_VALUE, Long.MAX_VALUE).build());
    assertThat(cost).isNotNull();
    // (2^63 - 1) * 2 / 1000, rounded: 18446744073709551.614
    assertThat(cost.nanoUsd()).isEqualTo(18_446_744_073_709_552L);
    assertThat(SMALL.cost(usage("gpt-4o", Long.MAX_VALUE, 1).build())).isNull();
  }

  @Test
  void cost_isByTheModelThatAnswered() {
    Usage.Builder usage = usage("gpt-4", 1000, 0).responseModel("gpt-4o-2024-08-06");
    Cost cost = SMALL.cost(usage.build());
    assertThat(cost).isNotNull();
    assertThat(cost.pricedAs()).isEqualTo("gpt-4o");
    assertThat(cost.nanoUsd()).isEqualTo(2_500_000);
  }

  @Test
  void cost_isByTheModelAskedFor_whereTheTableHasNotTheOther() {
    Cost cost = SMALL.cost(usage("gpt-4o", 1000, 0).responseModel("deployment-7").build());
    assertThat(cost).isNotNull();
    assertThat(cost.pricedAs()).isEqualTo("gpt-4o");
    // Known, and known not to be sold by the token: no reason to ask further.
    assertThat(SMALL.cost(usage("gpt-4o", 1000, 0).responseModel("subscription/gpt-4o").build()))
        .isNull();
  }

  @Test
  void newBuilder_takesWhatTheEventHas() {
    LlmCallEvent event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, "e")
            .set(EventField.TIMESTAMP, 1_764_000_000_000L)
            .set(EventField.OUTCOME, Outcome.SUCCESS)
            .set(EventField.PROVIDER, "openai")
            .set(EventField.RESPONSE_MODEL, "gpt-4o")
            .set(EventField.INPUT_TOKENS, 1000L)
            .set(EventField.OUTPUT_TOKENS, 500L)
            .set(EventField.CACHE_READ_TOKENS, 400L)
            .build();
    assertMicroUsd(Usage.newBuilder(event), 1500 + 500 + 5000);
  }
}
