// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.traffic;

import dev.petrel.event.EventField;
import dev.petrel.event.Outcome;
import dev.petrel.stats.Measures;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The latest revision of one scope's minute, and when its failures were seen. Immutable.
 *
 * <p>What patterns look at all the time is read once; sketches and contributors stay in their
 * binary form until somebody asks for {@link #measures()}.
 */
@SuppressWarnings("EnumOrdinal") // kinds are laid out by ordinal; new ones go to the end
public final class Minute {

  /** Failures seen within this time are one evidence moment: a burst and its fast retries. */
  static final long MOMENT_MS = 5_000;

  private static final int KINDS = FailureKind.all().size();
  private static final int FIXED_BYTES = 2 * Long.BYTES + KINDS * (Integer.BYTES + 2 * Long.BYTES);

  final long start;
  final long revision;
  final long attempts;
  final long calls;
  final long retries;
  final long retrySuccesses;
  final long retriesAfterAsk;
  final long earlyRetries;
  final long errorAttempts;
  final long answers;
  final long usageAttempts;
  final long tokens;
  final long costNanoUsd;

  /** The smallest part of any limit that was left; NaN when unknown. */
  final double headroom;

  /** Of latency in ms; NaN when unknown. */
  final double latencyP95;

  /** Of input tokens as a part of the context window; NaN when unknown. */
  final double contextP95;

  final long contextCount;
  private final long[] bad = new long[KINDS];
  private final int[] moments = new int[KINDS];
  private final long[] lastMomentAt = new long[KINDS];
  private final long[] lastBadAt = new long[KINDS];
  private final byte[] encoded;

  private Minute(long start, long revision, byte[] encoded) {
    this.start = start;
    this.revision = revision;
    this.encoded = encoded;
    Measures measures = measures();
    attempts = measures.attempts();
    calls = measures.calls();
    retries = measures.retries();
    retrySuccesses = measures.retrySuccesses();
    retriesAfterAsk = measures.retriesAfterAsk();
    earlyRetries = measures.earlyRetries();
    errorAttempts = measures.errorAttempts();
    answers = measures.outcomes(Outcome.SUCCESS) + measures.outcomes(Outcome.TRUNCATED);
    usageAttempts = measures.usageAttempts();
    tokens = measures.tokens(EventField.INPUT_TOKENS) + measures.tokens(EventField.OUTPUT_TOKENS);
    costNanoUsd = measures.costNanoUsd();
    headroom = smaller(measures.requestsHeadroom(), measures.tokensHeadroom());
    latencyP95 = measures.latencyMs().quantile(0.95);
    contextP95 = measures.contextUse().quantile(0.95);
    contextCount = measures.contextUse().count();
    for (FailureKind kind : FailureKind.all()) {
      bad[kind.ordinal()] = kind.countOf(measures);
    }
  }

  /** The smaller one of those that are known. */
  static double smaller(double a, double b) {
    return Double.isNaN(a) || b < a ? b : a;
  }

  /** A minute that is seen for the first time. */
  static Minute first(ScopeWindow window, Moments scope, long now) {
    return new Minute(window.windowStart(), window.revision(), window.measures())
        .seen(null, scope, now);
  }

  /** This minute after a newer revision of it. */
  Minute updated(ScopeWindow newer, Moments scope, long now) {
    return new Minute(start, newer.revision(), newer.measures()).seen(this, scope, now);
  }

  private Minute seen(@Nullable Minute before, Moments scope, long now) {
    for (int kind = 0; kind < KINDS; kind++) {
      if (before != null) {
        moments[kind] = before.moments[kind];
        lastMomentAt[kind] = before.lastMomentAt[kind];
        lastBadAt[kind] = before.lastBadAt[kind];
      }
      if (bad[kind] > (before == null ? 0 : before.bad[kind])) {
        lastBadAt[kind] = now;
        if (scope.isNew(kind, now)) {
          moments[kind]++;
          lastMomentAt[kind] = now;
        }
      }
    }
    return this;
  }

  /** When the scope's latest evidence moments were, by kind: what makes the next one new. */
  static final class Moments {
    private final long[] latest = new long[KINDS];

    void add(Minute minute) {
      for (int kind = 0; kind < KINDS; kind++) {
        latest[kind] = Math.max(latest[kind], minute.lastMomentAt[kind]);
      }
    }

    private boolean isNew(int kind, long now) {
      return now - latest[kind] >= MOMENT_MS;
    }
  }

  /** Failed attempts of a kind. */
  long bad(FailureKind kind) {
    return bad[kind.ordinal()];
  }

  /**
   * Failed attempts that count against an error budget: all but those that the caller or the
   * content is to blame for.
   */
  long budgetBad() {
    return bad(FailureKind.AVAILABILITY)
        + bad(FailureKind.RATE_LIMIT)
        + bad(FailureKind.QUOTA)
        + bad(FailureKind.AUTHENTICATION)
        + bad(FailureKind.UNKNOWN);
  }

  /** At how many times, {@link #MOMENT_MS} or more apart, new failures of a kind were seen. */
  int moments(FailureKind kind) {
    return moments[kind.ordinal()];
  }

  /** When a new failure of a kind was seen last, in ms since the epoch; 0 for never. */
  long lastBadAt(FailureKind kind) {
    return lastBadAt[kind.ordinal()];
  }

  /** Start of the minute, in ms since the epoch. */
  public long start() {
    return start;
  }

  /** All attempts. */
  public long attempts() {
    return attempts;
  }

  /** Logical calls. */
  public long calls() {
    return calls;
  }

  /** Input and output tokens, where known. */
  public long tokens() {
    return tokens;
  }

  /** Cost of the priced attempts in 1e-9 USD. */
  public long costNanoUsd() {
    return costNanoUsd;
  }

  /** The 95th percentile of latency in ms; NaN when unknown. */
  public double latencyP95() {
    return latencyP95;
  }

  /** The 95th percentile of input tokens as a part of the context window; NaN when unknown. */
  public double contextP95() {
    return contextP95;
  }

  /** How many attempts tell their part of the context window. */
  public long contextCount() {
    return contextCount;
  }

  /** The smallest part of any limit that was left; NaN when unknown. */
  public double headroom() {
    return headroom;
  }

  /** All that was counted. */
  Measures measures() {
    return Measures.fromBytes(ByteBuffer.wrap(encoded));
  }

  /** Adds all that was counted to {@code sum}, as another window of the same scope. */
  void addTo(Measures sum) {
    sum.mergeWindow(measures());
  }

  /** The value of the state store. */
  byte[] toBytes() {
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + encoded.length);
    out.putLong(start).putLong(revision);
    for (int kind = 0; kind < KINDS; kind++) {
      out.putInt(moments[kind]).putLong(lastMomentAt[kind]).putLong(lastBadAt[kind]);
    }
    return out.put(encoded).array();
  }

  /**
   * Reads {@link #toBytes}.
   *
   * @throws IllegalArgumentException when the bytes are none of this release
   */
  static Minute fromBytes(byte[] bytes) {
    if (bytes.length < FIXED_BYTES) {
      throw new IllegalArgumentException("a minute of " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    long start = in.getLong();
    long revision = in.getLong();
    byte[] encoded = new byte[bytes.length - FIXED_BYTES];
    in.get(FIXED_BYTES, encoded);
    Minute minute = new Minute(start, revision, encoded);
    for (int kind = 0; kind < KINDS; kind++) {
      minute.moments[kind] = in.getInt();
      minute.lastMomentAt[kind] = in.getLong();
      minute.lastBadAt[kind] = in.getLong();
    }
    return minute;
  }
}
