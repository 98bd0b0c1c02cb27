// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * An hour of calls of very many tenants: at first a few of each, then a thousand make most of them,
 * and have to win the places that the others have taken.
 */
final class TenantTraffic {

  private static final int LARGE = 1_000;

  /** So many tenants make one call each after the hour, so that all partitions see it end. */
  private static final int AFTERWARDS = 400;

  private final CallProducer producer;
  private final SplittableRandom random;
  private final int tenants;
  private final Reference totals = new Reference(Set.of("all", "model"));
  private final Map<String, Long> attempts = new HashMap<>();
  private int events;

  TenantTraffic(CallProducer producer, long seed, int tenants) {
    this.producer = producer;
    this.random = new SplittableRandom(seed);
    this.tenants = tenants;
  }

  /** Sends {@code count} calls of an hour that is over. */
  void send(int count) {
    long now = System.currentTimeMillis();
    long begin = now - now % ScopeWindow.HOUR - 2 * ScopeWindow.HOUR;
    for (int i = 0; i < count; i++) {
      boolean large = i > count / 5 && random.nextInt(5) < 3;
      int tenant = large ? random.nextInt(LARGE) : random.nextInt(tenants);
      send("tenant-" + tenant, begin + ScopeWindow.HOUR * i / count);
    }
    for (int i = 0; i < AFTERWARDS; i++) {
      send("afterwards-" + i, now);
    }
    producer.flush();
  }

  private void send(String tenant, long time) {
    String id = Integer.toHexString(++events);
    LlmCallEvent event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, id)
            .set(EventField.CALL_ID, id)
            .set(EventField.TIMESTAMP, time)
            .set(EventField.TENANT, tenant)
            .set(EventField.PROVIDER, "openai")
            .set(EventField.REQUEST_MODEL, "model-" + random.nextInt(3))
            .set(EventField.OUTCOME, Outcome.SUCCESS)
            .set(EventField.INPUT_TOKENS, (long) random.nextInt(5_000))
            .set(EventField.COST_NANO_USD, (long) random.nextInt(1_000_000))
            .set(EventField.DURATION_MS, 5_000 * random.nextDouble())
            .build();
    producer.send(event, time);
    totals.add(event, time);
    attempts.merge(tenant, 1L, Long::sum);
  }

  /** What must be published for all calls, and for each model. */
  Reference totals() {
    return totals;
  }

  /** All calls. */
  long events() {
    return events;
  }

  /** The calls of the hour. */
  long eventsOfTheHour() {
    return events - AFTERWARDS;
  }

  /** The attempts of the thousand largest tenants. */
  Map<String, Long> largest() {
    return attempts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(LARGE)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
