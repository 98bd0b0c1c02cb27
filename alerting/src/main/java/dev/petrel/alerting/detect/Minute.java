// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import java.util.Map;

/**
 * The latest revision of one scope's minute, and when its failures were seen.
 *
 * @param revision the revision that the counts are of
 * @param counts what was counted
 * @param moments at how many times, {@link #MOMENT_MS} or more apart, new failures were seen
 * @param lastMomentAt the latest of them, in ms since the epoch; 0 when there is none
 * @param lastBadAt when a new failure was seen last, in ms since the epoch; 0 for never
 */
public record Minute(long revision, Counts counts, int moments, long lastMomentAt, long lastBadAt) {

  /** Failures seen within this time are one evidence moment: a burst and its fast retries. */
  static final long MOMENT_MS = 5_000;

  /** A minute of which nothing is known yet. */
  static final Minute NONE = new Minute(Long.MIN_VALUE, new Counts(0, 0, Map.of()), 0, 0, 0);

  /**
   * This minute after a newer revision of it.
   *
   * @param scopeMomentAt the scope's latest evidence moment in any minute
   */
  Minute updated(ScopeMinute newer, long scopeMomentAt, long now) {
    boolean grew = newer.counts().bad() > counts.bad();
    boolean moment = grew && now - scopeMomentAt >= MOMENT_MS;
    return new Minute(
        newer.revision(),
        newer.counts(),
        moment ? moments + 1 : moments,
        moment ? now : lastMomentAt,
        grew ? now : lastBadAt);
  }
}
