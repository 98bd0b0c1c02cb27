// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.route.Grouping;
import dev.petrel.alerting.route.InhibitRule;
import dev.petrel.alerting.route.Route;
import dev.petrel.alerting.route.Routing;
import dev.petrel.alerting.route.Timers;
import dev.petrel.service.match.Matcher;
import dev.petrel.service.silence.Silence;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of alerts, answers, crashes, rebalances, silences and edited routes, against a
 * stand-in with PagerDuty's rules. {@code -Dpetrel.schedules=N} runs more.
 */
class DispatcherPropertyTest {

  private static final int SCHEDULES = Integer.getInteger("petrel.schedules", 200);
  private static final long FIRST_SEED = Long.getLong("petrel.seed", 1);

  @Test
  void dispatcher_pagesOncePerIncidentAndResolvesEachWhateverHappens() {
    int pages = 0;
    int crashes = 0;
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SCHEDULES; seed++) {
      Schedule schedule = new Schedule(seed);
      schedule.run();
      pages += schedule.pages();
      crashes += schedule.crashes;
    }
    assertThat(pages).as("the schedules are about something").isGreaterThan(SCHEDULES);
    assertThat(crashes).isGreaterThan(SCHEDULES);
  }

  /** One random history. */
  private static final class Schedule {

    private static final int PARTITIONS = 2;

    private final long seed;
    private final Random random;
    private final PagerDutyModel first;
    private final PagerDutyModel second;
    private final List<NotificationPolicy> policies;
    private final Limits limits;
    private final List<List<Alert>> topic = List.of(new ArrayList<>(), new ArrayList<>());
    private final int[] committed = new int[PARTITIONS];
    private final int[] read = new int[PARTITIONS];
    private final List<Map<String, byte[]>> log =
        List.of(new LinkedHashMap<>(), new LinkedHashMap<>());
    private final Map<String, Alert> alerts = new LinkedHashMap<>();
    private List<Silence> silences = List.of();
    private NotificationPolicy policy;
    private Dispatcher dispatcher;
    private long now = Alerts.STARTS_AT;
    private int episodes;
    int crashes;

    Schedule(long seed) {
      this.seed = seed;
      random = new Random(seed);
      first = new PagerDutyModel("first", random);
      second = new PagerDutyModel("second", random);
      policies =
          List.of(
              policy(Grouping.EACH, Timers.IMMEDIATE, List.of()),
              policy(Grouping.by(List.of("model")), timers(20, 60), inhibited()),
              policy(Grouping.by(List.of()), timers(5, 300), List.of()));
      policy = policies.get(random.nextInt(policies.size()));
      limits =
          random.nextBoolean()
              ? new Limits(Duration.ofDays(1000), 1000, 1000)
              : new Limits(Duration.ofDays(1000), 2, 2);
      dispatcher = started();
    }

    private static Timers timers(int wait, int interval) {
      return new Timers(
          Duration.ofSeconds(wait),
          Duration.ofSeconds(interval),
          Duration.ofHours(1),
          Duration.ZERO);
    }

    private static List<InhibitRule> inhibited() {
      return List.of(
          new InhibitRule(
              List.of(Matcher.parse("severity=critical")),
              List.of(Matcher.parse("severity!=critical")),
              List.of("model")));
    }

    /** Critical alerts to both, all others to the first alone. */
    private NotificationPolicy policy(Grouping grouping, Timers timers, List<InhibitRule> rules) {
      List<Matcher> critical = List.of(Matcher.parse("severity=critical"));
      Route page =
          new Route(
              Route.path(Route.ROOT, critical),
              "second",
              critical,
              true,
              grouping,
              timers,
              List.of(),
              List.of(),
              List.of());
      List<Matcher> any = List.of(Matcher.parse("environment=~\".*\""));
      Route rest =
          new Route(
              Route.path(Route.ROOT, any),
              "first",
              any,
              false,
              grouping,
              timers,
              List.of(),
              List.of(),
              List.of());
      Route root =
          new Route(
              Route.ROOT,
              "first",
              List.of(),
              false,
              grouping,
              timers,
              List.of(),
              List.of(),
              List.of(page, rest));
      return new NotificationPolicy(
          new Routing(root, rules, Map.of()),
          Map.of(
              "first",
              new Receiver("first", List.of(target(first)), "second"),
              "second",
              new Receiver("second", List.of(target(second)), null)));
    }

    private static Target target(PagerDutyModel model) {
      return Target.of(model, new Pace(600, 60));
    }

    private Dispatcher started() {
      Dispatcher made =
          new Dispatcher(
              policy,
              limits,
              new SimpleMeterRegistry(),
              () -> Instant.ofEpochMilli(now),
              new Random(seed));
      made.silence(silences);
      for (int partition = 0; partition < PARTITIONS; partition++) {
        assign(made, partition);
      }
      return made;
    }

    private void assign(Dispatcher to, int partition) {
      log.get(partition)
          .values()
          .forEach(bytes -> to.restore(partition, DeliveryCodec.read(bytes)));
      read[partition] = committed[partition];
      read(to, partition);
      to.open(partition);
    }

    private void read(Dispatcher to, int partition) {
      List<Alert> records = topic.get(partition);
      records.subList(read[partition], records.size()).forEach(a -> to.accept(partition, a));
      read[partition] = records.size();
    }

    private void crash() {
      crashes++;
      if (random.nextBoolean()) {
        policy = policies.get(random.nextInt(policies.size()));
      }
      dispatcher = started();
    }

    /** A round of the session; a crash can come between any two of its parts. */
    private void round(boolean mayCrash) {
      int crashAt = mayCrash && random.nextInt(6) == 0 ? random.nextInt(5) : -1;
      for (int partition = 0; partition < PARTITIONS; partition++) {
        read(dispatcher, partition);
      }
      Dispatcher.Step step = dispatcher.step();
      int writes = crashAt == 0 ? random.nextInt(step.writes().size() + 1) : step.writes().size();
      step.writes().subList(0, writes).forEach(this::write);
      if (crashAt == 0 || crashAt == 1) {
        crash();
        return;
      }
      for (int partition = 0; partition < PARTITIONS; partition++) {
        committed[partition] = read[partition];
      }
      int starts = crashAt == 2 ? random.nextInt(step.starts().size() + 1) : step.starts().size();
      step.starts().subList(0, starts).forEach(dispatcher::start);
      if (crashAt == 2) {
        crash();
        return;
      }
      boolean all = !mayCrash || random.nextInt(3) == 0;
      first.answer(all);
      second.answer(all);
      if (crashAt == 3) {
        crash();
      }
    }

    private void write(Dispatcher.Write write) {
      Delivery delivery = write.delivery();
      if (delivery == null) {
        log.get(write.partition()).remove(write.incidentId());
      } else {
        log.get(write.partition()).put(write.incidentId(), DeliveryCodec.bytes(delivery));
      }
    }

    void run() {
      for (int phase = 0; phase < 3; phase++) {
        first.failing = random.nextDouble();
        second.failing = random.nextDouble();
        int length = 10 + random.nextInt(60);
        for (int i = 0; i < length; i++) {
          event();
          round(true);
        }
        settle();
        assertShown();
      }
      List.copyOf(alerts.values()).stream()
          .filter(alert -> alert.status() == Status.FIRING)
          .forEach(this::resolve);
      settle();
      assertClosed();
    }

    private void event() {
      now += random.nextInt(4) == 0 ? random.nextInt(600_000) : random.nextInt(3_000);
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> fire();
        case 3, 4 -> some(this::resolve);
        case 5 -> some(alert -> publish(Alerts.worse(alert)));
        case 6 -> some(alert -> publish(severer(alert)));
        case 7 -> silence();
        case 8 -> rebalance();
        default -> {
          if (random.nextInt(4) == 0) {
            policy = policies.get(random.nextInt(policies.size()));
            dispatcher.use(policy);
          }
        }
      }
    }

    private void fire() {
      Alert alert = Alerts.firing("e" + episodes++, now);
      Map<String, String> labels = new HashMap<>(alert.labels());
      labels.put("model", "m" + random.nextInt(2));
      labels.put("tenant", "t" + random.nextInt(4));
      labels.put("environment", "env" + random.nextInt(PARTITIONS));
      Severity severity = random.nextInt(3) == 0 ? Severity.CRITICAL : Severity.WARNING;
      publish(
          new Alert(
              alert.alertId(),
              alert.rule(),
              alert.pattern(),
              alert.status(),
              severity,
              labels,
              Map.of(),
              alert.startsAt(),
              now,
              null,
              now,
              1,
              alert.summary(),
              Map.of(),
              Map.of(),
              alert.runbookUrl()));
    }

    private void some(java.util.function.Consumer<Alert> change) {
      List<Alert> firing =
          alerts.values().stream().filter(a -> a.status() == Status.FIRING).toList();
      if (!firing.isEmpty()) {
        change.accept(firing.get(random.nextInt(firing.size())));
      }
    }

    private Alert severer(Alert alert) {
      return alert.refreshed(
          Severity.CRITICAL, "more severe", alert.facts(), alert.evidence(), true, now);
    }

    private void resolve(Alert alert) {
      publish(alert.resolved(now, "recovered", Math.max(now, alert.updatedAt())));
    }

    private void publish(Alert alert) {
      alerts.put(alert.alertId(), alert);
      int partition = alert.labels().get("environment").equals("env0") ? 0 : 1;
      topic.get(partition).add(alert);
    }

    private void silence() {
      silences =
          random.nextBoolean()
              ? List.of()
              : List.of(
                  new Silence(
                      "s",
                      List.of(Matcher.parse("tenant=t" + random.nextInt(4))),
                      now,
                      now + random.nextInt(900_000),
                      "kim",
                      "planned"));
      dispatcher.silence(silences);
    }

    private void rebalance() {
      int partition = random.nextInt(PARTITIONS);
      dispatcher.drop(partition);
      assign(dispatcher, partition);
    }

    /** Receivers work, nothing is silent, and there is time for all of it. */
    private void settle() {
      first.failing = 0;
      second.failing = 0;
      silences = List.of();
      dispatcher.silence(silences);
      for (int i = 0; i < 60; i++) {
        round(false);
        now += 180_000;
      }
      round(false);
    }

    private void assertShown() {
      Set<String> shown = new HashSet<>(first.shown());
      shown.addAll(second.shown());
      for (Alert alert : alerts.values()) {
        boolean explained =
            alert.severity() != Severity.CRITICAL
                && !policy.routing().inhibitRules().isEmpty()
                && alerts.values().stream().anyMatch(other -> explains(other, alert));
        if (alert.status() == Status.FIRING && !explained && !isRefused(alert.alertId())) {
          assertThat(shown)
              .as("seed %d: %s is told", seed, alert.alertId())
              .contains(alert.alertId());
        }
      }
      assertNoViolation();
    }

    private static boolean explains(Alert source, Alert target) {
      return source.status() == Status.FIRING
          && source.severity() == Severity.CRITICAL
          && source.labels().get("model").equals(target.labels().get("model"))
          && source.labels().get("environment").equals(target.labels().get("environment"));
    }

    /** Whether a receiver has refused the alert's incident or an update of it for good. */
    private boolean isRefused(String alertId) {
      return log.stream()
          .flatMap(records -> records.values().stream())
          .map(DeliveryCodec::read)
          .filter(d -> d.alerts().stream().anyMatch(m -> m.alert().alertId().equals(alertId)))
          .flatMap(delivery -> delivery.notifications().stream())
          .anyMatch(notification -> notification.status() == DeliveryStatus.FAILED);
    }

    private void assertClosed() {
      for (PagerDutyModel model : List.of(first, second)) {
        model.incidents.forEach(
            (id, incident) -> {
              assertThat(incident.open).as("seed %d: %s is open", seed, id).isFalse();
              assertThat(incident.pages)
                  .as("seed %d: pages of %s", seed, id)
                  .isLessThanOrEqualTo(1);
            });
      }
      assertNoViolation();
    }

    private void assertNoViolation() {
      assertThat(first.violations).as("seed %d", seed).isEmpty();
      assertThat(second.violations).as("seed %d", seed).isEmpty();
    }

    int pages() {
      return first.incidents.values().stream().mapToInt(incident -> incident.pages).sum();
    }
  }
}
