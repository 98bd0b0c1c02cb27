// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import dev.petrel.event.UsageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Calls as applications make them: a few tenants with most of the traffic, failures with retries
 * and without, and fields that not every source can tell. The same seed gives the same calls.
 */
final class RandomCalls {

  /** Fewer than the contributors that an aggregate keeps. */
  private static final int TENANTS = 30;

  private static final String[] MODELS = {"gpt-5", "gpt-5-mini", "claude-sonnet", "claude-haiku"};
  private static final ErrorType[] ERROR_TYPES = ErrorType.values();
  private static final List<EventField<String>> COMMON =
      List.of(
          EventField.CALL_ID,
          EventField.TENANT,
          EventField.ENVIRONMENT,
          EventField.SERVICE,
          EventField.INSTANCE,
          EventField.CREDENTIAL,
          EventField.PROVIDER,
          EventField.REQUEST_MODEL);
  private static final int SECOND = 1_000;

  private final SplittableRandom random;
  private long events;

  RandomCalls(SplittableRandom random) {
    this.random = random;
  }

  /** The attempts of a call whose first one starts at {@code time}, in ms since the epoch. */
  List<LlmCallEvent> next(long time) {
    LlmCallEvent.Builder call = call();
    boolean numbered = !oneIn(10);
    List<LlmCallEvent> attempts = new ArrayList<>(4);
    ErrorType cause = null;
    long at = time;
    long waited = 0;
    do {
      int attempt = attempts.size();
      LlmCallEvent.Builder event =
          attemptOf(call)
              .set(EventField.EVENT_ID, nextId())
              .set(EventField.TIMESTAMP, at)
              .set(EventField.ATTEMPT, numbered ? (long) attempt : null)
              .set(EventField.RETRY_DELAY_MS, attempt > 0 && oneIn(2) ? waited : null)
              .set(EventField.RETRIED_ERROR_TYPE, oneIn(5) ? null : cause);
      cause = oneIn(attempt == 0 ? 8 : 3) ? ERROR_TYPES[random.nextInt(ERROR_TYPES.length)] : null;
      LlmCallEvent made = cause == null ? answered(event) : failed(event, cause);
      attempts.add(made);
      // Whole seconds, where providers ask for halves: never just at the end of what they ask for.
      waited = SECOND * random.nextInt(8);
      Double took = made.get(EventField.DURATION_MS);
      at += (took == null ? 0 : Math.round(took)) + waited;
    } while (cause != null && attempts.size() < 4 && !oneIn(3));
    return attempts;
  }

  private LlmCallEvent.Builder call() {
    double skewed = random.nextDouble() * random.nextDouble() * random.nextDouble();
    int model = random.nextInt(MODELS.length);
    return LlmCallEvent.newBuilder()
        .set(EventField.CALL_ID, nextId())
        .set(EventField.TENANT, oneIn(20) ? null : "tenant-" + (int) (TENANTS * skewed))
        .set(EventField.ENVIRONMENT, oneIn(3) ? null : "prod")
        .set(EventField.SERVICE, oneIn(4) ? null : "service-" + random.nextInt(3))
        .set(EventField.INSTANCE, oneIn(4) ? null : "instance-" + random.nextInt(5))
        .set(EventField.CREDENTIAL, oneIn(4) ? null : "0badcaf" + random.nextInt(4))
        .set(EventField.PROVIDER, oneIn(50) ? null : model < 2 ? "openai" : "anthropic")
        .set(EventField.REQUEST_MODEL, oneIn(50) ? null : MODELS[model]);
  }

  /** A builder with what all attempts of a call have in common. */
  private static LlmCallEvent.Builder attemptOf(LlmCallEvent.Builder call) {
    LlmCallEvent.Builder attempt = LlmCallEvent.newBuilder();
    for (EventField<String> field : COMMON) {
      attempt.set(field, call.get(field));
    }
    return attempt;
  }

  private LlmCallEvent answered(LlmCallEvent.Builder event) {
    Outcome outcome = oneIn(30) ? Outcome.TRUNCATED : oneIn(50) ? Outcome.REFUSED : Outcome.SUCCESS;
    event.set(EventField.OUTCOME, outcome).set(EventField.DURATION_MS, latency(20_000));
    String model = event.get(EventField.REQUEST_MODEL);
    if (model != null && oneIn(3)) {
      event.set(EventField.RESPONSE_MODEL, model + (oneIn(2) ? "-2025-11-04" : "@20251104"));
    }
    event.set(EventField.TIME_TO_FIRST_CHUNK_MS, oneIn(2) ? latency(3_000) : null);
    if (!oneIn(10)) {
      event
          .set(EventField.INPUT_TOKENS, (long) random.nextInt(20_000))
          .set(EventField.OUTPUT_TOKENS, (long) random.nextInt(2_000));
    }
    if (oneIn(4)) {
      event
          .set(EventField.CACHE_READ_TOKENS, (long) random.nextInt(5_000))
          .set(EventField.CACHE_WRITE_TOKENS, (long) random.nextInt(500))
          .set(EventField.REASONING_TOKENS, (long) random.nextInt(1_000));
    }
    if (oneIn(3)) {
      event.set(EventField.USAGE_SOURCE, oneIn(2) ? UsageSource.REPORTED : UsageSource.ESTIMATED);
    }
    if (oneIn(3)) {
      event.set(EventField.RATELIMIT, new RateLimit(headroom(), oneIn(2) ? null : headroom()));
    }
    return event
        .set(EventField.CONTEXT_WINDOW, oneIn(3) ? null : 128_000L)
        .set(EventField.COST_NANO_USD, oneIn(5) ? null : random.nextLong(50_000_000))
        .build();
  }

  private LlmCallEvent failed(LlmCallEvent.Builder event, ErrorType type) {
    Outcome outcome = type == ErrorType.CANCELLED ? Outcome.CANCELLED : Outcome.ERROR;
    return event
        .set(EventField.OUTCOME, outcome)
        .set(EventField.ERROR_TYPE, oneIn(10) ? null : type)
        .set(EventField.DURATION_MS, oneIn(10) ? null : latency(60_000))
        .set(EventField.REQUEST_ID, oneIn(4) ? null : "req-" + nextId())
        .set(EventField.RETRY_AFTER_MS, oneIn(2) ? null : SECOND * random.nextInt(8) + SECOND / 2L)
        .build();
  }

  private RateLimit.Headroom headroom() {
    return new RateLimit.Headroom(10_000L, random.nextLong(10_000), null);
  }

  /** Mostly short, with a long tail, as latencies are; zero now and then. */
  private double latency(int most) {
    double uniform = random.nextDouble();
    return oneIn(1_000) ? 0 : most * uniform * uniform * uniform;
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** A bijection of a counter (the finalizer of SplitMix64): looks random, never repeats. */
  private String nextId() {
    long z = ++events * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return Long.toHexString(z ^ (z >>> 31));
  }
}
