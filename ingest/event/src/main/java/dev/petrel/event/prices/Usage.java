// SPDX-License-Identifier: Apache-2.0
package dev.petrel.event.prices;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import org.jspecify.annotations.Nullable;

/**
 * What one call used: the model, the tier, and the tokens of each kind.
 *
 * <p>Counts are canonical, as in the event: input <em>includes</em> what was read from and written
 * to a cache, output <em>includes</em> reasoning. Anthropic's API reports input without either; who
 * reads it adds them. A negative count is an unknown one. Immutable.
 */
public final class Usage {
  /** A count that the provider did not report. */
  public static final long UNKNOWN = -1;

  final @Nullable String provider;
  final @Nullable String requestModel;
  final @Nullable String responseModel;
  final @Nullable String serviceTier;
  final boolean batch;
  final long inputTokens;
  final long outputTokens;
  final long cacheReadTokens;
  final long cacheWriteTokens;
  final long cacheWrite1hTokens;
  final long reasoningTokens;
  final long audioInputTokens;
  final long audioOutputTokens;

  private Usage(Builder builder) {
    provider = builder.provider;
    requestModel = builder.requestModel;
    responseModel = builder.responseModel;
    serviceTier = builder.serviceTier;
    batch = builder.batch;
    inputTokens = builder.inputTokens;
    outputTokens = builder.outputTokens;
    cacheReadTokens = builder.cacheReadTokens;
    cacheWriteTokens = builder.cacheWriteTokens;
    cacheWrite1hTokens = builder.cacheWrite1hTokens;
    reasoningTokens = builder.reasoningTokens;
    audioInputTokens = builder.audioInputTokens;
    audioOutputTokens = builder.audioOutputTokens;
  }

  /** Usage of which nothing is known yet. */
  public static Builder newBuilder() {
    return new Builder();
  }

  /** The provider, models and tokens of an event; its tier is not in the event. */
  public static Builder newBuilder(LlmCallEvent event) {
    return new Builder()
        .provider(event.get(EventField.PROVIDER))
        .requestModel(event.get(EventField.REQUEST_MODEL))
        .responseModel(event.get(EventField.RESPONSE_MODEL))
        .inputTokens(event.get(EventField.INPUT_TOKENS, UNKNOWN))
        .outputTokens(event.get(EventField.OUTPUT_TOKENS, UNKNOWN))
        .cacheReadTokens(event.get(EventField.CACHE_READ_TOKENS, UNKNOWN))
        .cacheWriteTokens(event.get(EventField.CACHE_WRITE_TOKENS, UNKNOWN))
        .reasoningTokens(event.get(EventField.REASONING_TOKENS, UNKNOWN));
  }

  @Override
  public String toString() {
    return "Usage{" + provider + " " + (responseModel != null ? responseModel : requestModel) + "}";
  }

  /** Collects what is known of a call's usage; all of it may be unknown. Not thread-safe. */
  public static final class Builder {
    private @Nullable String provider;
    private @Nullable String requestModel;
    private @Nullable String responseModel;
    private @Nullable String serviceTier;
    private boolean batch;
    private long inputTokens = UNKNOWN;
    private long outputTokens = UNKNOWN;
    private long cacheReadTokens = UNKNOWN;
    private long cacheWriteTokens = UNKNOWN;
    private long cacheWrite1hTokens = UNKNOWN;
    private long reasoningTokens = UNKNOWN;
    private long audioInputTokens = UNKNOWN;
    private long audioOutputTokens = UNKNOWN;

    private Builder() {}

    /** The provider, by its OpenTelemetry name, LiteLLM's, or a common spelling of either. */
    public Builder provider(@Nullable String provider) {
      this.provider = provider;
      return this;
    }

    /** The model asked for. */
    public Builder requestModel(@Nullable String requestModel) {
      this.requestModel = requestModel;
      return this;
    }

    /** The model that answered; it decides the price when the table has it. */
    public Builder responseModel(@Nullable String responseModel) {
      this.responseModel = responseModel;
      return this;
    }

    /** The tier that the <em>answer</em> names; what was asked for is not always what was sold. */
    public Builder serviceTier(@Nullable String serviceTier) {
      this.serviceTier = serviceTier;
      return this;
    }

    /** Whether the call was part of a batch, which wins over the tier. */
    public Builder batch(boolean batch) {
      this.batch = batch;
      return this;
    }

    /** All input tokens, cached ones included. */
    public Builder inputTokens(long tokens) {
      inputTokens = tokens;
      return this;
    }

    /** All output tokens, reasoning included. */
    public Builder outputTokens(long tokens) {
      outputTokens = tokens;
      return this;
    }

    /** Of the input, what was read from a cache; unknown counts as none. */
    public Builder cacheReadTokens(long tokens) {
      cacheReadTokens = tokens;
      return this;
    }

    /** Of the input, what was written to a cache for any time; unknown counts as none. */
    public Builder cacheWriteTokens(long tokens) {
      cacheWriteTokens = tokens;
      return this;
    }

    /** Of what was written to a cache, what is kept for an hour; unknown counts as none. */
    public Builder cacheWrite1hTokens(long tokens) {
      cacheWrite1hTokens = tokens;
      return this;
    }

    /** Of the output, reasoning; unknown counts as none. */
    public Builder reasoningTokens(long tokens) {
      reasoningTokens = tokens;
      return this;
    }

    /** Of the input, audio; unknown counts as none. */
    public Builder audioInputTokens(long tokens) {
      audioInputTokens = tokens;
      return this;
    }

    /** Of the output, audio; unknown counts as none. */
    public Builder audioOutputTokens(long tokens) {
      audioOutputTokens = tokens;
      return this;
    }

    /** The usage; the builder can be used on. */
    public Usage build() {
      return new Usage(this);
    }
  }
}
