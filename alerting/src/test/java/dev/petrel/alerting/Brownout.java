// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.service.Topic;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.CallStatsCodec;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Call stats of a provider of which half of the calls fail, on two models, for two tenants. */
final class Brownout {

  private static final int FAILURES_A_SECOND = 3;

  private final Producer<String, byte[]> producer;
  private final List<Scope> scopes;
  private final Map<Long, Integer> failures = new TreeMap<>();
  private long revision = System.currentTimeMillis();
  private int good;

  Brownout(Producer<String, byte[]> producer, String provider) {
    this.producer = producer;
    this.scopes =
        List.of(
            Scope.provider("prod", provider),
            Scope.model("prod", provider, "m0"),
            Scope.model("prod", provider, "m1"),
            Scope.tenantModel("prod", "a", provider, "m0"),
            Scope.tenantModel("prod", "b", provider, "m0"),
            Scope.tenantModel("prod", "a", provider, "m1"),
            Scope.tenantModel("prod", "b", provider, "m1"));
  }

  /** Publishes one second more of it. */
  void second() {
    failures.merge(
        CallStats.windowStartOf(System.currentTimeMillis()), FAILURES_A_SECOND, Integer::sum);
    failures.forEach((start, bad) -> publish(start, bad, bad));
  }

  /** Publishes a second of many good calls in each minute so far. */
  void recover() {
    good += 200;
    failures.putIfAbsent(CallStats.windowStartOf(System.currentTimeMillis()), 0);
    failures.forEach((start, bad) -> publish(start, bad, bad + bad * 30 + good));
  }

  private void publish(long start, int bad, int goodCalls) {
    revision++;
    for (Scope scope : scopes) {
      // What a scope has is the sum of its parts.
      int parts =
          switch (scope.kind()) {
            case PROVIDER -> 4;
            case MODEL -> 2;
            default -> 1;
          };
      CallStats stats =
          new CallStats(
              scope,
              start,
              CallStats.WINDOW_MS,
              false,
              revision,
              measures(parts * bad, parts * goodCalls));
      producer.send(
          new ProducerRecord<>(
              Topic.CALL_STATS.topicName(), stats.key(), CallStatsCodec.encode(stats)));
    }
    producer.flush();
  }

  private static Measures measures(int bad, int good) {
    Measures measures = new Measures();
    for (int i = 0; i < bad + good; i++) {
      LlmCallEvent.Builder event =
          LlmCallEvent.newBuilder()
              .set(EventField.EVENT_ID, "e" + i)
              .set(EventField.TIMESTAMP, System.currentTimeMillis())
              .set(EventField.OUTCOME, i < bad ? Outcome.ERROR : Outcome.SUCCESS);
      if (i < bad) {
        event.set(EventField.ERROR_TYPE, ErrorType.OVERLOADED);
      }
      measures.add(event.build());
    }
    return measures;
  }
}
