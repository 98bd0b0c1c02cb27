// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.traffic;

/** Sums over some minutes of one scope. Mutable while it is being summed up; not thread-safe. */
@SuppressWarnings("EnumOrdinal") // kinds are laid out by ordinal, on the heap only
public final class Totals {

  private int minutes;
  private long attempts;
  private long calls;
  private long retries;
  private long retrySuccesses;
  private long retriesAfterAsk;
  private long earlyRetries;
  private long errorAttempts;
  private long answers;
  private long usageAttempts;
  private long tokens;
  private long costNanoUsd;
  private long budgetBad;
  private double headroom = Double.NaN;
  private final long[] bad = new long[FailureKind.all().size()];
  private final int[] moments = new int[FailureKind.all().size()];
  private final int[] badMinutes = new int[FailureKind.all().size()];

  Totals() {}

  void add(Minute minute) {
    minutes++;
    attempts += minute.attempts;
    calls += minute.calls;
    retries += minute.retries;
    retrySuccesses += minute.retrySuccesses;
    retriesAfterAsk += minute.retriesAfterAsk;
    earlyRetries += minute.earlyRetries;
    errorAttempts += minute.errorAttempts;
    answers += minute.answers;
    usageAttempts += minute.usageAttempts;
    tokens += minute.tokens;
    costNanoUsd += minute.costNanoUsd;
    budgetBad += minute.budgetBad();
    headroom = Minute.smaller(headroom, minute.headroom);
    for (FailureKind kind : FailureKind.all()) {
      bad[kind.ordinal()] += minute.bad(kind);
      moments[kind.ordinal()] += minute.moments(kind);
      badMinutes[kind.ordinal()] += minute.bad(kind) > 0 ? 1 : 0;
    }
  }

  /** How many of the minutes had an attempt. */
  public int minutes() {
    return minutes;
  }

  /** All attempts. */
  public long attempts() {
    return attempts;
  }

  /** Logical calls. */
  public long calls() {
    return calls;
  }

  /** Attempts after the first. */
  public long retries() {
    return retries;
  }

  /** Attempts by calls: 1 when nothing is retried, NaN without calls. */
  public double amplification() {
    return calls == 0 ? Double.NaN : (double) attempts / calls;
  }

  /** Retries that gave an answer, by retries; NaN without retries. */
  public double retryGoodput() {
    return ratio(retrySuccesses, retries);
  }

  /** Retries of attempts whose failure named a time to wait. */
  public long retriesAfterAsk() {
    return retriesAfterAsk;
  }

  /** The part of them that did not wait for so long; NaN without any. */
  public double earlyShare() {
    return ratio(earlyRetries, retriesAfterAsk);
  }

  /** Attempts with outcome {@code error}. */
  public long errorAttempts() {
    return errorAttempts;
  }

  /** The share of these; NaN without attempts. */
  public double errorRatio() {
    return ratio(errorAttempts, attempts);
  }

  /** Attempts that gave an answer. */
  public long answers() {
    return answers;
  }

  /** Attempts whose usage the provider reported, by those that gave an answer; NaN without any. */
  public double usageCoverage() {
    return ratio(Math.min(usageAttempts, answers), answers);
  }

  /** Input and output tokens, where known. */
  public long tokens() {
    return tokens;
  }

  /** Cost of the priced attempts in 1e-9 USD. */
  public long costNanoUsd() {
    return costNanoUsd;
  }

  /** Failed attempts that count against an error budget. */
  public long budgetBad() {
    return budgetBad;
  }

  /** The smallest part of any limit that was left; NaN when unknown. */
  public double headroom() {
    return headroom;
  }

  /** Failed attempts of a kind. */
  public long bad(FailureKind kind) {
    return bad[kind.ordinal()];
  }

  /** The share of failed attempts of a kind; NaN without attempts. */
  public double ratio(FailureKind kind) {
    return ratio(bad(kind), attempts);
  }

  /** At how many distinct times failures of a kind were seen. */
  public int moments(FailureKind kind) {
    return Math.max(moments[kind.ordinal()], badMinutes[kind.ordinal()]);
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }
}
