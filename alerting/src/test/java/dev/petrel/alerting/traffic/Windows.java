// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.traffic;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;

/** Aggregates for tests. */
public final class Windows {

  private Windows() {}

  /** A minute of a scope in which so many attempts failed in one way. */
  public static ScopeWindow minute(
      Scope scope, long at, long revision, long attempts, long bad, ErrorType type) {
    return minute(scope, at, revision, measures(attempts, bad, type));
  }

  /** A minute of a scope. */
  public static ScopeWindow minute(Scope scope, long at, long revision, Measures measures) {
    return ScopeWindow.of(
        new CallStats(
            scope, CallStats.windowStartOf(at), CallStats.WINDOW_MS, false, revision, measures));
  }

  /** What so many attempts are, of which some failed in one way. */
  public static Measures measures(long attempts, long bad, ErrorType type) {
    Measures measures = new Measures();
    LlmCallEvent failure =
        event().set(EventField.OUTCOME, Outcome.ERROR).set(EventField.ERROR_TYPE, type).build();
    LlmCallEvent success = event().set(EventField.OUTCOME, Outcome.SUCCESS).build();
    for (long i = 0; i < attempts; i++) {
      measures.add(i < bad ? failure : success);
    }
    return measures;
  }

  private static LlmCallEvent.Builder event() {
    return LlmCallEvent.newBuilder()
        .set(EventField.EVENT_ID, "e")
        .set(EventField.TIMESTAMP, 1_700_000_040_000L);
  }
}
