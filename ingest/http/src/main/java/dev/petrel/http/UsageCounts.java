// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The token counts of an answer, as providers name them, and what they come to by one measure:
 * input includes what caches held, output includes reasoning. Later counts replace earlier ones, as
 * streams repeat them. Not thread-safe.
 */
final class UsageCounts {

  /** No count was sent. Not zero. */
  static final long UNKNOWN = -1;

  enum Kind {
    /** Input, caches included: OpenAI's and Google's. */
    INPUT,
    /**
     * Input; without caches where {@link #CACHE_READ_BESIDE} or the write says how much they had.
     */
    INPUT_BESIDE_CACHE,
    /** Google's, of tools' results; beside {@link #INPUT}. */
    TOOL_INPUT,
    OUTPUT,
    /** Part of the output. */
    REASONING,
    /** Google's, beside {@link #OUTPUT}. */
    THOUGHTS_BESIDE,
    TOTAL,
    /** Part of the input. */
    CACHE_READ,
    CACHE_WRITE,
    /** Anthropic's and Bedrock's, beside the input. */
    CACHE_READ_BESIDE,
    CACHE_WRITE_BESIDE,
    /** Part of Anthropic's cache write, the dearer one. */
    CACHE_WRITE_1H
  }

  /** Where answers have what. */
  static final Map<String, Kind> PATHS = paths();

  private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);

  private static Map<String, Kind> paths() {
    Map<String, Kind> paths = new LinkedHashMap<>();
    for (String usage :
        List.of("usage.", "response.usage.", "message.usage.", "x_groq.usage.", "delta.usage.")) {
      paths.put(usage + "prompt_tokens", Kind.INPUT);
      paths.put(usage + "input_tokens", Kind.INPUT_BESIDE_CACHE);
      paths.put(usage + "inputTokens", Kind.INPUT_BESIDE_CACHE);
      paths.put(usage + "completion_tokens", Kind.OUTPUT);
      paths.put(usage + "output_tokens", Kind.OUTPUT);
      paths.put(usage + "outputTokens", Kind.OUTPUT);
      paths.put(usage + "total_tokens", Kind.TOTAL);
      paths.put(usage + "prompt_tokens_details.cached_tokens", Kind.CACHE_READ);
      paths.put(usage + "prompt_tokens_details.cache_write_tokens", Kind.CACHE_WRITE);
      paths.put(usage + "input_tokens_details.cached_tokens", Kind.CACHE_READ);
      paths.put(usage + "input_tokens_details.cache_write_tokens", Kind.CACHE_WRITE);
      paths.put(usage + "prompt_cache_hit_tokens", Kind.CACHE_READ);
      paths.put(usage + "completion_tokens_details.reasoning_tokens", Kind.REASONING);
      paths.put(usage + "output_tokens_details.reasoning_tokens", Kind.REASONING);
      paths.put(usage + "cache_read_input_tokens", Kind.CACHE_READ_BESIDE);
      paths.put(usage + "cache_creation_input_tokens", Kind.CACHE_WRITE_BESIDE);
      paths.put(usage + "cache_creation.ephemeral_1h_input_tokens", Kind.CACHE_WRITE_1H);
      paths.put(usage + "cacheReadInputTokens", Kind.CACHE_READ_BESIDE);
      paths.put(usage + "cacheWriteInputTokens", Kind.CACHE_WRITE_BESIDE);
      paths.put(usage + "tokens.input_tokens", Kind.INPUT);
      paths.put(usage + "tokens.output_tokens", Kind.OUTPUT);
    }
    paths.put("usageMetadata.promptTokenCount", Kind.INPUT);
    paths.put("usageMetadata.toolUsePromptTokenCount", Kind.TOOL_INPUT);
    paths.put("usageMetadata.candidatesTokenCount", Kind.OUTPUT);
    paths.put("usageMetadata.thoughtsTokenCount", Kind.THOUGHTS_BESIDE);
    paths.put("usageMetadata.cachedContentTokenCount", Kind.CACHE_READ);
    paths.put("prompt_eval_count", Kind.INPUT);
    paths.put("eval_count", Kind.OUTPUT);
    return paths;
  }

  /** Takes a count; what is none is passed over. */
  void put(Kind kind, String value) {
    if (value.isEmpty() || value.length() > 18) {
      return;
    }
    long count = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < '0' || c > '9') {
        return;
      }
      count = count * 10 + (c - '0');
    }
    counts.put(kind, count);
  }

  private long count(Kind kind) {
    return counts.getOrDefault(kind, UNKNOWN);
  }

  private long orZero(Kind kind) {
    return Math.max(count(kind), 0);
  }

  /** Whether the provider told how many tokens the call took. */
  boolean isReported() {
    return input() != UNKNOWN || output() != UNKNOWN;
  }

  /** All input tokens, {@link #UNKNOWN} when not told. */
  long input() {
    if (count(Kind.INPUT) != UNKNOWN) {
      return count(Kind.INPUT) + orZero(Kind.TOOL_INPUT);
    }
    long beside = count(Kind.INPUT_BESIDE_CACHE);
    return beside == UNKNOWN
        ? UNKNOWN
        : beside + orZero(Kind.CACHE_READ_BESIDE) + orZero(Kind.CACHE_WRITE_BESIDE);
  }

  /** All output tokens, {@link #UNKNOWN} when not told. */
  long output() {
    long output = count(Kind.OUTPUT);
    long thoughts = orZero(Kind.THOUGHTS_BESIDE);
    if (output == UNKNOWN) {
      return thoughts > 0 ? thoughts : UNKNOWN;
    }
    long reasoning = orZero(Kind.REASONING);
    // Some (xAI) count reasoning beside the output; their total gives that away.
    boolean isBeside =
        reasoning > 0 && input() != UNKNOWN && count(Kind.TOTAL) == input() + output + reasoning;
    return output + thoughts + (isBeside ? reasoning : 0);
  }

  /** Output tokens spent on reasoning, {@link #UNKNOWN} when not told. */
  long reasoning() {
    return count(Kind.REASONING) != UNKNOWN ? count(Kind.REASONING) : count(Kind.THOUGHTS_BESIDE);
  }

  /** Input tokens read from a cache, {@link #UNKNOWN} when not told. */
  long cacheRead() {
    return count(Kind.CACHE_READ) != UNKNOWN
        ? count(Kind.CACHE_READ)
        : count(Kind.CACHE_READ_BESIDE);
  }

  /** Input tokens written to a cache, {@link #UNKNOWN} when not told. */
  long cacheWrite() {
    return count(Kind.CACHE_WRITE) != UNKNOWN
        ? count(Kind.CACHE_WRITE)
        : count(Kind.CACHE_WRITE_BESIDE);
  }

  /** Those of {@link #cacheWrite} that are kept for an hour, {@link #UNKNOWN} when not told. */
  long cacheWriteOneHour() {
    return count(Kind.CACHE_WRITE_1H);
  }
}
