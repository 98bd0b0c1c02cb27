// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import static org.assertj.core.api.Assertions.assertThat;

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
  void withoutDate_stripsADateAtTheEndAndNothingElse(String model, String expected) {
    assertThat(ModelNames.withoutDate(model)).isEqualTo(expected);
  }
}
