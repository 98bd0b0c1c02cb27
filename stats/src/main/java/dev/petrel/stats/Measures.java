// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.UsageSource;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Everything that is counted about a set of attempts: exact sums and mergeable sketches.
 *
 * <p>Adding events to one instance, or to several that are then merged in any order, gives equal
 * numbers. Sums are of what is known; how many attempts did tell is counted beside each, so that
 * unknown never passes for zero. Not thread-safe.
 */
@SuppressWarnings(
    "EnumOrdinal") // counters are laid out by ordinal; a test pins the order to FORMAT
public final class Measures {
  /*
   * All counters live in one array, so that merging is one loop, and the binary form is a bitmap of
   * the counters that are not zero and their values as varints: an aggregate of a minute has few of
   * them, and takes 40 to 100 bytes where the plain array would take 600.
   */

  private static final Outcome[] OUTCOMES = Outcome.values();
  private static final ErrorType[] ERROR_TYPES = ErrorType.values();

  /** The token kinds, in the order of their counters. */
  private static final List<EventField<Long>> TOKENS =
      List.of(
          EventField.INPUT_TOKENS,
          EventField.OUTPUT_TOKENS,
          EventField.CACHE_READ_TOKENS,
          EventField.CACHE_WRITE_TOKENS,
          EventField.REASONING_TOKENS);

  private static final int ATTEMPTS = 0;
  private static final int CALLS = 1;
  private static final int RETRIES = 2;
  private static final int RETRY_SUCCESSES = 3;
  private static final int RETRIES_OF_KNOWN_CAUSE = 4;
  private static final int NON_RETRYABLE_RETRIES = 5;
  private static final int USAGE_ATTEMPTS = 6;
  private static final int PRICED_ATTEMPTS = 7;
  private static final int COST_NANO_USD = 8;
  private static final int OUTCOME = 9;
  private static final int ERROR_TYPE = OUTCOME + OUTCOMES.length;
  private static final int TOKEN_SUM = ERROR_TYPE + ERROR_TYPES.length;
  private static final int TOKEN_KNOWN = TOKEN_SUM + 5;
  private static final int LATENCY_BUCKET = TOKEN_KNOWN + 5;
  private static final int COUNTERS = LATENCY_BUCKET + LatencyBuckets.size();

  /** First byte of the binary form; another layout takes another number. */
  private static final byte FORMAT = 1;

  private final long[] counters;
  private final QuantileSketch latency;
  private final QuantileSketch timeToFirstChunk;
  private final QuantileSketch inputTokens;

  /** Measures of no attempt at all. */
  public Measures() {
    this(new long[COUNTERS], new QuantileSketch(), new QuantileSketch(), new QuantileSketch());
  }

  private Measures(
      long[] counters,
      QuantileSketch latency,
      QuantileSketch timeToFirstChunk,
      QuantileSketch inputTokens) {
    this.counters = counters;
    this.latency = latency;
    this.timeToFirstChunk = timeToFirstChunk;
    this.inputTokens = inputTokens;
  }

  /** Adds one attempt. */
  public void add(LlmCallEvent event) {
    Outcome outcome = event.outcome();
    counters[ATTEMPTS]++;
    counters[OUTCOME + outcome.ordinal()]++;
    addErrorType(event, outcome);
    // A source that cannot know attempt numbers reports each call once.
    if (event.get(EventField.ATTEMPT, 0) == 0) {
      counters[CALLS]++;
    } else {
      addRetry(event, outcome);
    }
    addUsage(event);
    Long cost = event.get(EventField.COST_NANO_USD);
    if (cost != null) {
      counters[PRICED_ATTEMPTS]++;
      counters[COST_NANO_USD] += cost;
    }
    Double duration = event.get(EventField.DURATION_MS);
    if (duration != null) {
      latency.add(duration);
      counters[LATENCY_BUCKET + LatencyBuckets.indexOf(duration)]++;
    }
    Double firstChunk = event.get(EventField.TIME_TO_FIRST_CHUNK_MS);
    if (firstChunk != null) {
      timeToFirstChunk.add(firstChunk);
    }
  }

  private void addErrorType(LlmCallEvent event, Outcome outcome) {
    ErrorType type = event.get(EventField.ERROR_TYPE);
    if (type == null && outcome == Outcome.ERROR) {
      type = ErrorType.UNKNOWN;
    }
    if (type != null) {
      counters[ERROR_TYPE + type.ordinal()]++;
    }
  }

  private void addRetry(LlmCallEvent event, Outcome outcome) {
    counters[RETRIES]++;
    if (outcome == Outcome.SUCCESS || outcome == Outcome.TRUNCATED) {
      counters[RETRY_SUCCESSES]++;
    }
    ErrorType cause = event.get(EventField.RETRIED_ERROR_TYPE);
    if (cause != null && cause != ErrorType.UNKNOWN) {
      counters[RETRIES_OF_KNOWN_CAUSE]++;
      if (!cause.retryable()) {
        counters[NON_RETRYABLE_RETRIES]++;
      }
    }
  }

  private void addUsage(LlmCallEvent event) {
    for (int i = 0; i < TOKENS.size(); i++) {
      Long tokens = event.get(TOKENS.get(i));
      if (tokens != null) {
        counters[TOKEN_SUM + i] += tokens;
        counters[TOKEN_KNOWN + i]++;
      }
    }
    Long input = event.get(EventField.INPUT_TOKENS);
    if (input != null) {
      inputTokens.add(input);
    }
    UsageSource source = event.get(EventField.USAGE_SOURCE);
    boolean hasUsage = input != null || event.get(EventField.OUTPUT_TOKENS) != null;
    if (source == null ? hasUsage : source == UsageSource.REPORTED) {
      counters[USAGE_ATTEMPTS]++;
    }
  }

  /** Adds all attempts of {@code other}, which stays as it is. */
  public void merge(Measures other) {
    for (int i = 0; i < COUNTERS; i++) {
      counters[i] += other.counters[i];
    }
    latency.merge(other.latency);
    timeToFirstChunk.merge(other.timeToFirstChunk);
    inputTokens.merge(other.inputTokens);
  }

  /** Attempts, first ones and retries. */
  public long attempts() {
    return counters[ATTEMPTS];
  }

  /** Logical calls: first attempts, and attempts whose source does not number them. */
  public long calls() {
    return counters[CALLS];
  }

  /** Attempts after the first of a call. */
  public long retries() {
    return counters[RETRIES];
  }

  /** Retries that gave an answer. */
  public long retrySuccesses() {
    return counters[RETRY_SUCCESSES];
  }

  /** Retries that tell what they retry. */
  public long retriesOfKnownCause() {
    return counters[RETRIES_OF_KNOWN_CAUSE];
  }

  /** Retries of an error that no retry can mend. */
  public long nonRetryableRetries() {
    return counters[NON_RETRYABLE_RETRIES];
  }

  /** Attempts that ended with this outcome. */
  public long outcomes(Outcome outcome) {
    return counters[OUTCOME + outcome.ordinal()];
  }

  /** Attempts with this error type, whatever their outcome. */
  public long errors(ErrorType type) {
    return counters[ERROR_TYPE + type.ordinal()];
  }

  /** Attempts with outcome {@code error}. */
  public long errorAttempts() {
    return outcomes(Outcome.ERROR);
  }

  /**
   * The sum of a kind of tokens over the attempts that tell it.
   *
   * @param kind one of the five {@code …_TOKENS} usage fields
   */
  public long tokens(EventField<Long> kind) {
    return counters[TOKEN_SUM + tokenIndex(kind)];
  }

  /** How many attempts tell this kind of tokens; when 0, the sum is unknown. */
  public long attemptsWithTokens(EventField<Long> kind) {
    return counters[TOKEN_KNOWN + tokenIndex(kind)];
  }

  private static int tokenIndex(EventField<Long> kind) {
    int index = TOKENS.indexOf(kind);
    if (index < 0) {
      throw new IllegalArgumentException(kind + " is no kind of used tokens");
    }
    return index;
  }

  static List<EventField<Long>> tokenKinds() {
    return TOKENS;
  }

  /** Attempts whose token usage the provider reported. */
  public long usageAttempts() {
    return counters[USAGE_ATTEMPTS];
  }

  /** Attempts with a price; when 0, the cost is unknown. */
  public long pricedAttempts() {
    return counters[PRICED_ATTEMPTS];
  }

  /** The cost of the priced attempts in 1e-9 USD. */
  public long costNanoUsd() {
    return counters[COST_NANO_USD];
  }

  /** Exact count of a {@link LatencyBuckets} bucket. */
  public long latencyBucket(int index) {
    return counters[LATENCY_BUCKET + index];
  }

  /** Durations in ms of the attempts that tell them, failed ones included. */
  public QuantileSketch latencyMs() {
    return latency;
  }

  /** Times to first chunk in ms. */
  public QuantileSketch timeToFirstChunkMs() {
    return timeToFirstChunk;
  }

  /** Input tokens per attempt. */
  public QuantileSketch inputTokensPerCall() {
    return inputTokens;
  }

  /** The binary form: compact, and stable within a format number. */
  public byte[] toBytes() {
    int bound =
        1
            + COUNTERS * Varints.MAX_BYTES
            + (COUNTERS + 7) / 8
            + latency.encodedSizeBound()
            + timeToFirstChunk.encodedSizeBound()
            + inputTokens.encodedSizeBound();
    ByteBuffer out = ByteBuffer.allocate(bound);
    out.put(FORMAT);
    for (int start = 0; start < COUNTERS; start += 8) {
      int bits = 0;
      for (int i = start; i < Math.min(start + 8, COUNTERS); i++) {
        bits |= counters[i] != 0 ? 1 << (i - start) : 0;
      }
      out.put((byte) bits);
    }
    for (long counter : counters) {
      if (counter != 0) {
        Varints.put(out, counter);
      }
    }
    latency.encode(out);
    timeToFirstChunk.encode(out);
    inputTokens.encode(out);
    return Arrays.copyOf(out.array(), out.position());
  }

  /**
   * Reads what {@link #toBytes()} wrote, and moves the buffer behind it.
   *
   * @throws IllegalArgumentException when the bytes are of another format or damaged
   */
  public static Measures fromBytes(ByteBuffer in) {
    try {
      byte format = in.get();
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "measures in format " + format + ", this release reads " + FORMAT);
      }
      byte[] bitmap = new byte[(COUNTERS + 7) / 8];
      in.get(bitmap);
      long[] counters = new long[COUNTERS];
      for (int i = 0; i < COUNTERS; i++) {
        if ((bitmap[i / 8] >> (i % 8) & 1) != 0) {
          counters[i] = Varints.get(in);
        }
      }
      return new Measures(
          counters,
          QuantileSketch.decode(in),
          QuantileSketch.decode(in),
          QuantileSketch.decode(in));
    } catch (BufferUnderflowException | ArithmeticException e) {
      throw new IllegalArgumentException("damaged measures", e);
    }
  }
}
