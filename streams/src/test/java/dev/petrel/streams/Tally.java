// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.RateLimit;
import dev.petrel.event.UsageSource;
import dev.petrel.stats.LatencyBuckets;
import dev.petrel.stats.Measures;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * What an aggregate must say, counted from the events one by one and written apart from {@link
 * Measures}, whose accessors are only read for the comparison.
 */
final class Tally {

  private static final Set<ErrorType> RETRYABLE =
      Set.of(
          ErrorType.RATE_LIMIT,
          ErrorType.OVERLOADED,
          ErrorType.SERVER_ERROR,
          ErrorType.PROVIDER_TIMEOUT,
          ErrorType.CLIENT_TIMEOUT,
          ErrorType.NETWORK,
          ErrorType.STREAM_INTERRUPTED);

  private static final List<EventField<Long>> TOKENS =
      List.of(
          EventField.INPUT_TOKENS,
          EventField.OUTPUT_TOKENS,
          EventField.CACHE_READ_TOKENS,
          EventField.CACHE_WRITE_TOKENS,
          EventField.REASONING_TOKENS);

  /** What is counted once each, and where the product says it. */
  private enum Count {
    ATTEMPTS(Measures::attempts),
    CALLS(Measures::calls),
    RETRIES(Measures::retries),
    ANSWERED_RETRIES(Measures::retrySuccesses),
    RETRIES_OF_KNOWN_CAUSE(Measures::retriesOfKnownCause),
    HOPELESS_RETRIES(Measures::nonRetryableRetries),
    RETRIES_TOLD_TO_WAIT(Measures::retriesAfterAsk),
    EARLY_RETRIES(Measures::earlyRetries),
    WITH_USAGE(Measures::usageAttempts),
    PRICED(Measures::pricedAttempts),
    NANO_USD(Measures::costNanoUsd);

    private final ToLongFunction<Measures> published;

    Count(ToLongFunction<Measures> published) {
      this.published = published;
    }
  }

  private final long[] counts = new long[Count.values().length];
  private final long[] outcomes = new long[Outcome.values().length];
  private final long[] errors = new long[ErrorType.values().length];
  private final long[] tokens = new long[TOKENS.size()];
  private final long[] tokensKnown = new long[TOKENS.size()];
  private final long[] buckets = new long[18];
  private final Numbers latencies = new Numbers();
  private final Numbers firstChunks = new Numbers();
  private final Numbers inputs = new Numbers();
  private final Numbers contextUse = new Numbers();
  private final RetryTimes retryTimes = new RetryTimes();
  private double requestsLeft = Double.NaN;
  private double tokensLeft = Double.NaN;
  private Failures failures;

  long attempts() {
    return counts[Count.ATTEMPTS.ordinal()];
  }

  /**
   * Adds an attempt.
   *
   * @param early whether it came sooner than the provider had asked for; null when it did not ask
   */
  void add(LlmCallEvent event, Boolean early) {
    Outcome outcome = event.outcome();
    count(Count.ATTEMPTS, 1);
    outcomes[outcome.ordinal()]++;
    ErrorType error = event.get(EventField.ERROR_TYPE);
    if (error != null) {
      errors[error.ordinal()]++;
    } else if (outcome == Outcome.ERROR) {
      errors[ErrorType.UNKNOWN.ordinal()]++;
    }
    if (outcome == Outcome.ERROR) {
      failures = failures == null ? new Failures() : failures;
      failures.add(event);
    }
    Long attempt = event.get(EventField.ATTEMPT);
    if (attempt == null || attempt == 0) {
      count(Count.CALLS, 1);
    } else {
      addRetry(event, early);
    }
    addTokens(event);
    Long cost = event.get(EventField.COST_NANO_USD);
    if (cost != null) {
      count(Count.PRICED, 1);
      count(Count.NANO_USD, cost);
    }
    addTimes(event);
    RateLimit limit = event.get(EventField.RATELIMIT);
    if (limit != null) {
      requestsLeft = least(requestsLeft, left(limit.requests()));
      tokensLeft = least(tokensLeft, left(limit.tokens()));
    }
  }

  private void count(Count count, long more) {
    counts[count.ordinal()] += more;
  }

  private void addRetry(LlmCallEvent event, Boolean early) {
    count(Count.RETRIES, 1);
    retryTimes.add(event.timestamp());
    if (Set.of(Outcome.SUCCESS, Outcome.TRUNCATED).contains(event.outcome())) {
      count(Count.ANSWERED_RETRIES, 1);
    }
    ErrorType cause = event.get(EventField.RETRIED_ERROR_TYPE);
    if (cause != null && cause != ErrorType.UNKNOWN) {
      count(Count.RETRIES_OF_KNOWN_CAUSE, 1);
      count(Count.HOPELESS_RETRIES, RETRYABLE.contains(cause) ? 0 : 1);
    }
    if (early != null) {
      count(Count.RETRIES_TOLD_TO_WAIT, 1);
      count(Count.EARLY_RETRIES, early ? 1 : 0);
    }
  }

  private void addTokens(LlmCallEvent event) {
    for (int i = 0; i < TOKENS.size(); i++) {
      Long used = event.get(TOKENS.get(i));
      if (used != null) {
        tokens[i] += used;
        tokensKnown[i]++;
      }
    }
    Long input = event.get(EventField.INPUT_TOKENS);
    Long window = event.get(EventField.CONTEXT_WINDOW);
    if (input != null) {
      inputs.add(input);
    }
    if (input != null && window != null) {
      contextUse.add((double) input / window);
    }
    UsageSource source = event.get(EventField.USAGE_SOURCE);
    boolean told = input != null || event.get(EventField.OUTPUT_TOKENS) != null;
    if (source == UsageSource.REPORTED || (source == null && told)) {
      count(Count.WITH_USAGE, 1);
    }
  }

  private void addTimes(LlmCallEvent event) {
    Double latency = event.get(EventField.DURATION_MS);
    if (latency != null) {
      latencies.add(latency);
      int bucket = 0;
      for (double bound = 10; bucket < buckets.length - 1 && latency > bound; bound *= 2) {
        bucket++;
      }
      buckets[bucket]++;
    }
    Double firstChunk = event.get(EventField.TIME_TO_FIRST_CHUNK_MS);
    if (firstChunk != null) {
      firstChunks.add(firstChunk);
    }
  }

  private static double left(RateLimit.Headroom headroom) {
    return headroom == null ? Double.NaN : (double) headroom.remaining() / headroom.limit();
  }

  private static double least(double a, double b) {
    return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
  }

  /** Adds all of another minute, or of several. */
  void addMinutes(Tally other) {
    addAll(counts, other.counts);
    addAll(outcomes, other.outcomes);
    addAll(errors, other.errors);
    addAll(tokens, other.tokens);
    addAll(tokensKnown, other.tokensKnown);
    addAll(buckets, other.buckets);
    latencies.addAll(other.latencies);
    firstChunks.addAll(other.firstChunks);
    inputs.addAll(other.inputs);
    contextUse.addAll(other.contextUse);
    retryTimes.addMinutes(other.retryTimes);
    requestsLeft = least(requestsLeft, other.requestsLeft);
    tokensLeft = least(tokensLeft, other.tokensLeft);
    if (other.failures != null) {
      failures = failures == null ? new Failures() : failures;
      failures.addAll(other.failures);
    }
  }

  private static void addAll(long[] sums, long[] more) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += more[i];
    }
  }

  /** In what {@code measures} differ from this, in words; empty when they are right. */
  List<String> differencesOf(Measures measures) {
    List<String> differences = new ArrayList<>();
    for (Count count : Count.values()) {
      long published = count.published.applyAsLong(measures);
      compare(count.name(), published, counts[count.ordinal()], differences);
    }
    for (Outcome outcome : Outcome.values()) {
      long published = measures.outcomes(outcome);
      compare(outcome.wireName(), published, outcomes[outcome.ordinal()], differences);
    }
    for (ErrorType type : ErrorType.values()) {
      compare(type.wireName(), measures.errors(type), errors[type.ordinal()], differences);
    }
    for (int i = 0; i < TOKENS.size(); i++) {
      EventField<Long> kind = TOKENS.get(i);
      compare(kind.jsonName(), measures.tokens(kind), tokens[i], differences);
      long known = measures.attemptsWithTokens(kind);
      compare("with " + kind.jsonName(), known, tokensKnown[i], differences);
    }
    for (int i = 0; i < buckets.length; i++) {
      compare(LatencyBuckets.nameOf(i), measures.latencyBucket(i), buckets[i], differences);
    }
    latencies.compare("latency", measures.latencyMs(), differences);
    firstChunks.compare("time to first chunk", measures.timeToFirstChunkMs(), differences);
    inputs.compare("input tokens per call", measures.inputTokensPerCall(), differences);
    contextUse.compare("context use", measures.contextUse(), differences);
    retryTimes.compare(measures.synchrony(), differences);
    compare("requests left", measures.requestsHeadroom(), requestsLeft, differences);
    compare("tokens left", measures.tokensHeadroom(), tokensLeft, differences);
    if (failures != null) {
      failures.compare(measures.contributors(), differences);
    }
    return differences;
  }

  private static <N extends Comparable<N>> void compare(
      String name, N published, N exact, List<String> differences) {
    if (published.compareTo(exact) != 0) {
      differences.add("%s %s, not %s".formatted(published, name, exact));
    }
  }
}
