// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import dev.petrel.event.UsageSource;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Measures} count of one event, worked out once for all those that it is added to.
 * Immutable.
 */
@SuppressWarnings("EnumOrdinal") // counters are laid out by ordinal
public final class Attempt {

  final LlmCallEvent event;
  final Outcome outcome;

  /** Ordinal of the error type, -1 without one. */
  final int errorType;

  final boolean isRetry;
  final boolean retriesKnownCause;
  final boolean retriesNonRetryable;

  /** By kind of token, in the order of {@link Measures#tokenKinds()}; null where unknown. */
  final @Nullable Long[] tokens;

  final boolean hasReportedUsage;
  final @Nullable Long costNanoUsd;

  /** Index of the latency's bucket, -1 when it is unknown. */
  final int latencyBucket;

  final QuantileSketch.@Nullable Sample latency;
  final QuantileSketch.@Nullable Sample timeToFirstChunk;
  final QuantileSketch.@Nullable Sample inputTokens;
  final QuantileSketch.@Nullable Sample contextUse;

  /** What was left of the limits, as a part of them; NaN when unknown. */
  final double requestsHeadroom;

  final double tokensHeadroom;

  /** What is counted of {@code event}. */
  public Attempt(LlmCallEvent event) {
    this.event = event;
    outcome = event.outcome();
    ErrorType type = event.get(EventField.ERROR_TYPE);
    if (type == null && outcome == Outcome.ERROR) {
      type = ErrorType.UNKNOWN;
    }
    errorType = type == null ? -1 : type.ordinal();
    // A source that cannot know attempt numbers reports each call once.
    isRetry = event.get(EventField.ATTEMPT, 0) > 0;
    ErrorType cause = event.get(EventField.RETRIED_ERROR_TYPE);
    retriesKnownCause = isRetry && cause != null && cause != ErrorType.UNKNOWN;
    retriesNonRetryable = retriesKnownCause && cause != null && !cause.retryable();
    tokens = new Long[Measures.tokenKinds().size()];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = event.get(Measures.tokenKinds().get(i));
    }
    Long input = event.get(EventField.INPUT_TOKENS);
    hasReportedUsage =
        hasReportedUsage(
            event.get(EventField.USAGE_SOURCE),
            input != null || event.get(EventField.OUTPUT_TOKENS) != null);
    costNanoUsd = event.get(EventField.COST_NANO_USD);
    Double duration = event.get(EventField.DURATION_MS);
    latencyBucket = duration == null ? -1 : LatencyBuckets.indexOf(duration);
    latency = sample(duration);
    timeToFirstChunk = sample(event.get(EventField.TIME_TO_FIRST_CHUNK_MS));
    inputTokens = input == null ? null : new QuantileSketch.Sample(input);
    Long window = event.get(EventField.CONTEXT_WINDOW);
    contextUse =
        input == null || window == null || window <= 0
            ? null
            : new QuantileSketch.Sample((double) input / window);
    RateLimit rateLimit = event.get(EventField.RATELIMIT);
    requestsHeadroom = rateLimit == null ? Double.NaN : headroom(rateLimit.requests());
    tokensHeadroom = rateLimit == null ? Double.NaN : headroom(rateLimit.tokens());
  }

  private static QuantileSketch.@Nullable Sample sample(@Nullable Double value) {
    return value == null ? null : new QuantileSketch.Sample(value);
  }

  private static boolean hasReportedUsage(@Nullable UsageSource source, boolean hasTokens) {
    return source == null ? hasTokens : source == UsageSource.REPORTED;
  }

  /** What is left of a limit, as a part of it; NaN when unknown or when there is no limit. */
  private static double headroom(RateLimit.@Nullable Headroom headroom) {
    if (headroom == null || headroom.limit() == null || headroom.remaining() == null) {
      return Double.NaN;
    }
    // Azure sends -1 for a limit that does not apply.
    return headroom.limit() <= 0 || headroom.remaining() < 0
        ? Double.NaN
        : (double) headroom.remaining() / headroom.limit();
  }

  boolean hasAnswer() {
    return outcome == Outcome.SUCCESS || outcome == Outcome.TRUNCATED;
  }
}
