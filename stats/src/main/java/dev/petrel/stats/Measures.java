// SPDX-License-Identifier: Apache-2.0
package dev.petrel.stats;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  private static final int RETRIES_AFTER_ASK = 9;
  private static final int EARLY_RETRIES = 10;
  private static final int OUTCOME = 11;
  private static final int ERROR_TYPE = OUTCOME + OUTCOMES.length;
  private static final int TOKEN_SUM = ERROR_TYPE + ERROR_TYPES.length;
  private static final int TOKEN_KNOWN = TOKEN_SUM + 5;
  private static final int LATENCY_BUCKET = TOKEN_KNOWN + 5;
  private static final int COUNTERS = LATENCY_BUCKET + LatencyBuckets.size();

  /** The parts that are written only when there is something in them, a bit each. */
  private static final int LATENCY = 1;

  private static final int TIME_TO_FIRST_CHUNK = 1 << 1;
  private static final int INPUT_TOKENS = 1 << 2;
  private static final int CONTEXT_USE = 1 << 3;
  private static final int RETRY_STARTS = 1 << 4;
  private static final int HEADROOM = 1 << 5;
  private static final int CONTRIBUTORS = 1 << 6;
  private static final int SOURCES = 1 << 7;

  /** First byte of the binary form; another layout takes another number. */
  private static final byte FORMAT = 3;

  private final long[] counters = new long[COUNTERS];
  private final QuantileSketch latency = new QuantileSketch();
  private final QuantileSketch timeToFirstChunk = new QuantileSketch();
  private final QuantileSketch inputTokens = new QuantileSketch();
  private final QuantileSketch contextUse = new QuantileSketch();
  private final RetryStarts retryStarts = new RetryStarts();
  private double requestsHeadroom = Double.NaN;
  private double tokensHeadroom = Double.NaN;

  /** Only failures have them: null until the first one. */
  private @Nullable Contributors contributors;

  /** Only services have them. */
  private @Nullable Sources sources;

  /** Measures of no attempt at all. */
  public Measures() {}

  /** Adds one attempt. */
  public void add(LlmCallEvent event) {
    add(new Attempt(event));
  }

  /** Adds one attempt. */
  public void add(Attempt attempt) {
    counters[ATTEMPTS]++;
    counters[OUTCOME + attempt.outcome.ordinal()]++;
    if (attempt.errorType >= 0) {
      counters[ERROR_TYPE + attempt.errorType]++;
    }
    if (attempt.isRetry) {
      addRetry(attempt);
    } else {
      counters[CALLS]++;
    }
    addUsage(attempt);
    if (attempt.latency != null) {
      latency.add(attempt.latency);
      counters[LATENCY_BUCKET + attempt.latencyBucket]++;
    }
    if (attempt.timeToFirstChunk != null) {
      timeToFirstChunk.add(attempt.timeToFirstChunk);
    }
    requestsHeadroom = smaller(requestsHeadroom, attempt.requestsHeadroom);
    tokensHeadroom = smaller(tokensHeadroom, attempt.tokensHeadroom);
    if (attempt.outcome == Outcome.ERROR) {
      contributorsOrNew().add(attempt.event);
    }
  }

  /**
   * Adds what became of a provider's request to wait: to be told beside {@link #add}, of a retry
   * whose preceding attempt had a Retry-After.
   *
   * @param early whether the retry started before that time was over
   */
  public void addRetryAfterAsk(boolean early) {
    counters[RETRIES_AFTER_ASK]++;
    counters[EARLY_RETRIES] += early ? 1 : 0;
  }

  /**
   * Adds where an attempt comes from: to be told beside {@link #add}, of the scope of a service.
   */
  public void addSource(LlmCallEvent event) {
    sourcesOrNew().add(event);
  }

  private Sources sourcesOrNew() {
    if (sources == null) {
      sources = new Sources();
    }
    return sources;
  }

  /** The smaller one of those that are known. */
  private static double smaller(double a, double b) {
    return Double.isNaN(a) || b < a ? b : a;
  }

  private Contributors contributorsOrNew() {
    if (contributors == null) {
      contributors = new Contributors();
    }
    return contributors;
  }

  private void addRetry(Attempt attempt) {
    counters[RETRIES]++;
    retryStarts.add(attempt.event.timestamp());
    counters[RETRY_SUCCESSES] += attempt.hasAnswer() ? 1 : 0;
    counters[RETRIES_OF_KNOWN_CAUSE] += attempt.retriesKnownCause ? 1 : 0;
    counters[NON_RETRYABLE_RETRIES] += attempt.retriesNonRetryable ? 1 : 0;
  }

  private void addUsage(Attempt attempt) {
    for (int i = 0; i < attempt.tokens.length; i++) {
      Long tokens = attempt.tokens[i];
      if (tokens != null) {
        counters[TOKEN_SUM + i] += tokens;
        counters[TOKEN_KNOWN + i]++;
      }
    }
    if (attempt.inputTokens != null) {
      inputTokens.add(attempt.inputTokens);
    }
    if (attempt.contextUse != null) {
      contextUse.add(attempt.contextUse);
    }
    counters[USAGE_ATTEMPTS] += attempt.hasReportedUsage ? 1 : 0;
    if (attempt.costNanoUsd != null) {
      counters[PRICED_ATTEMPTS]++;
      counters[COST_NANO_USD] += attempt.costNanoUsd;
    }
  }

  /** Adds other attempts of the same window. */
  public void merge(Measures other) {
    mergeAllButRetryStarts(other);
    retryStarts.merge(other.retryStarts);
  }

  /** Adds the attempts of another window, to get those of a longer one. */
  public void mergeWindow(Measures other) {
    mergeAllButRetryStarts(other);
    retryStarts.mergeWindow(other.retryStarts);
  }

  /**
   * Adds late attempts of a window that {@link #mergeWindow} has added before.
   *
   * @param late the late attempts
   * @param window the window as it is without them
   */
  public void mergeLate(Measures late, Measures window) {
    mergeAllButRetryStarts(late);
    if (!late.retryStarts.isEmpty()) {
      RetryStarts after = new RetryStarts();
      after.merge(window.retryStarts);
      after.merge(late.retryStarts);
      retryStarts.replaceWindow(window.retryStarts, after);
    }
  }

  /**
   * Takes off attempts that were merged before. Counts, sums and sketches are then as if they had
   * never been there; a maximum, a headroom or a contributor may still be theirs.
   */
  public void subtract(Measures part) {
    for (int i = 0; i < COUNTERS; i++) {
      counters[i] -= part.counters[i];
    }
    latency.subtract(part.latency);
    timeToFirstChunk.subtract(part.timeToFirstChunk);
    inputTokens.subtract(part.inputTokens);
    contextUse.subtract(part.contextUse);
    retryStarts.subtract(part.retryStarts);
  }

  private void mergeAllButRetryStarts(Measures other) {
    for (int i = 0; i < COUNTERS; i++) {
      counters[i] += other.counters[i];
    }
    latency.merge(other.latency);
    timeToFirstChunk.merge(other.timeToFirstChunk);
    inputTokens.merge(other.inputTokens);
    contextUse.merge(other.contextUse);
    requestsHeadroom = smaller(requestsHeadroom, other.requestsHeadroom);
    tokensHeadroom = smaller(tokensHeadroom, other.tokensHeadroom);
    if (other.contributors != null) {
      contributorsOrNew().merge(other.contributors);
    }
    if (other.sources != null) {
      sourcesOrNew().merge(other.sources);
    }
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

  /** Retries of attempts whose failure named a time to wait. */
  public long retriesAfterAsk() {
    return counters[RETRIES_AFTER_ASK];
  }

  /** Those of them that did not wait for so long. */
  public long earlyRetries() {
    return counters[EARLY_RETRIES];
  }

  /**
   * How synchronised retries are: the Fano factor (variance by mean) of their starts in bins of 250
   * ms. About 1 when they are independent, 10 and more when clients return in step.
   *
   * @return NaN without retries
   */
  public double synchrony() {
    return retryStarts.synchrony();
  }

  /** The smallest part of a limit on requests that was left; NaN when unknown. */
  public double requestsHeadroom() {
    return requestsHeadroom;
  }

  /** The smallest part of a limit on tokens that was left; NaN when unknown. */
  public double tokensHeadroom() {
    return tokensHeadroom;
  }

  /** Who failed most, and samples; null without failures. */
  public @Nullable Contributors contributors() {
    return contributors;
  }

  /** Where all attempts come from; null for other scopes than services. */
  public @Nullable Sources sources() {
    return sources;
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

  /** Input tokens as a part of the model's context window, of the attempts that tell both. */
  public QuantileSketch contextUse() {
    return contextUse;
  }

  /** The binary form: compact, and stable within a format number. */
  public byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(encodedSizeBound());
    encode(out);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** The most bytes that {@link #encode} can take. */
  public int encodedSizeBound() {
    return 2
        + (COUNTERS + 7) / 8
        + COUNTERS * Varints.MAX_BYTES
        + latency.encodedSizeBound()
        + timeToFirstChunk.encodedSizeBound()
        + inputTokens.encodedSizeBound()
        + contextUse.encodedSizeBound()
        + retryStarts.encodedSizeBound()
        + 2 * Double.BYTES
        + (contributors == null ? 0 : contributors.encodedSizeBound())
        + (sources == null ? 0 : sources.encodedSizeBound());
  }

  /** Writes the binary form. */
  public void encode(ByteBuffer out) {
    out.put(FORMAT);
    int bitmapAt = out.position();
    out.position(bitmapAt + (COUNTERS + 7) / 8);
    int bits = 0;
    for (int i = 0; i < COUNTERS; i++) {
      if (counters[i] != 0) {
        bits |= 1 << (i & 7);
        Varints.put(out, counters[i]);
      }
      if ((i & 7) == 7 || i == COUNTERS - 1) {
        out.put(bitmapAt + (i >> 3), (byte) bits);
        bits = 0;
      }
    }
    boolean headroom = !Double.isNaN(requestsHeadroom) || !Double.isNaN(tokensHeadroom);
    int present =
        (latency.count() > 0 ? LATENCY : 0)
            | (timeToFirstChunk.count() > 0 ? TIME_TO_FIRST_CHUNK : 0)
            | (inputTokens.count() > 0 ? INPUT_TOKENS : 0)
            | (contextUse.count() > 0 ? CONTEXT_USE : 0)
            | (retryStarts.isEmpty() ? 0 : RETRY_STARTS)
            | (headroom ? HEADROOM : 0)
            | (contributors != null ? CONTRIBUTORS : 0)
            | (sources != null ? SOURCES : 0);
    out.put((byte) present);
    if (latency.count() > 0) {
      latency.encode(out);
    }
    if (timeToFirstChunk.count() > 0) {
      timeToFirstChunk.encode(out);
    }
    if (inputTokens.count() > 0) {
      inputTokens.encode(out);
    }
    if (contextUse.count() > 0) {
      contextUse.encode(out);
    }
    if (!retryStarts.isEmpty()) {
      retryStarts.encode(out);
    }
    if (headroom) {
      out.putDouble(requestsHeadroom).putDouble(tokensHeadroom);
    }
    if (contributors != null) {
      contributors.encode(out);
    }
    if (sources != null) {
      sources.encode(out);
    }
  }

  /**
   * Reads what {@link #encode} wrote, and moves the buffer behind it.
   *
   * @throws IllegalArgumentException when the bytes are of another format or damaged
   */
  public static Measures fromBytes(ByteBuffer in) {
    Measures measures = new Measures();
    measures.merge(in);
    return measures;
  }

  /**
   * Adds the attempts of the same window that {@link #encode} wrote, and moves the buffer behind
   * them.
   *
   * @throws IllegalArgumentException when the bytes are of another format or damaged; these
   *     measures are then of no further use
   */
  public void merge(ByteBuffer in) {
    try {
      byte format = in.get();
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "measures in format " + format + ", this release reads " + FORMAT);
      }
      int bitmapAt = in.position();
      in.position(bitmapAt + (COUNTERS + 7) / 8);
      for (int i = 0; i < COUNTERS; i += 8) {
        int bits = in.get(bitmapAt + (i >> 3)) & 0xFF;
        for (; bits != 0; bits &= bits - 1) {
          counters[i + Integer.numberOfTrailingZeros(bits)] += Varints.get(in);
        }
      }
      int present = in.get();
      if ((present & LATENCY) != 0) {
        latency.merge(in);
      }
      if ((present & TIME_TO_FIRST_CHUNK) != 0) {
        timeToFirstChunk.merge(in);
      }
      if ((present & INPUT_TOKENS) != 0) {
        inputTokens.merge(in);
      }
      if ((present & CONTEXT_USE) != 0) {
        contextUse.merge(in);
      }
      if ((present & RETRY_STARTS) != 0) {
        retryStarts.merge(in);
      }
      if ((present & HEADROOM) != 0) {
        requestsHeadroom = smaller(requestsHeadroom, in.getDouble());
        tokensHeadroom = smaller(tokensHeadroom, in.getDouble());
      }
      if ((present & CONTRIBUTORS) != 0) {
        contributorsOrNew().merge(in);
      }
      if ((present & SOURCES) != 0) {
        sourcesOrNew().merge(in);
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException | ArithmeticException e) {
      throw new IllegalArgumentException("damaged measures", e);
    }
  }
}
