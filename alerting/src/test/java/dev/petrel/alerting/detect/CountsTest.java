// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.stats.Measures;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountsTest {

  private final Measures measures = new Measures();

  private void add(Outcome outcome, ErrorType type) {
    LlmCallEvent.Builder event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, "e" + measures.attempts())
            .set(EventField.TIMESTAMP, 1_700_000_000_000L)
            .set(EventField.OUTCOME, outcome);
    measures.add((type == null ? event : event.set(EventField.ERROR_TYPE, type)).build());
  }

  @Test
  void of_countsErrorsOnly() {
    add(Outcome.SUCCESS, null);
    add(Outcome.TRUNCATED, null);
    add(Outcome.REFUSED, null);
    add(Outcome.REFUSED, ErrorType.CONTENT_FILTER);
    add(Outcome.CANCELLED, null);
    add(Outcome.CANCELLED, ErrorType.CANCELLED);
    add(Outcome.ERROR, ErrorType.OVERLOADED);
    add(Outcome.ERROR, ErrorType.OVERLOADED);
    add(Outcome.ERROR, null);

    assertThat(Counts.of(measures))
        .isEqualTo(new Counts(9, 3, Map.of("overloaded", 2L, "unknown", 1L)));
  }

  @Test
  void of_leavesOutWhatAContentFilterBlocked() {
    add(Outcome.ERROR, ErrorType.CONTENT_FILTER);
    add(Outcome.ERROR, ErrorType.CONTENT_FILTER);
    add(Outcome.ERROR, ErrorType.RATE_LIMIT);

    assertThat(Counts.of(measures)).isEqualTo(new Counts(3, 1, Map.of("rate_limit", 1L)));
  }

  @Test
  void of_doesNotCountACancelledAttemptForItsErrorType() {
    add(Outcome.CANCELLED, ErrorType.CLIENT_TIMEOUT);
    add(Outcome.SUCCESS, null);

    assertThat(Counts.of(measures).bad()).isZero();
  }
}
