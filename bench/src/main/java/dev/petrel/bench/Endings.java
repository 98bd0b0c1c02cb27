// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import dev.petrel.event.UsageSource;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/**
 * Decides how attempts end: about 4 % in a failure, the others with log-normal latencies and token
 * counts. Not thread-safe.
 */
final class Endings {

  private static final double FIRST_FAILURE = 0.034;
  private static final double RETRY_FAILURE = 0.25;
  private static final int MAX_RETRIES = 3;
  private static final double TIMEOUT_MILLIS = 20_000;
  private static final double LONGEST_MILLIS = 60_000;

  private final RandomGenerator random;

  Endings(RandomGenerator random) {
    this.random = random;
  }

  Ending of(Attempt attempt) {
    LlmCallEvent.Builder event = started(attempt);
    boolean fails = random.nextDouble() < (attempt.number() == 0 ? FIRST_FAILURE : RETRY_FAILURE);
    return fails ? fail(attempt, event) : succeed(attempt, event);
  }

  private LlmCallEvent.Builder started(Attempt attempt) {
    Caller caller = attempt.caller();
    ModelProfile model = caller.model();
    LlmCallEvent.Builder event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, attempt.callId() + "-" + attempt.number())
            .set(EventField.TIMESTAMP, attempt.startsAt())
            .set(EventField.CALL_ID, attempt.callId())
            .set(EventField.ATTEMPT, (long) attempt.number())
            .set(EventField.TENANT, caller.tenant())
            .set(EventField.USER, caller.user())
            .set(EventField.SERVICE, caller.service())
            .set(EventField.INSTANCE, caller.instance())
            .set(EventField.ENVIRONMENT, "prod")
            .set(EventField.PROVIDER, model.provider())
            .set(EventField.REQUEST_MODEL, model.name())
            .set(EventField.STREAM, random.nextInt(4) != 0)
            .set(EventField.CREDENTIAL, caller.credential())
            .set(EventField.REQUEST_ID, "req_" + HexFormat.of().toHexDigits(random.nextLong()))
            .set(EventField.CONTEXT_WINDOW, model.contextWindow())
            .set(EventField.SDK, model.sdk());
    if (attempt.retried() != null) {
      event
          .set(EventField.RETRY_DELAY_MS, attempt.delayMillis())
          .set(EventField.RETRIED_ERROR_TYPE, attempt.retried());
    }
    if (random.nextInt(10) < 3) {
      event.set(EventField.RATELIMIT, rateLimit());
    }
    return event;
  }

  private RateLimit rateLimit() {
    return new RateLimit(
        new RateLimit.Headroom(5_000L, (long) random.nextInt(5_000), 12L + random.nextInt(1_000)),
        new RateLimit.Headroom(
            2_000_000L, (long) random.nextInt(2_000_000), 12L + random.nextInt(1_000)));
  }

  private Ending succeed(Attempt attempt, LlmCallEvent.Builder event) {
    ModelProfile model = attempt.caller().model();
    long input = 1 + (long) logNormal(600, 1.1);
    long output = 1 + (long) logNormal(150, 0.9);
    double firstChunk = logNormal(model.firstChunkMillis(), 0.4);
    double duration =
        Math.min(LONGEST_MILLIS, firstChunk + output * model.millisPerToken() * logNormal(1, 0.25));
    event
        .set(EventField.FINAL, true)
        .set(EventField.RESPONSE_MODEL, model.answersAs())
        .set(EventField.OUTCOME, random.nextInt(100) == 0 ? Outcome.TRUNCATED : Outcome.SUCCESS)
        .set(EventField.HTTP_STATUS, 200L)
        .set(EventField.DURATION_MS, micros(duration))
        .set(EventField.INPUT_TOKENS, input)
        .set(EventField.OUTPUT_TOKENS, output)
        .set(EventField.USAGE_SOURCE, UsageSource.REPORTED)
        .set(
            EventField.COST_NANO_USD,
            input * model.nanoUsdPerInputToken() + output * model.nanoUsdPerOutputToken());
    if (Boolean.TRUE.equals(event.get(EventField.STREAM))) {
      event.set(EventField.TIME_TO_FIRST_CHUNK_MS, micros(Math.min(firstChunk, duration)));
    }
    if (random.nextBoolean()) {
      event
          .set(EventField.CACHE_READ_TOKENS, input / 2)
          .set(EventField.CACHE_WRITE_TOKENS, input / 8);
    }
    return new Ending(event.build(), attempt.startsAt() + (long) Math.ceil(duration), null);
  }

  private Ending fail(Attempt attempt, LlmCallEvent.Builder event) {
    FailureKind failure = FailureKind.next(random);
    boolean retried = failure.type().retryable() && attempt.number() < MAX_RETRIES;
    double duration = failure == FailureKind.CLIENT_TIMEOUT ? TIMEOUT_MILLIS : logNormal(120, 0.6);
    long delay = (long) ((500 << attempt.number()) * (0.75 + 0.5 * random.nextDouble()));
    event
        .set(EventField.FINAL, !retried)
        .set(EventField.OUTCOME, Outcome.ERROR)
        .set(EventField.ERROR_TYPE, failure.type())
        .set(EventField.HTTP_STATUS, failure.httpStatus())
        .set(EventField.PROVIDER_ERROR_TYPE, failure.providerType())
        .set(EventField.EXCEPTION_CLASS, "com.example.client.ApiException")
        .set(EventField.ERROR_MESSAGE, failure.message())
        .set(EventField.DURATION_MS, micros(duration))
        .set(EventField.USAGE_SOURCE, UsageSource.MISSING);
    if (failure == FailureKind.RATE_LIMIT) {
      // Most clients wait as long as they are told, some less.
      long asked = 1_000L * (1 + random.nextInt(4));
      event.set(EventField.RETRY_AFTER_MS, asked);
      delay = random.nextInt(4) == 0 ? delay : asked;
    }
    long endsAt = attempt.startsAt() + (long) Math.ceil(duration);
    return new Ending(
        event.build(),
        endsAt,
        retried ? attempt.next(endsAt + delay, delay, failure.type()) : null);
  }

  private double logNormal(double median, double sigma) {
    return median * Math.exp(sigma * random.nextGaussian());
  }

  /** Milliseconds to the microsecond, as clients measure them. */
  private static double micros(double millis) {
    return Math.round(millis * 1000) / 1000.0;
  }
}
