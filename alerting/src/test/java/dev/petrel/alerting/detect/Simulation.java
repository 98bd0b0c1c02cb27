// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.detect;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.traffic.ScopeWindow;
import dev.petrel.alerting.traffic.Windows;
import dev.petrel.event.ErrorType;
import dev.petrel.stats.CallStats;
import dev.petrel.stats.Measures;
import dev.petrel.stats.Scope;
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
public final class Simulation {

  /** The rules that these failures are for. */
  public static final List<Rule> RULES =
      List.of(Rule.of(Pattern.PROVIDER_INCIDENT), Rule.of(Pattern.TENANT_ERRORS));

  public static final long START = 1_700_000_040_000L; // the start of a minute

  /** What was counted of a scope's minute. */
  private static final class Counted {
    private final Measures measures = new Measures();
    private long revision;
  }

  /** Calls of one tenant, null for none, to one model. */
  private record Flow(
      String tenant, String model, LongToDoubleFunction rate, LongToDoubleFunction errors) {}

  private final Random random;
  private final List<Flow> flows = new ArrayList<>();
  private final Map<String, Counted> counted = new HashMap<>();
  private final Map<Long, List<ScopeWindow>> due = new HashMap<>();
  private final Map<String, byte[]> store = new HashMap<>();
  private Detection detection = detection();
  private final long[] delays = new long[3];
  private long second;
  public final List<Alert> alerts = new ArrayList<>();

  public Simulation(long seed) {
    random = new Random(seed);
    for (int i = 0; i < delays.length; i++) {
      delays[i] = random.nextInt(3);
    }
  }

  /** Adds calls; rate a second and error ratio by second since the start. */
  public Simulation flow(
      String tenant, String model, LongToDoubleFunction rate, LongToDoubleFunction errors) {
    flows.add(new Flow(tenant, model, rate, errors));
    return this;
  }

  public Simulation flow(String tenant, String model, double rate, LongToDoubleFunction errors) {
    return flow(tenant, model, at -> rate, errors);
  }

  /** A failure between two times, over a background of 1 %. */
  public static LongToDoubleFunction failing(long from, long to, double ratio) {
    return at -> at >= from && at < to ? ratio : 0.01;
  }

  public static LongToDoubleFunction healthy() {
    return at -> 0.01;
  }

  public Simulation runMinutes(int minutes) {
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
    List<ScopeWindow> arrived = due.remove(second);
    if (arrived != null) {
      arrived.forEach(window -> detection.accept(window, now));
    }
    detection.evaluate(now, alerts::add);
    if (second % 60 == 0) {
      detection.evict(now);
    }
  }

  private void count(Scope scope, int kind, long now, int attempts, int bad) {
    String key = scope.key() + '@' + CallStats.windowStartOf(now);
    Counted minute = counted.computeIfAbsent(key, name -> new Counted());
    minute.measures.merge(Windows.measures(attempts, bad, ErrorType.SERVER_ERROR));
    minute.revision++;
    due.computeIfAbsent(second + delays[kind], at -> new ArrayList<>())
        .add(Windows.minute(scope, now, minute.revision, minute.measures));
  }

  /** Goes on with what a crash leaves: the state as it was stored. */
  public Simulation restart() {
    detection = detection();
    store.forEach(detection::restore);
    return this;
  }

  private Detection detection() {
    return new Detection(
        "prod",
        RULES,
        "https://runbooks.example/",
        (key, value) -> {
          if (value == null) {
            store.remove(key);
          } else {
            store.put(key, value);
          }
        });
  }

  public List<Alert> fired() {
    return alerts.stream().filter(alert -> alert.firedAt() == alert.updatedAt()).toList();
  }

  public List<Alert> resolved() {
    return alerts.stream().filter(alert -> alert.status() == Status.RESOLVED).toList();
  }

  public static long secondOf(long ms) {
    return (ms - START) / 1000;
  }
}
