// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

/**
 * What a provider lets one account do with one model: requests and tokens per minute, each a bucket
 * that fills continuously and holds a minute's worth, and credit.
 *
 * <p>Times are ms from the start and do not go back. Not thread-safe.
 */
final class Account {

  /** A bucket never owes more than what it gets in this time. */
  private static final double MOST_DEBT_MILLIS = 20_000;

  /** Sums of fractions are not exact: a wait that is shorter than this is none. */
  private static final double ROUNDING_MILLIS = 1e-6;

  private final Bucket requests;
  private final Bucket tokens;
  private final double refusalCost;

  /**
   * @param requestsPerMinute the limit on requests
   * @param tokensPerMinute the limit on tokens
   * @param refusalCost how much of a request a refused one counts, 0 to 1
   */
  Account(long requestsPerMinute, long tokensPerMinute, double refusalCost) {
    this.requests = new Bucket(requestsPerMinute);
    this.tokens = new Bucket(tokensPerMinute);
    this.refusalCost = refusalCost;
  }

  /** One of the two limits. */
  static final class Bucket {
    private final long limit;
    private double level;
    private double share = 1;
    private long filledAt;

    private Bucket(long limit) {
      this.limit = limit;
      this.level = limit;
    }

    /** Lets time pass, and sets the share of the limit that is granted from now on. */
    private void fill(long at, double granted) {
      level += perMilli() * (at - filledAt);
      filledAt = at;
      share = granted;
      level = Math.min(level, limit * share);
    }

    private double perMilli() {
      return limit * share / 60_000;
    }

    long limit() {
      return limit;
    }

    long remaining() {
      return (long) Math.max(0, level);
    }

    /** Ms until the bucket is full. */
    long resetMillis() {
      return (long) Math.ceil((limit * share - level) / perMilli());
    }

    /** Ms until this much can be taken. */
    private double millisUntil(double amount) {
      return (amount - level) / perMilli();
    }
  }

  /**
   * Asks for one request.
   *
   * @param at now
   * @param tokensAsked tokens of prompt and answer; more than a minute's worth is asked as that
   * @param granted share of the limits that the provider grants at the time
   * @return 0 when it is let through, otherwise the ms after which it would be
   */
  long ask(long at, long tokensAsked, double granted) {
    requests.fill(at, granted);
    tokens.fill(at, granted);
    double amount = Math.min((double) tokensAsked, tokens.limit * granted);
    double wait = Math.max(requests.millisUntil(1), tokens.millisUntil(amount));
    if (wait <= ROUNDING_MILLIS) {
      requests.level -= 1;
      tokens.level -= amount;
      return 0;
    }
    double mostDebt = requests.perMilli() * MOST_DEBT_MILLIS;
    requests.level = Math.max(requests.level - refusalCost, -mostDebt);
    return (long) Math.ceil(wait - ROUNDING_MILLIS);
  }

  Bucket requests() {
    return requests;
  }

  Bucket tokens() {
    return tokens;
  }
}
