// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.traffic;

/**
 * Attempts and failures of one kind, of one scope, or a sum of scopes, in the current minute and
 * some before it. Mutable while it is being summed up; not thread-safe.
 */
public final class Window {
  /*
   * Index i holds the sum over the current minute and the i before it, so that the newest part can
   * be judged alone: right after the onset of a failure, older minutes dilute the ratio.
   */
  private final long[] attempts;
  private final long[] bad;
  private int badMinutes;
  private int moments;
  private long lastBadAt;

  /** A window of as many minutes without any attempt. */
  public Window(int minutes) {
    attempts = new long[minutes];
    bad = new long[minutes];
  }

  /** Adds a minute, {@code back} minutes before the current one. */
  void add(int back, Minute minute, FailureKind kind) {
    for (int i = back; i < attempts.length; i++) {
      attempts[i] += minute.attempts;
      bad[i] += minute.bad(kind);
    }
    badMinutes += minute.bad(kind) > 0 ? 1 : 0;
    moments += minute.moments(kind);
    lastBadAt = Math.max(lastBadAt, minute.lastBadAt(kind));
  }

  /** Adds another scope's window. */
  public void add(Window other) {
    for (int i = 0; i < attempts.length; i++) {
      attempts[i] += other.attempts[i];
      bad[i] += other.bad[i];
    }
    badMinutes = Math.max(badMinutes, other.badMinutes);
    moments = Math.max(moments, other.moments);
    lastBadAt = Math.max(lastBadAt, other.lastBadAt);
  }

  /** What is left of this scope without a part of it. */
  public Window minus(Window part) {
    Window rest = new Window(attempts.length);
    for (int i = 0; i < attempts.length; i++) {
      rest.attempts[i] = Math.max(0, attempts[i] - part.attempts[i]);
      rest.bad[i] = Math.min(rest.attempts[i], Math.max(0, bad[i] - part.bad[i]));
    }
    rest.badMinutes = badMinutes;
    rest.moments = moments;
    rest.lastBadAt = lastBadAt;
    return rest;
  }

  /** A window of as many minutes without any attempt. */
  public Window none() {
    return new Window(attempts.length);
  }

  /** All attempts. */
  public long attempts() {
    return attempts[attempts.length - 1];
  }

  /** All failures. */
  public long bad() {
    return bad[bad.length - 1];
  }

  /** The share of failures, 0 without attempts. */
  public double ratio() {
    return ratio(bad(), attempts());
  }

  /** Whether the newest minutes, or all of them, have this ratio and this many failures. */
  public boolean anyRecent(double above, long minBad) {
    for (int i = 0; i < attempts.length; i++) {
      if (bad[i] >= minBad && ratio(bad[i], attempts[i]) >= above) {
        return true;
      }
    }
    return false;
  }

  /**
   * The part that shows best how bad it is now: the newest minutes with the highest ratio, as the
   * number of full minutes besides the current one; all when too few attempts are known.
   */
  public int newest(long minAttempts) {
    int best = attempts.length - 1;
    for (int i = attempts.length - 1; i >= 0; i--) {
      if (attempts[i] >= minAttempts && ratio(i) > ratio(best)) {
        best = i;
      }
    }
    return best;
  }

  /** Attempts in the current minute and this many before it. */
  public long attempts(int full) {
    return attempts[full];
  }

  /** Failures in the current minute and this many before it. */
  public long bad(int full) {
    return bad[full];
  }

  /** The share of failures in the current minute and this many before it. */
  public double ratio(int full) {
    return ratio(bad[full], attempts[full]);
  }

  /** How many distinct times failures were seen at. */
  public int moments() {
    return Math.max(moments, badMinutes);
  }

  /** When a failure was seen last, in ms since the epoch; 0 for never. */
  public long lastBadAt() {
    return lastBadAt;
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
