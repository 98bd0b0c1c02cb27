// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import static dev.petrel.event.prices.Tables.SMALL;
import static dev.petrel.event.prices.Tables.overrides;
import static dev.petrel.event.prices.Tables.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceOverridesTest {

  private static long nanoUsd(PriceTable table, Usage.Builder usage) {
    Cost cost = table.cost(usage.build());
    assertThat(cost).isNotNull();
    return cost.nanoUsd();
  }

  @Test
  void read_ofEveryKey() {
    PriceTable table =
        Tables.with(
            """
            models:
              - model: house-model
                provider: azure
                input: 2
                output: 10
                cache_read: 0.2
                cache_write: 2.5
                cache_write_1h: 5
                reasoning: 12
                audio_input: 20
                audio_output: 40
                batch: {input: 1.5, output: 6}
                flex: {input: 1}
                priority: {input: 4, output: 30, cache_read: 0.7}
                above:
                  - {input_tokens: 1500, input: 3, output: 11}
                context_window: 99000
                max_output_tokens: 4000
            """);
    Usage.Builder usage = usage("house-model", 1000, 100).provider("azure.ai.openai");
    assertThat(nanoUsd(table, usage)).isEqualTo(3_000_000);
    assertThat(nanoUsd(table, usage.cacheReadTokens(500))).isEqualTo(2_100_000);
    assertThat(nanoUsd(table, usage.reasoningTokens(50))).isEqualTo(2_200_000);
    assertThat(nanoUsd(table, usage.serviceTier("priority"))).isEqualTo(5_650_000);
    usage = usage("house-model", 1000, 100).provider("azure.ai.openai");
    assertThat(nanoUsd(table, usage.batch(true))).isEqualTo(2_100_000);
    // Flex halves the input, and so the output.
    assertThat(nanoUsd(table, usage.batch(false).serviceTier("flex"))).isEqualTo(1_500_000);
    usage = usage("house-model", 2000, 100).provider("azure.ai.openai");
    assertThat(nanoUsd(table, usage)).isEqualTo(7_100_000);
    assertThat(table.contextWindow("azure", "House-Model")).isEqualTo(99_000);
    assertThat(table.maxOutputTokens("azure", "house-model")).isEqualTo(4000);
  }

  @Test
  void cost_namesTheEntryAndTheVersion() {
    PriceOverrides overrides = overrides("models: [{model: gpt-4o*, input: 1, output: 1}]");
    Cost cost = SMALL.withOverrides(overrides).cost(usage("gpt-4o", 1000, 0).build());
    assertThat(cost).isNotNull();
    assertThat(cost.pricedAs()).isEqualTo("override:gpt-4o*");
    assertThat(cost.priceVersion()).isEqualTo("test-1+" + overrides.hash());
    assertThat(SMALL.withOverrides(PriceOverrides.none()).version()).isEqualTo("test-1");
  }

  @Test
  void hash_changesWithWhatIsSaid_andNotWithHow() {
    String one = overrides("models: [{model: m, input: 1.50, output: 1}]").hash();
    assertThat(overrides("# a comment\nmodels:\n - output: 1\n   input: 1.5\n   model: M\n").hash())
        .isEqualTo(one);
    assertThat(overrides("models: [{model: m, input: 1.51, output: 1}]").hash()).isNotEqualTo(one);
    assertThat(overrides("models: [{model: m, input: 1.50, output: 1, provider: x}]").hash())
        .isNotEqualTo(one);
  }

  @ParameterizedTest
  @CsvSource({
    // model of the entry, model called, whether the entry is taken
    "gpt-4o, gpt-4o, true",
    "GPT-4O, gpt-4o, true",
    "gpt-4o, gpt-4o-2031-01-01, true",
    "gpt-4o, openai/gpt-4o, true",
    "gpt-4o, models/gpt-4o-latest, true",
    "gpt-4o*, gpt-4o-anything, true",
    "*4o*, azure/gpt-4o-x, true",
    "gpt-?o, gpt-4o, true",
    "gpt-??o, gpt-4o, false",
    "gpt-4o, gpt-4o-audio, false",
    "gpt-4o, xgpt-4o, false",
    "*, whatever, true",
    "house/*, house/a/b, true",
  })
  void find_ofAPattern(String entry, String called, boolean taken) {
    PriceTable table = Tables.with("models: [{model: '" + entry + "', input: 7, output: 7}]");
    assertThat(
            table.entry(null, called).name().equals("override:" + entry.toLowerCase(Locale.ROOT)))
        .isEqualTo(taken);
  }

  @Test
  void find_takesTheFirstThatFits() {
    PriceTable table =
        Tables.with(
            """
            models:
              - {model: gpt-4o, provider: azure, input: 1, output: 1}
              - {model: gpt-4o, input: 2, output: 2}
              - {model: "gpt-*", input: 3, output: 3}
              - {model: gpt-5, input: 4, output: 4}
            """);
    assertThat(nanoUsd(table, usage("gpt-4o", 1, 0).provider("az.ai.openai"))).isEqualTo(1000);
    assertThat(nanoUsd(table, usage("azure/gpt-4o", 1, 0))).isEqualTo(1000);
    assertThat(nanoUsd(table, usage("gpt-4o", 1, 0).provider("openai"))).isEqualTo(2000);
    assertThat(nanoUsd(table, usage("gpt-5", 1, 0))).isEqualTo(3000);
  }

  @Test
  void find_winsAtEachStep_andALaterStepDoesNotReachAnEarlierOne() {
    String dated = "gpt-4o-2031-01-01";
    // The bundled table does not have the dated name: the entry for the plain one is next, and
    // wins.
    assertThat(
            nanoUsd(
                Tables.with("models: [{model: gpt-4o, input: 7, output: 7}]"), usage(dated, 1, 0)))
        .isEqualTo(7000);
    // It does have gpt-4o: an entry that fits only a shorter name is not asked.
    PriceTable table =
        Tables.of("openai/gpt-4o input=2.5 output=10\n")
            .withOverrides(overrides("models: [{model: gpt-4o, input: 7, output: 7}]"));
    assertThat(nanoUsd(table, usage("openai/gpt-4o", 1, 0))).isEqualTo(2500);
  }

  @Test
  void find_pricesWhatTheTableHasNot_andLocalModelsAtZero() {
    PriceTable table = Tables.with("models: [{model: '*', provider: vllm, input: 0, output: 0}]");
    assertThat(nanoUsd(table, usage("gpt-4o", 1000, 10).provider("hosted_vllm"))).isZero();
    assertThat(nanoUsd(table, usage("gpt-4o", 1000, 10).provider("openai"))).isPositive();
  }

  @Test
  void find_withLimitsOnly_leavesPricesAsTheyAre_andTheOtherWayRound() {
    PriceTable limits = Tables.with("models: [{model: gpt-4o, context_window: 500}]");
    assertThat(limits.contextWindow(null, "gpt-4o")).isEqualTo(500);
    assertThat(limits.maxOutputTokens(null, "gpt-4o")).isEqualTo(16_384);
    assertThat(nanoUsd(limits, usage("gpt-4o", 1, 0))).isEqualTo(2500);
    PriceTable prices = Tables.with("models: [{model: gpt-4o, input: 7, output: 7}]");
    assertThat(prices.contextWindow(null, "gpt-4o")).isEqualTo(128_000);
    // All prices are replaced: cached input has none of its own any more.
    assertThat(nanoUsd(prices, usage("gpt-4o", 2, 0).cacheReadTokens(1))).isEqualTo(14_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model: [x]                                  | prices.yaml:1: model: is no key; allowed are models
          models: 5                                   | prices.yaml:1: models: '5' must be a list
          models: [5]                                 | prices.yaml:1: models[0]: '5' must be a map with these keys: model, provider, input
          models: [{input: 1, output: 1}]             | prices.yaml:1: models[0]: model is missing
          models: [{model: m}]                        | prices.yaml:1: models[0] (m): states nothing; allowed are model, provider, input
          models: [{model: m, input: 1}]              | prices.yaml:1: models[0] (m): output is missing
          models: [{model: m, output: 1}]             | prices.yaml:1: models[0] (m): input is missing
          models: [{model: m, batch: {input: 1}}]     | prices.yaml:1: models[0] (m): input is missing
          models: [{model: m, prompt: 1}]             | prices.yaml:1: models[0].prompt: is no key; allowed are model, provider, input
          models: [{model: m, input: abc}]            | prices.yaml:1: models[0].input: 'abc' is no price; allowed are USD per million tokens
          models: [{model: m, input: '2.5'}]          | prices.yaml:1: models[0].input: '2.5' is no price
          models: [{model: m, input: 2,5}]            | prices.yaml:1: models[0].5: is no key
          models: [{model: m, input: -1}]             | prices.yaml:1: models[0].input: '-1' is no price (must be from 0 to 100000)
          models: [{model: m, input: 100001}]         | prices.yaml:1: models[0].input: '100001' is no price (must be from 0 to 100000)
          models: [{model: m, input: 0.0000025}]      | prices.yaml:1: models[0].input: '0.0000025' is no price (may have 6 decimals at most)
          models: [{model: m, input: 1.0e-99999999}]  | prices.yaml:1: models[0].input: '1.0e-99999999' is no price
          models: [{model: m, input: .nan}]           | prices.yaml:1: models[0].input: '.nan' is no price
          models: [{model: m, input: ~}]              | prices.yaml:1: models[0].input: '~' is no price
          models: [{model: m, input: [1]}]            | prices.yaml:1: models[0].input: a list is no price
          models: [{model: m, input: 1, input: 2}]    | prices.yaml:1: models[0].input: is there twice
          models: [{model: 7, input: 1}]              | prices.yaml:1: models[0].model: '7' must be a text of 1 to 256 characters
          models: [{model: '', input: 1}]             | prices.yaml:1: models[0].model: '' must be a text of 1 to 256 characters
          models: [{model: *mini, input: 1}]          | prices.yaml:1: models[0].model: *mini must be in quotes
          models: [{model: m, provider: '-'}]         | prices.yaml:1: models[0].provider: must have a letter or digit
          models: [{model: m, context_window: 0}]     | prices.yaml:1: models[0].context_window: '0' must be a whole number from 1 on
          models: [{model: m, context_window: 1.5}]   | prices.yaml:1: models[0].context_window: '1.5' must be a whole number from 1 on
          models: [{model: m, flex: 5}]               | prices.yaml:1: models[0].flex: '5' must be a map with these keys: input, output
          models: [{model: m, flex: {speed: 5}}]      | prices.yaml:1: models[0].flex.speed: is no key; allowed are input, output
          models: [{model: m, standard: {input: 5}}]  | prices.yaml:1: models[0].standard: is no key
          models: [{model: m, above: {}}]             | prices.yaml:1: models[0].above: a map must be a list
          models: [{model: m, above: [{input: 1}]}]   | prices.yaml:1: models[0].above[0]: input_tokens is missing
          models: [{model: m, above: [{input_tokens: 5}]}] | prices.yaml:1: models[0].above[0]: states no price
          models: [{model: m, above: [{input_tokens: 5, input: 1}, {input_tokens: 5, input: 1}]}] | prices.yaml:1: models[0].above[1]: input above 5 is there twice
          models: [                                   | prices.yaml:2: while parsing a flow node: expected the node content
          """)
  void read_ofAFault_saysWhereAndWhatIsAllowed(String yaml, String message) {
    assertThatThrownBy(() -> overrides(yaml + "\n"))
        .isInstanceOf(InvalidPriceFileException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void read_ofAFault_namesItsLine() {
    assertThatThrownBy(
            () ->
                overrides(
                    """
                    models:
                      - model: a
                        input: 1
                        output: 1
                      - model: b
                        input: 1
                        output: one
                    """))
        .hasMessageStartingWith("prices.yaml:7: models[1].output: 'one' is no price");
  }

  @Test
  void read_ofAnEmptyFile_isRefused() {
    assertThatThrownBy(() -> overrides("# nothing\n"))
        .hasMessage("prices.yaml:2: an empty file must be a map with these keys: models");
  }

  @Test
  void read_ofSeveralDocuments_isRefused() {
    assertThatThrownBy(() -> overrides("models: []\n---\nmodels: []\n"))
        .hasMessageContaining("one document is allowed");
  }

  @Test
  void read_ofAnUnknownFormat_isRefused() {
    assertThatThrownBy(() -> PriceOverrides.read("prices.txt", new StringReader("")))
        .hasMessage("prices.txt: the name must end in .yaml, .yml or .json");
  }

  @Test
  void read_ofJson_isTheSame(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("prices.json");
    Files.writeString(file, "{\"models\":[{\"model\":\"m\",\"input\":1.5,\"output\":2}]}");
    PriceOverrides json = PriceOverrides.read(file);
    assertThat(json.size()).isEqualTo(1);
    assertThat(json.hash())
        .isEqualTo(overrides("models: [{model: m, input: 1.5, output: 2}]").hash());
  }

  @Test
  void read_withoutTheYamlLibrary_saysWhatIsMissing_andJsonNeedsNone(@TempDir Path directory)
      throws Exception {
    Path yaml = Files.writeString(directory.resolve("p.yaml"), "models: []");
    Path json = Files.writeString(directory.resolve("p.json"), "{\"models\": []}");
    URL[] withoutYaml = {
      PriceOverrides.class.getProtectionDomain().getCodeSource().getLocation(),
      com.fasterxml.jackson.core.JsonFactory.class
          .getProtectionDomain()
          .getCodeSource()
          .getLocation()
    };
    try (URLClassLoader loader =
        new URLClassLoader(withoutYaml, ClassLoader.getPlatformClassLoader())) {
      var read = loader.loadClass(PriceOverrides.class.getName()).getMethod("read", Path.class);
      assertThat(read.invoke(null, json)).isNotNull();
      assertThatThrownBy(() -> read.invoke(null, yaml))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .hasMessageContaining("needs com.fasterxml.jackson.dataformat:jackson-dataformat-yaml")
          .hasMessageContaining("or write the same as JSON");
    }
  }

  @Test
  void read_ofTheDocumentedExample() throws Exception {
    String document =
        Files.readString(
            Path.of(System.getProperty("basedir", "")).resolve("../../docs/prices.md"));
    String example = document.split("```yaml\n", -1)[1].split("```", -1)[0];
    assertThat(overrides(example).size()).isEqualTo(4);
  }
}
