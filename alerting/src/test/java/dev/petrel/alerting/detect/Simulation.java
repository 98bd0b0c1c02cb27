// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import dev.petrel.alerting.alert.Status;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongToDoubleFunction;

/**
 * Calls of tenants to models of one provider, second by second, as streams would count them and the
 * evaluator would see them: each kind of scope with a delay of its own.
 */
final class Simulation {

  static final ErrorRateConfig DEFAULTS =
      new ErrorRateConfig(
          Duration.ofMinutes(2), 0.10, 10, Duration.ofSeconds(20), 0.05, Duration.ofSeconds(60));

  static final long START = 1_700_000_040_000L; // the start of a minute

  /** Calls of one tenant, null for none, to one model. */
  private record Flow(
      String tenant, String model, LongToDoubleFunction rate, LongToDoubleFunction errors) {}

  private final Random random;
  private final List<Flow> flows = new ArrayList<>();
  private final Map<String, ScopeMinute> counted = new HashMap<>();
  private final Map<Long, List<ScopeMinute>> due = new HashMap<>();
  private final ErrorRateRule rule = new ErrorRateRule(DEFAULTS, "https://runbooks.example/");
  private final Group group = new Group(ScopeMinute.groupOf(Scope.provider("prod", "openai")));
  private GroupState state = GroupState.EMPTY;
  private final long[] delays = new long[3];
  private long second;
  final List<Alert> alerts = new ArrayList<>();

  Simulation(long seed) {
    random = new Random(seed);
    for (int i = 0; i < delays.length; i++) {
      delays[i] = random.nextInt(3);
    }
  }

  /** Adds calls; rate a second and error ratio by second since the start. */
  Simulation flow(
      String tenant, String model, LongToDoubleFunction rate, LongToDoubleFunction errors) {
    flows.add(new Flow(tenant, model, rate, errors));
    return this;
  }

  Simulation flow(String tenant, String model, double rate, LongToDoubleFunction errors) {
    return flow(tenant, model, at -> rate, errors);
  }

  /** A failure between two times, over a background of 1 %. */
  static LongToDoubleFunction failing(long from, long to, double ratio) {
    return at -> at >= from && at < to ? ratio : 0.01;
  }

  static LongToDoubleFunction healthy() {
    return at -> 0.01;
  }

  Simulation runMinutes(int minutes) {
    for (long end = second + minutes * 60L; second < end; second++) {
      tick();
    }
    return this;
  }

  private void tick() {
    long now = START + second * 1000;
    for (Flow flow : flows) {
      double perSecond = flow.rate().applyAsDouble(second);
      int attempts = (int) perSecond + (random.nextDouble() < perSecond % 1 ? 1 : 0);
      int bad = 0;
      for (int i = 0; i < attempts; i++) {
        bad += random.nextDouble() < flow.errors().applyAsDouble(second) ? 1 : 0;
      }
      if (attempts > 0) {
        count(Scope.provider("prod", "openai"), 0, now, attempts, bad);
        count(Scope.model("prod", "openai", flow.model()), 1, now, attempts, bad);
        if (flow.tenant() != null) {
          Scope cell = Scope.tenantModel("prod", flow.tenant(), "openai", flow.model());
          count(cell, 2, now, attempts, bad);
        }
      }
    }
    List<ScopeMinute> arrived = due.remove(second);
    if (arrived != null) {
      for (ScopeMinute update : arrived) {
        group.series(Scope.ofKey(update.scope())).accept(update, now);
      }
    }
    Evaluation evaluation = rule.evaluate(group, state, now);
    state = evaluation.state();
    alerts.addAll(evaluation.alerts());
    if (second % 60 == 0) {
      group.evict(now - StatsReader.MAX_AGE.toMillis(), (scope, start) -> {});
    }
  }

  private void count(Scope scope, int kind, long now, int attempts, int bad) {
    long start = CallStats.windowStartOf(now);
    String key = ScopeMinute.storeKey(scope.key(), start);
    ScopeMinute before = counted.get(key);
    long knownAttempts = before == null ? 0 : before.counts().attempts();
    long knownBad = before == null ? 0 : before.counts().bad();
    Counts counts =
        new Counts(
            knownAttempts + attempts, knownBad + bad, Map.of("server_error", knownBad + bad));
    long revision = before == null ? 1 : before.revision() + 1;
    ScopeMinute update = new ScopeMinute(scope.key(), start, revision, counts);
    counted.put(key, update);
    due.computeIfAbsent(second + delays[kind], at -> new ArrayList<>()).add(update);
  }

  /** What a crash leaves: the state as it was stored. */
  Simulation restart() {
    state = Json.read(Json.bytes(state), GroupState.class).restored();
    return this;
  }

  List<Alert> fired() {
    return alerts.stream().filter(alert -> alert.firedAt() == alert.updatedAt()).toList();
  }

  List<Alert> resolved() {
    return alerts.stream().filter(alert -> alert.status() == Status.RESOLVED).toList();
  }

  static long secondOf(long ms) {
    return (ms - START) / 1000;
  }
}
