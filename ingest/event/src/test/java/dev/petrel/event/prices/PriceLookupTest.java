// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names as they are in traffic, against the bundled table. */
class PriceLookupTest {
  private static final PriceTable BUNDLED = PriceTable.bundled();

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          openai, gpt-4o, gpt-4o
          openai, gpt-4o-2024-08-06, gpt-4o-2024-08-06
          openai, GPT-4o, gpt-4o
          openai, gpt-4o-2031-01-15, gpt-4o
          openai, gpt-5-2025-08-07, gpt-5-2025-08-07
          openai, chatgpt-4o-latest, chatgpt-4o-latest
          openai, o3-2025-04-16, o3-2025-04-16
          openai, text-embedding-3-small, text-embedding-3-small
          openai, openai/gpt-4o-mini, gpt-4o-mini
          openai, ft:gpt-4o-mini-2024-07-18:org::id, ft:gpt-4o-mini-2024-07-18
          openai, ft:gpt-4o-mini-2024-07-18:org:suffix:1234, ft:gpt-4o-mini-2024-07-18
          openai, deepseek-chat, deepseek-chat
          , gpt-4.1, gpt-4.1
          azure.ai.openai, gpt-4o-2024-08-06, azure/gpt-4o-2024-08-06
          az.ai.openai, gpt-4o, azure/gpt-4o
          Azure OpenAI, gpt-4.1-2025-04-14, azure/gpt-4.1-2025-04-14
          azure, gpt-35-turbo, azure/gpt-35-turbo
          azure, eu/gpt-4o-2024-08-06, azure/eu/gpt-4o-2024-08-06
          azure, DeepSeek-V3.2, azure_ai/deepseek-v3.2
          , azure/DeepSeek-V3.2, azure_ai/deepseek-v3.2
          , azure/Kimi-K2.5, azure_ai/kimi-k2.5
          azure.ai.inference, Llama-3.3-70B-Instruct, azure_ai/llama-3.3-70b-instruct
          anthropic, claude-sonnet-4-5, claude-sonnet-4-5
          anthropic, claude-sonnet-4-5-20250929, claude-sonnet-4-5-20250929
          anthropic, claude-haiku-4-5-20251001, claude-haiku-4-5-20251001
          anthropic, claude-3-haiku-20240307, claude-3-haiku-20240307
          anthropic, claude-opus-4-5-20311231, claude-opus-4-5
          anthropic, anthropic/claude-opus-4-5, claude-opus-4-5
          aws.bedrock, us.anthropic.claude-3-5-sonnet-20241022-v2:0, us.anthropic.claude-3-5-sonnet-20241022-v2:0
          aws.bedrock, anthropic.claude-3-haiku-20240307-v1:0, anthropic.claude-3-haiku-20240307-v1:0
          bedrock, sa.anthropic.claude-3-haiku-20240307-v1:0, anthropic.claude-3-haiku-20240307-v1:0
          bedrock, ca.anthropic.claude-haiku-4-5-20251001-v1:0, anthropic.claude-haiku-4-5-20251001-v1:0
          aws.bedrock, amazon.nova-pro-v1:0, amazon.nova-pro-v1:0
          aws.bedrock, anthropic.claude-3-haiku-20240307-v1:0:48k, anthropic.claude-3-haiku-20240307-v1:0
          , bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0, us.anthropic.claude-sonnet-4-5-20250929-v1:0
          bedrock, arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0, anthropic.claude-3-haiku-20240307-v1:0
          bedrock, arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0, us.anthropic.claude-sonnet-4-5-20250929-v1:0
          gcp.gemini, models/gemini-2.0-flash, gemini/gemini-2.0-flash
          gcp.gemini, gemini-2.5-pro, gemini/gemini-2.5-pro
          gcp.gen_ai, gemini-2.5-flash, gemini/gemini-2.5-flash
          gcp.vertex_ai, gemini-2.5-pro, gemini-2.5-pro
          vertex_ai, publishers/google/models/gemini-2.0-flash-001, gemini-2.0-flash-001
          gcp.vertex_ai, projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash, gemini-2.5-flash
          gcp.vertex_ai, claude-sonnet-4-5@20250929, vertex_ai/claude-sonnet-4-5@20250929
          , publishers/anthropic/models/claude-sonnet-4, vertex_ai/claude-sonnet-4
          mistral_ai, mistral-large-latest, mistral/mistral-large-latest
          mistral_ai, mistral-large-2411, mistral/mistral-large-2411
          cohere, command-r-plus-08-2024, command-r-plus-08-2024
          deepseek, deepseek-reasoner, deepseek/deepseek-reasoner
          x_ai, grok-4-0709, xai/grok-4-0709
          xai, grok-4, xai/grok-4
          groq, llama-3.3-70b-versatile, groq/llama-3.3-70b-versatile
          groq, openai/gpt-oss-120b, groq/openai/gpt-oss-120b
          perplexity, sonar-pro, perplexity/sonar-pro
          moonshot_ai, kimi-k2.5, moonshot/kimi-k2.5
          openrouter, openai/gpt-4o, openrouter/openai/gpt-4o
          openrouter, anthropic/claude-haiku-4-5, claude-haiku-4-5
          openrouter, moonshotai/kimi-k2.5, openrouter/moonshotai/kimi-k2.5
          together, moonshotai/Kimi-K2.5, together_ai/moonshotai/kimi-k2.5
          together_ai, meta-llama/Llama-3.3-70B-Instruct-Turbo, together_ai/meta-llama/llama-3.3-70b-instruct-turbo
          fireworks, accounts/fireworks/models/kimi-k2p5, fireworks_ai/accounts/fireworks/models/kimi-k2p5
          , accounts/fireworks/models/deepseek-v3, fireworks_ai/accounts/fireworks/models/deepseek-v3
          deepinfra, meta-llama/Llama-3.3-70B-Instruct, deepinfra/meta-llama/llama-3.3-70b-instruct
          cerebras, llama-3.3-70b, cerebras/llama-3.3-70b
          ollama, llama3.1, ollama/llama3.1
          ibm.watsonx.ai, meta-llama/llama-3-3-70b-instruct, watsonx/meta-llama/llama-3-3-70b-instruct
          """)
  void entry_ofANameInTraffic(String provider, String model, String key) {
    PriceEntry entry = BUNDLED.entry(provider, model);
    assertThat(entry.name()).isEqualTo(key);
    assertThat(entry.prices()).as("prices").isNotNull();
  }

  /** What comes close to a model of the table and is another one, or is sold otherwise. */
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          openai, gpt-4o-audio
          openai, gpt-4o-image
          openai, gpt-4o-2024-13-40
          openai, gpt-4o-2024-08
          openai, gpt-4o:free
          openai, gpt-4o-mini-high
          openai, xgpt-4o
          openai, gpt-4oo
          openai, gpt
          openai, o3-deep
          openai, ft:gpt-9-2031-01-01:org::id
          openai, ft:o3:org::id
          azure, gpt-4o-mini-2024-07-18.ft-0123456789abcdef
          azure, my-gpt-4o
          anthropic, claude-3
          anthropic, claude-opus
          anthropic, claude-haiku-4-5-thinking
          anthropic, claude
          bedrock, arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc
          bedrock, arn:aws:bedrock:us-east-1:123456789012:custom-model/anthropic.claude-3-haiku-20240307-v1:0/x
          gcp.vertex_ai, projects/p/locations/us-central1/endpoints/123
          gcp.gemini, gemini-2.5
          gcp.gemini, gemini-2.5-flash-turbo
          gcp.gemini, gemini-2.5-flash-002
          mistral_ai, mistral
          openrouter, meta-llama/llama-3.3-70b-instruct:free
          openrouter, deepseek/deepseek-chat-v9
          fireworks, accounts/acme/models/kimi-k2p5
          fireworks, gpt-4o
          groq, gpt-4o
          groq, claude-sonnet-4-5
          ollama, gpt-4o
          ollama, mistral-large-latest
          vllm, deepseek-chat
          vllm, gpt-4o
          LM Studio, openai/gpt-4o
          github_copilot, gpt-9
          together, deepseek-chat
          """)
  void entry_ofANearMiss_isAbsent(String provider, String model) {
    assertThat(BUNDLED.entry(provider, model).isAbsent())
        .as(BUNDLED.entry(provider, model).name())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4o-audio-preview-2031-01-01, gpt-4o-audio-preview",
    "gpt-4o-mini-2031-01-01, gpt-4o-mini",
    "o3-mini-2031-01-01, o3-mini",
    "gpt-4.1-nano-2031-01-01, gpt-4.1-nano",
  })
  void entry_losesItsDate_andNothingElse(String model, String key) {
    assertThat(BUNDLED.entry("openai", model).name()).isEqualTo(key);
  }

  @Test
  void entry_ofASubscription_isKnownAndHasNoPrice() {
    PriceEntry entry = BUNDLED.entry("github_copilot", "gpt-4o");
    assertThat(entry.name()).isEqualTo("github_copilot/gpt-4o");
    assertThat(entry.prices()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "/", "//", ":", "-latest", "@", "ft:", "arn:", "models/", "*"})
  void entry_ofNoName_isAbsent(String model) {
    assertThat(BUNDLED.entry("openai", model).isAbsent()).isTrue();
    assertThat(BUNDLED.entry(null, model).isAbsent()).isTrue();
    assertThat(BUNDLED.entry("", model).isAbsent()).isTrue();
  }

  @Test
  void contextWindow_isOfTheSameEntry() {
    assertThat(BUNDLED.contextWindow("openai", "gpt-4o-2024-08-06")).isEqualTo(128_000);
    assertThat(BUNDLED.maxOutputTokens("openai", "gpt-4o-2024-08-06")).isEqualTo(16_384);
    assertThat(BUNDLED.contextWindow("openai", "no-such-model")).isNull();
    assertThat(BUNDLED.maxOutputTokens(null, null)).isNull();
  }
}
