// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of LiteLLM's entries: a line of the snapshot, or a line of the report. */
class LiteLlmPricesTest {

  private static LiteLlmPrices of(String json) {
    return new LiteLlmPrices(PriceSnapshotTest.EXACT.readTree(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"M":{"mode":"chat","input_cost_per_token":2.5e-06,"output_cost_per_token":1e-05,"max_input_tokens":9}} | context_window=9 input=2.5 output=10
          {"m":{"mode":"chat","input_cost_per_token":2e-6,"output_cost_per_token":8e-6,"input_cost_per_token_above_272k_tokens_priority":8e-6,"output_cost_per_token_batches":4e-6}} | input=2 input>272k.priority=8 output=8 output.batch=4
          {"m":{"mode":"chat","input_cost_per_token":3e-6,"output_cost_per_token":15e-6,"cache_read_input_token_cost":3e-7,"cache_creation_input_token_cost":3.75e-6,"cache_creation_input_token_cost_above_1hr":6e-6,"cache_creation_input_token_cost_above_1hr_above_200k_tokens":12e-6}} | cache_read=0.3 cache_write=3.75 cache_write_1h=6 cache_write_1h>200k=12 input=3 output=15
          {"m":{"mode":"chat","input_cost_per_token":2e-6,"output_cost_per_token":8e-6,"output_cost_per_reasoning_token":3e-6,"input_cost_per_audio_token":4e-5,"output_cost_per_audio_token":8e-5}} | audio_input=40 audio_output=80 input=2 output=8 reasoning=3
          {"m":{"mode":"chat","tiered_pricing":[{"range":[0,32000.0],"input_cost_per_token":1e-6,"output_cost_per_token":5e-6},{"range":[32000.0,128000.0],"input_cost_per_token":2e-6,"output_cost_per_token":9e-6}]}} | input=1 input>32k=2 output=5 output>32k=9
          {"m":{"mode":"embedding","input_cost_per_token":2e-8}} | input=0.02 output=0
          {"m":{"mode":"chat","input_cost_per_token":0.0000029999900000000002,"output_cost_per_token":0.000015000020000000002}} | input=2.99999 output=15.00002
          {"m":{"mode":"chat","input_cost_per_token":1e-6,"output_cost_per_token":1e-6,"input_cost_per_token_cache_hit":1e-7}} | cache_read=0.1 input=1 output=1
          {"m":{"mode":"chat","litellm_provider":"ollama","input_cost_per_token":0.0,"output_cost_per_token":0.0}} | input=0 output=0
          {"m":{"mode":"moderation","litellm_provider":"openai","input_cost_per_token":0.0,"output_cost_per_token":0.0}} | input=0 output=0
          {"m":{"mode":"chat","max_input_tokens":64000}} | context_window=64000
          """)
  void lines_ofWhatIsUnderstood(String json, String line) {
    assertThat(of(json).lines()).containsOnlyKeys("m").containsValue(line);
    assertThat(of(json).report()).doesNotContain("left out");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"m":{"mode":"chat","max_input_tokens":5,"input_cost_per_token":"free","output_cost_per_token":1e-6}} | m: all prices left out because of input_cost_per_token="free"
          {"m":{"mode":"chat","max_input_tokens":5,"input_cost_per_token":-1e-6,"output_cost_per_token":1e-6}} | m: all prices left out because of input_cost_per_token=
          {"m":{"mode":"chat","max_input_tokens":5,"input_cost_per_token":0.015,"output_cost_per_token":0.06}} | m: all prices left out because of input_cost_per_token=0.015, output_cost_per_token=0.06
          {"m":{"mode":"chat","max_input_tokens":5,"input_cost_per_token":1e-14,"output_cost_per_token":1e-6}} | m: all prices left out because of input_cost_per_token=
          {"m":{"mode":"chat","max_input_tokens":5,"input_cost_per_token":1e-6}} | m: all prices left out: no price of output
          {"m":{"mode":"chat","max_input_tokens":5,"litellm_provider":"bedrock","input_cost_per_token":0,"output_cost_per_token":0}} | m: all prices left out: 0, and not known to be free
          {"m-cloud":{"mode":"chat","max_input_tokens":5,"litellm_provider":"ollama","input_cost_per_token":0,"output_cost_per_token":0}} | m-cloud: all prices left out: 0
          {"m":{"mode":"chat","max_input_tokens":5,"tiered_pricing":[{"range":[0,9],"input_cost_per_token":1e-6},{"range":[500,900],"input_cost_per_token":1e-6}]}} | m: all prices left out because of input_cost_per_token=
          """)
  void lines_ofPricesThatCannotBe_haveNone_andTheReportSaysWhy(String json, String reported) {
    LiteLlmPrices prices = of(json);
    assertThat(prices.lines().values()).containsExactly("context_window=5");
    assertThat(prices.report()).contains(reported);
  }

  @Test
  void lines_ofOneUnbelievablePrice_haveTheOthers() {
    LiteLlmPrices prices =
        of(
            """
            {"m":{"mode":"chat","input_cost_per_token":5e-8,"output_cost_per_token":4e-7,
                  "input_cost_per_token_priority":2.5e-6},
             "n":{"mode":"chat","input_cost_per_token":1.5e-5,"output_cost_per_token":7.5e-5,
                  "cache_creation_input_token_cost":1.875e-5,
                  "cache_creation_input_token_cost_above_1hr":6e-6}}
            """);
    assertThat(prices.lines())
        .containsEntry("m", "input=0.05 output=0.4")
        .containsEntry("n", "cache_write=18.75 input=15 output=75");
    assertThat(prices.report())
        .contains("m: left out, not believable beside the standard prices: input.priority=2.5")
        .contains("n: left out, not believable beside the standard prices: cache_write_1h=6");
  }

  @Test
  void report_namesWhatIsNotInTheSnapshot() {
    LiteLlmPrices prices =
        of(
            """
            {"sample_spec":{"mode":"one of"}, "last_updated":"2026-08-01",
             "draw":{"mode":"image_generation","output_cost_per_image":0.04},
             "bad key":{"mode":"chat"}, "no-object":5, "nothing":{"mode":"chat"},
             "m":{"mode":"chat","max_input_tokens":"many","input_cost_per_token":1e-6,
                  "output_cost_per_token":1e-6,"input_cost_per_token_ultrafast":1e-5},
             "Twice":{"mode":"chat","max_input_tokens":1}, "twice":{"mode":"chat","max_input_tokens":2}}
            """);
    assertThat(prices.lines()).containsOnlyKeys("m");
    assertThat(prices.report())
        .startsWith("1 models\n")
        .contains("not sold by the token: 1 image_generation\n")
        .contains("field not used: input_cost_per_token_ultrafast of 1 models\n")
        .contains("bad key: no model, or a name")
        .contains("no-object: no model, or a name")
        .contains("nothing: neither a price nor a limit")
        .contains("m: context_window left out, no number of tokens: \"many\"")
        .contains("twice: is there twice")
        .doesNotContain("sample_spec")
        .doesNotContain("last_updated");
  }
}
