// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.Outcome;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What became of the events that a publisher was handed, and of those that an earlier one left.
 *
 * <p>Whenever nothing is under way, {@code accepted + recovered = sent + dropped + queued +
 * spooled}, and both breakdowns of the dropped ones have the same sum.
 *
 * @param accepted events handed to {@link EventPublisher#publish}, those dropped at once included
 * @param recovered events found in the spool of an earlier process, damaged ones included; some may
 *     have been sent by it already
 * @param sent events that Kafka confirmed
 * @param queued events waiting in memory, for delivery or for Kafka's confirmation
 * @param spooled events waiting on disk
 * @param droppedByReason lost events by reason; every reason is present
 * @param droppedByOutcome lost events by their outcome; every outcome is present
 */
public record PublisherCounters(
    long accepted,
    long recovered,
    long sent,
    long queued,
    long spooled,
    Map<DropReason, Long> droppedByReason,
    Map<Outcome, Long> droppedByOutcome) {

  /** Copies the maps. */
  public PublisherCounters {
    droppedByReason = Collections.unmodifiableMap(new EnumMap<>(droppedByReason));
    droppedByOutcome = Collections.unmodifiableMap(new EnumMap<>(droppedByOutcome));
  }

  /** All lost events. */
  public long dropped() {
    long sum = 0;
    for (long count : droppedByReason.values()) {
      sum += count;
    }
    return sum;
  }
}
