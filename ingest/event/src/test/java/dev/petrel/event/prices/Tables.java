// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Random;

/** Small price tables for tests, which no change of the bundled one reaches. */
final class Tables {
  /** Prices as they were on the makers' pages, so that costs can be checked by hand. */
  static final PriceTable SMALL =
      of(
          """
          claude-3 input=1 output=1
          claude-sonnet-4-5 input=3 output=15 cache_read=0.3 cache_write=3.75 input>200k=6 output>200k=22.5
          deepinfra/deepseek-v3 input=0.3 output=0.9
          deep-research input=2 output=8 reasoning=3
          gpt-4 input=30 output=60
          gpt-4o context_window=128000 max_output_tokens=16384 input=2.5 output=10 cache_read=1.25 input.batch=1.25 output.batch=5 input.priority=4.25 output.priority=17 cache_read.priority=2.125
          gpt-4o-audio input=2.5 output=10 audio_input=40 audio_output=80
          gpt-5.4 input=2.5 output=15 cache_read=0.25 input>272k=5 output>272k=22.5 input.flex=1.25 output.flex=7.5
          kimi-k2 input=0.6 output=2.5
          llama-3.3-70b input=0.5 output=0.5
          mini-embed context_window=8192 input=0.02 output=0
          o3 input=2 output=8 cache_read=0.5 input.flex=1 output.flex=4 cache_read.flex=0.25
          ollama/llama3 input=0 output=0
          qwen-coder input=1 output=5 input>32k=1.8 output>32k=9 input>128k=3 output>128k=15
          subscription/gpt-4o context_window=64000
          tiny input=0.000001 output=0.000001
          #version test-1
          """);

  private Tables() {}

  static PriceTable of(String snapshot) {
    return new PriceTable(PriceSnapshot.of(snapshot), PriceOverrides.none());
  }

  /** The small table with an operator's entries, in YAML. */
  static PriceTable with(String yaml) {
    return SMALL.withOverrides(overrides(yaml));
  }

  static PriceOverrides overrides(String yaml) {
    try {
      return PriceOverrides.read("prices.yaml", new StringReader(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Usage of a model without a provider. */
  static Usage.Builder usage(String model, long inputTokens, long outputTokens) {
    return Usage.newBuilder()
        .requestModel(model)
        .inputTokens(inputTokens)
        .outputTokens(outputTokens);
  }

  /** Random numbers that -Dpetrel.seed=… repeats; the seed is printed. */
  static Random seeded(String test) {
    long seed = Long.getLong("petrel.seed", System.nanoTime());
    System.out.println(test + ": -Dpetrel.seed=" + seed);
    return new Random(seed);
  }
}
