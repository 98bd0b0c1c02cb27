// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.detect.Rule;
import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** A single failure is no pattern, whatever the traffic: nobody is ever told of it. */
class SingleFailuresTest {

  private static final long START = 1_767_225_600_000L; // 2026-01-01T00:00:00Z
  private static final int MINUTES = 40;

  private final long seed = Long.getLong("petrel.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** Traffic of one environment: from a call every few minutes to some a second. */
  private record Traffic(String environment, double perSecond, int tenants, int services) {}

  @RepeatedTest(4)
  void singleFailure_isNeverTold() {
    List<Alert> alerts = new ArrayList<>();
    Backtest backtest = new Backtest(Rule.defaults(), "", alerts::add);
    List<Traffic> environments = new ArrayList<>();
    List<Long> failures = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      double perSecond = Math.pow(10, -2.5 + 3 * random.nextDouble());
      environments.add(
          new Traffic("env-" + i, perSecond, 1 + random.nextInt(20), 1 + random.nextInt(3)));
      failures.add(START + random.nextInt(MINUTES * 60_000));
    }
    long id = 0;
    for (long now = START; now < START + MINUTES * 60_000L; now += 1000) {
      for (int i = 0; i < environments.size(); i++) {
        Traffic traffic = environments.get(i);
        long calls = (long) (traffic.perSecond() + random.nextDouble());
        for (long call = 0; call < calls; call++) {
          backtest.add(event(traffic, now, "e" + id++, null), now);
        }
        if (now <= failures.get(i) && failures.get(i) < now + 1000) {
          ErrorType type = ErrorType.values()[random.nextInt(ErrorType.values().length)];
          backtest.add(event(traffic, now, "e" + id++, type), now);
        }
      }
    }
    backtest.advanceTo(START + (MINUTES + 15) * 60_000L);

    assertThat(alerts).as("seed %d, %s", seed, environments).isEmpty();
  }

  private LlmCallEvent event(Traffic traffic, long now, String id, ErrorType failure) {
    LlmCallEvent.Builder event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, id)
            .set(EventField.TIMESTAMP, now)
            .set(EventField.CALL_ID, id)
            .set(EventField.ATTEMPT, 0L)
            .set(EventField.ENVIRONMENT, traffic.environment())
            .set(EventField.PROVIDER, "openai")
            .set(EventField.REQUEST_MODEL, random.nextBoolean() ? "gpt-4o" : "gpt-4o-mini")
            .set(EventField.TENANT, "tenant-" + random.nextInt(traffic.tenants()))
            .set(EventField.SERVICE, "service-" + random.nextInt(traffic.services()))
            .set(EventField.INSTANCE, "instance-" + random.nextInt(3))
            .set(EventField.CREDENTIAL, "key-" + random.nextInt(2))
            .set(EventField.DURATION_MS, 200 + random.nextInt(2000) + 0.5)
            .set(EventField.INPUT_TOKENS, 100L + random.nextInt(1000))
            .set(EventField.OUTPUT_TOKENS, 50L + random.nextInt(500));
    return failure == null
        ? event.set(EventField.OUTCOME, Outcome.SUCCESS).build()
        : event.set(EventField.OUTCOME, Outcome.ERROR).set(EventField.ERROR_TYPE, failure).build();
  }
}
