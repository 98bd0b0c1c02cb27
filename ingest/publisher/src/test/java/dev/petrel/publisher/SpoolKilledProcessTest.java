// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.event.Outcome;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process that is killed while it writes, and the next one. */
@Timeout(120)
class SpoolKilledProcessTest extends SpoolFixture {

  @Test
  void start_recoversWhatAKilledProcessLeft_andOnlyThen() throws Exception {
    try (SpoolingProcess process = SpoolingProcess.start(spool)) {
      long spooled = process.awaitSpooled(300);
      start(withSpool());
      publisher.publish(Events.error("mine"));
      assertThat(publisher.flush(LONG)).isTrue();
      assertCounters(publisher, 1, 0, 1, 0, 0, Map.of()); // the live process keeps its own
      publisher.close();
      process.kill();

      start(withSpool());
      await().until(() -> publisher.counters().recovered() > 0);
      awaitDrained();
      PublisherCounters counters = publisher.counters();
      assertThat(counters.recovered()).isGreaterThanOrEqualTo(spooled);
      // At most the record at hand was torn.
      long torn = counters.droppedByReason().get(DropReason.SPOOL_DAMAGED);
      assertThat(torn).isEqualTo(counters.dropped()).isLessThanOrEqualTo(1);
      assertThat(counters.droppedByOutcome()).containsEntry(Outcome.ERROR, torn);
      assertThat(arrived()).contains(ids("e", (int) spooled)).doesNotHaveDuplicates();
      assertAddsUp(counters);
    }
  }
}
