// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelNamesTest {

  @ParameterizedTest
  @CsvSource({
    "gpt-4o-2024-08-06, gpt-4o",
    "claude-3-5-sonnet-20241022, claude-3-5-sonnet",
    "claude-sonnet-4@20250514, claude-sonnet-4",
    "gpt-4o, gpt-4o",
    "azure/DeepSeek-V3.2, azure/DeepSeek-V3.2",
    "gpt-4-0613, gpt-4-0613",
    "text-embedding-3-large, text-embedding-3-large",
    "2024-08-06, 2024-08-06",
    "-20241022, -20241022",
    "model-12345678, model-12345678",
    "model-99999999, model-99999999",
    "o1, o1"
  })
  void normalised_stripsADateAtTheEndAndNothingElse(String model, String expected) {
    assertThat(ModelNames.normalised(model)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "' gpt-4o ', gpt-4o",
    "ft:gpt-4o-mini-2024-07-18:acme:support:9abc, ft:gpt-4o-mini",
    "ft:gpt-4o, ft:gpt-4o",
    "models/gemini-2.5-pro, gemini-2.5-pro",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-v1:0,"
        + " us.anthropic.claude-v1:0",
    "anthropic.claude-3-haiku-20240307-v1:0, anthropic.claude-3-haiku-20240307-v1:0",
    "Qwen/Qwen2.5-72B-Instruct, Qwen/Qwen2.5-72B-Instruct",
    "'write a poem', __invalid__",
    "'{{model}}', __invalid__",
    "gpt‑4o, __invalid__",
    "models/, __invalid__",
    "'   ', __invalid__"
  })
  void normalised_givesSpellingsOfAModelOneNameAndJunkAnother(String model, String expected) {
    assertThat(ModelNames.normalised(model)).isEqualTo(expected);
  }

  @Test
  void normalised_allowsNamesOf128CharactersAndNoLongerOnes() {
    assertThat(ModelNames.normalised("m".repeat(128))).isEqualTo("m".repeat(128));
    assertThat(ModelNames.normalised("m".repeat(129))).isEqualTo(ModelNames.INVALID);
  }
}
