// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageCountsTest {

  /** Input, output, cache read, cache write, reasoning; -1 is unknown. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120}}|100 20 -1 -1 -1",
        "{\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"prompt_tokens_details\":{\"cached_tokens\":64},\"completion_tokens_details\":{\"reasoning_tokens\":15}}}|100 20 64 -1 15",
        "{\"usage\":{\"input_tokens\":100,\"output_tokens\":20,\"input_tokens_details\":{\"cached_tokens\":64},\"output_tokens_details\":{\"reasoning_tokens\":0}}}|100 20 64 -1 0",
        "{\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":80,\"cache_creation_input_tokens\":5,\"output_tokens\":20}}|95 20 80 5 -1",
        "{\"usage\":{\"inputTokens\":10,\"outputTokens\":3,\"cacheReadInputTokens\":7,\"cacheWriteInputTokens\":0}}|17 3 7 0 -1",
        "{\"usageMetadata\":{\"promptTokenCount\":50,\"candidatesTokenCount\":6,\"thoughtsTokenCount\":30,\"cachedContentTokenCount\":40,\"toolUsePromptTokenCount\":2}}|52 36 40 -1 30",
        "{\"usage\":{\"prompt_tokens\":32,\"completion_tokens\":9,\"total_tokens\":135,\"completion_tokens_details\":{\"reasoning_tokens\":94}}}|32 103 -1 -1 94",
        "{\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,\"prompt_cache_hit_tokens\":8}}|9 1 8 -1 -1",
        "{\"prompt_eval_count\":26,\"eval_count\":298,\"done\":true}|26 298 -1 -1 -1",
        "{\"usage\":{\"prompt_tokens\":8,\"total_tokens\":8}}|8 -1 -1 -1 -1",
        "{\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}}|0 0 -1 -1 -1",
        "{\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":1.5}}|-1 -1 -1 -1 -1",
        "{\"usage\":{\"prompt_tokens\":99999999999999999999}}|-1 -1 -1 -1 -1",
        "{\"usage\":null}|-1 -1 -1 -1 -1",
        "{\"choices\":[{\"message\":{\"usage\":{\"prompt_tokens\":3}}}]}|-1 -1 -1 -1 -1"
      })
  void counts_areOfOneMeasure(String answer, String counts) {
    AnswerReader reader = new AnswerReader(AnswerReader.Framing.JSON, false);
    byte[] bytes = answer.getBytes(UTF_8);
    reader.feed(bytes, 0, bytes.length);
    UsageCounts usage = reader.usage();

    assertThat(
            "%d %d %d %d %d"
                .formatted(
                    usage.input(),
                    usage.output(),
                    usage.cacheRead(),
                    usage.cacheWrite(),
                    usage.reasoning()))
        .isEqualTo(counts);
    assertThat(usage.isReported()).isEqualTo(!counts.startsWith("-1 -1"));
  }
}
