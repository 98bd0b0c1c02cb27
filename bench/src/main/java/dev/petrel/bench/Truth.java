// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;

/**
 * What the right result over a topic is.
 *
 * @param records sums over every record, duplicates counted again
 * @param distinct sums over every attempt once
 */
record Truth(Totals records, Totals distinct) {

  static final Truth NONE = new Truth(Totals.NONE, Totals.NONE);

  Truth plus(PublishedCall call) {
    Totals totals = totals(call.event());
    return new Truth(records.plus(totals), call.duplicate() ? distinct : distinct.plus(totals));
  }

  private static Totals totals(LlmCallEvent event) {
    return new Totals(
        1,
        event.outcome() == Outcome.ERROR ? 1 : 0,
        event.get(EventField.INPUT_TOKENS, 0),
        event.get(EventField.OUTPUT_TOKENS, 0),
        event.get(EventField.COST_NANO_USD, 0));
  }
}
