// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Status;
import dev.petrel.alerting.route.AlertLabels;
import dev.petrel.alerting.route.Route;
import dev.petrel.alerting.route.Suppression;
import dev.petrel.service.silence.Silence;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what to send when, for all alerts of the partitions that this instance has.
 *
 * <p>Alerts come together in {@linkplain Incidents incidents}, an incident's timers let {@linkplain
 * Flush what there is to tell} out, and each of its {@linkplain Lane lanes} {@linkplain Attempts
 * tells it} in its own time. Each step gives records to write and sends to start; the caller must
 * have written the records durably before it starts the sends. Not thread-safe; only {@link #start}
 * completes on other threads.
 */
final class Dispatcher {

  /** How long the log of an incident that is over is kept. */
  static final Duration KEPT = Duration.ofDays(7);

  private static final long LOOK_EVERY_MS = 1_000;

  /**
   * A record to write; the delivery is null to delete it.
   *
   * @param partition the partition of the alerts' own topic, which is also the log's
   */
  record Write(int partition, String incidentId, @Nullable Delivery delivery) {}

  /** What a step gives. */
  record Step(List<Write> writes, List<Attempts.Start> starts) {}

  private final Limits limits;
  private final InstantSource clock;
  private final Incidents incidents = new Incidents();
  private final Bindings bindings;
  private final Attempts attempts;
  private final RecentPages recent = new RecentPages();
  private final Set<Incident> live = new LinkedHashSet<>();
  private final Set<Integer> open = new HashSet<>();
  private List<Silence> silences = List.of();
  private @Nullable Suppression suppression;
  private long suppressionAt;

  Dispatcher(
      NotificationPolicy policy,
      Limits limits,
      MeterRegistry meters,
      InstantSource clock,
      RandomGenerator random) {
    this.bindings = new Bindings(policy);
    this.limits = limits;
    this.clock = clock;
    this.attempts = new Attempts(limits, meters, random);
  }

  /** Takes in a record of the log, before its partition is opened. */
  void restore(int partition, Delivery delivery) {
    Incident known = incidents.find(delivery.incidentId());
    if (known != null) {
      live.remove(known);
    }
    Incident incident = Incident.of(partition, delivery);
    incidents.restore(incident);
    live.add(incident);
  }

  /** Forgets what the log said about an incident, before its partition is opened. */
  void forget(String incidentId) {
    Incident known = incidents.find(incidentId);
    if (known != null) {
      live.remove(known);
      incidents.forget(incidentId);
    }
  }

  /** Takes in an alert as it stands. */
  void accept(int partition, Alert alert) {
    boolean unknown = incidents.alert(alert.alertId()) == null;
    if (incidents.accept(partition, alert)) {
      suppression = null;
      if (unknown || alert.status() == Status.FIRING) {
        join(new Incidents.Known(partition, alert));
      }
    }
  }

  private void join(Incidents.Known known) {
    live.addAll(incidents.join(known, bindings.routing().root(), clock.millis()));
  }

  /** Lets a partition's incidents be told: its log is restored and its backlog is read. */
  void open(int partition) {
    open.add(partition);
    incidents.repair(partition);
    recent.drop(partition);
    for (Incident incident : incidents.all()) {
      if (incident.partition() == partition) {
        connect(incident);
        remember(incident);
      }
    }
    reroute();
  }

  private void remember(Incident incident) {
    String receiver = incident.group().receiver();
    if (incident.isTold() && incident.group().kind() == Group.Kind.ROUTE) {
      recent.incident(incident.partition(), receiver, incident.told().firstAt());
    }
    for (Alert alert : incident.toldAlerts()) {
      long at = Math.max(incident.told().firstAt(), alert.firedAt());
      recent.alert(incident.partition(), receiver, AlertLabels.fingerprint(alert), at);
    }
  }

  boolean isOpen(int partition) {
    return open.contains(partition);
  }

  /** Forgets a partition. */
  void drop(int partition) {
    open.remove(partition);
    incidents.drop(partition);
    recent.drop(partition);
    live.removeIf(incident -> incident.partition() == partition);
    suppression = null;
  }

  /** Goes by these silences from now on. */
  void silence(List<Silence> all) {
    silences = List.copyOf(all);
    suppression = null;
  }

  /** The ids of silences that have been over for so long that nobody asks for them. */
  List<String> expiredSilences() {
    long end = clock.millis() - Silence.KEPT.toMillis();
    return silences.stream().filter(each -> each.isExpired(end)).map(Silence::id).toList();
  }

  /**
   * Goes by another policy from now on. An incident stays with its receiver as long as a route
   * takes one of its alerts there; else it ends, and the receiver is told so.
   */
  void use(NotificationPolicy newer) {
    bindings.use(newer);
    suppression = null;
    for (Incident incident : List.copyOf(live)) {
      bindings.retire(incident);
      connect(incident);
    }
    reroute();
  }

  private void connect(Incident incident) {
    if (!bindings.connect(incident)) {
      end(incident, "the routes were changed");
    }
  }

  /** Brings alerts that go on into the incidents of all routes that take them. */
  private void reroute() {
    for (Incidents.Known known : List.copyOf(incidents.alerts())) {
      if (known.alert().status() == Status.FIRING) {
        join(known);
      }
    }
  }

  /** Whether an attempt is under way. */
  boolean isBusy() {
    return attempts.isBusy();
  }

  /** Begins an attempt whose record has been written. */
  void start(Attempts.Start start) {
    attempts.start(start);
  }

  /** Takes in finished attempts only. */
  Step finish() {
    attempts.complete(clock.millis());
    return new Step(writes(), List.of());
  }

  /** Takes in finished attempts and decides what comes next. */
  Step step() {
    long now = clock.millis();
    attempts.complete(now);
    List<Attempts.Start> starts = new ArrayList<>();
    for (Incident incident : List.copyOf(live)) {
      if (open.contains(incident.partition())) {
        bindings.addLanes(incident);
        if (incident.isOpen() && now >= incident.lookAt()) {
          flush(incident, now);
        }
      }
    }
    List<Incident> settled = new ArrayList<>();
    for (Incident incident : List.copyOf(live)) {
      if (open.contains(incident.partition())) {
        bindings.addLanes(incident);
        if (tell(incident, starts, now) && !incident.isOpen()) {
          settled.add(incident);
        }
      }
    }
    List<Write> writes = writes();
    live.removeAll(settled);
    return new Step(writes, starts);
  }

  /**
   * What alerts were brought into is written before what they were taken from: a crash between the
   * two leaves them in both, and never in none.
   */
  private List<Write> writes() {
    List<Incident> changed =
        live.stream()
            .filter(incident -> open.contains(incident.partition()) && !incident.isLogged())
            .sorted(
                Comparator.comparing((Incident incident) -> !incident.isOpen())
                    .thenComparing(incident -> incident.group().kind() == Group.Kind.ROUTE))
            .toList();
    changed.forEach(Incident::logged);
    return changed.stream()
        .map(incident -> new Write(incident.partition(), incident.id(), incident.delivery()))
        .toList();
  }

  private void flush(Incident incident, long now) {
    Flush flush =
        Flush.of(
            incident.snapshot(),
            incident.timers(),
            incident.isReached(),
            alert -> against(incident, alert, now),
            now);
    switch (flush) {
      case Flush.Wait wait -> incident.lookAt(Math.min(wait.until(), now + LOOK_EVERY_MS));
      case Flush.Hold hold -> {
        hold(incident, hold.why(), now);
        incident.lookAt(now + LOOK_EVERY_MS);
      }
      case Flush.Tell tell -> letOut(incident, tell, now);
      case Flush.End end -> end(incident, end.why());
    }
  }

  private @Nullable String against(Incident incident, Alert alert, long now) {
    Route route = incident.route();
    String muted =
        route == null ? null : bindings.routing().muted(route, Instant.ofEpochMilli(now));
    return muted == null ? suppression(now).why(alert) : muted;
  }

  /** Silences begin and end by the clock. */
  private Suppression suppression(long now) {
    Suppression known = suppression;
    if (known == null || now - suppressionAt >= LOOK_EVERY_MS) {
      Map<String, Map<String, String>> firing = new HashMap<>();
      for (Incidents.Known each : incidents.alerts()) {
        if (each.alert().status() == Status.FIRING) {
          firing.put(each.alert().alertId(), AlertLabels.of(each.alert()));
        }
      }
      known =
          new Suppression(
              Suppression.active(silences, now), bindings.routing().inhibitRules(), firing);
      suppression = known;
      suppressionAt = now;
    }
    return known;
  }

  private void hold(Incident incident, String why, long now) {
    incident.note(new Note(now, incident.group().receiver(), null, "held", why));
    incident.lanes().forEach(lane -> attempts.suppress(incident, lane, Action.TRIGGER, why, now));
  }

  private void letOut(Incident incident, Flush.Tell tell, long now) {
    String receiver = incident.group().receiver();
    boolean first = !incident.isTold() && incident.group().kind() == Group.Kind.ROUTE;
    if (first && isFlapping(receiver, tell.alerts(), now)) {
      Alert alert = tell.alerts().get(0);
      move(incident, tell.alerts(), Group.flapping(receiver, AlertLabels.of(alert)), now);
      return;
    }
    if (first && recent.incidents(receiver, now) >= limits.stormCap()) {
      move(incident, tell.alerts(), Group.storm(receiver), now);
      return;
    }
    if (first) {
      recent.incident(incident.partition(), receiver, now);
    }
    for (Alert alert : tell.alerts()) {
      recent.alert(incident.partition(), receiver, AlertLabels.fingerprint(alert), now);
    }
    incident.tell(tell.alerts(), tell.reason(), tell.reminder(), now);
    incident.lookAt(now);
  }

  private boolean isFlapping(String receiver, List<Alert> alerts, long now) {
    return alerts.stream()
        .allMatch(
            alert ->
                recent.alerts(receiver, AlertLabels.fingerprint(alert), now) >= limits.flapLimit());
  }

  /** Tells of alerts in an incident of another kind. */
  private void move(Incident from, List<Alert> alerts, Group group, long now) {
    String kind = group.kind() == Group.Kind.STORM ? "storm" : "flapping";
    String why = kind;
    for (Alert alert : alerts) {
      incidents.leave(from, alert.alertId());
      Incident to = incidents.join(new Incidents.Known(from.partition(), alert), group, null, now);
      live.add(to);
      why = kind + ": told in incident " + to.id();
    }
    hold(from, why, now);
    if (from.members().stream().noneMatch(Member::isFiring)) {
      end(from, why);
    }
  }

  private void end(Incident incident, String why) {
    long now = clock.millis();
    List<Alert> untold =
        incident.members().stream()
            .filter(member -> member.isFiring() && !member.isTold())
            .map(Member::alert)
            .toList();
    boolean told = incident.isTold();
    incidents.close(incident);
    incident.end(why, now);
    incident.note(new Note(now, incident.group().receiver(), null, "ended", why));
    suppression = null;
    for (Alert alert : told ? untold : List.<Alert>of()) {
      incident.remove(alert.alertId()); // it is suppressed, and waits in an incident of its own
      join(new Incidents.Known(incident.partition(), alert));
    }
  }

  /** Decides all lanes; returns whether none of them has anything left to do. */
  private boolean tell(Incident incident, List<Attempts.Start> starts, long now) {
    boolean done = true;
    for (Lane lane : List.copyOf(incident.lanes())) {
      if (incident.isTold() || !incident.isOpen()) {
        done &= attempts.decide(incident, lane, starts, now);
      }
      done &= !bindings.fallBack(incident, lane, now);
    }
    return done;
  }

  /** Deletes the logs of incidents that have been over for long and need nothing more. */
  Step expire() {
    long now = clock.millis();
    long end = now - KEPT.toMillis();
    List<Write> writes = new ArrayList<>();
    for (Incident incident : List.copyOf(incidents.all())) {
      Long endedAt = incident.endedAt();
      if (endedAt != null
          && endedAt < end
          && open.contains(incident.partition())
          && !live.contains(incident)) {
        writes.add(new Write(incident.partition(), incident.id(), null));
        incidents.forget(incident.id());
      }
    }
    incidents.forgetAlerts();
    recent.expire(now);
    return new Step(writes, List.of());
  }
}
