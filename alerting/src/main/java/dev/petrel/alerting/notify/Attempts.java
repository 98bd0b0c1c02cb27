// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Status;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what each lane tells next, within the limits of targets and of time, and takes in what
 * became of it. Not thread-safe; only {@link #start} completes on other threads.
 */
final class Attempts {

  private static final Logger LOGGER = LoggerFactory.getLogger(Attempts.class);

  /** Attempts under way at one time, over all targets. */
  static final int MAX_IN_FLIGHT = 16;

  /** An attempt to start once its intent is written. */
  record Start(Incident incident, Lane lane, Target target, Notice notice) {}

  private record Completion(Start start, NotifyResult result) {}

  private final Limits limits;
  private final Backoff backoff = Backoff.DEFAULT;
  private final MeterRegistry meters;
  private final RandomGenerator random;
  private final Map<String, Long> pausedUntil = new HashMap<>();
  private final Map<String, TokenBucket> buckets = new HashMap<>();
  private final Queue<Completion> completions = new ConcurrentLinkedQueue<>();
  private int inFlight;

  Attempts(Limits limits, MeterRegistry meters, RandomGenerator random) {
    this.limits = limits;
    this.meters = meters;
    this.random = random;
  }

  /** Whether an attempt is under way. */
  boolean isBusy() {
    return inFlight > 0;
  }

  /** Decides one lane; returns whether it has nothing left to do unless something happens. */
  boolean decide(Incident incident, Lane lane, List<Start> starts, long now) {
    Target target = lane.target();
    if (lane.isInFlight() || (incident.isOpen() && incident.isQuiet() && !lane.isReached())) {
      return false; // who does not know yet need not be told of what is over
    }
    if (target == null) {
      return leaveOpen(incident, lane, now);
    }
    boolean over = !incident.isOpen() || lane.isRetired();
    Decision decision =
        Decision.of(incident.told(), over, lane.log(), Decision.Manner.of(target), now);
    return switch (decision) {
      case Decision.Nothing nothing -> true;
      case Decision.Suppress suppress -> {
        suppress(incident, lane, suppress.action(), suppress.why(), now);
        yield true;
      }
      case Decision.Send send -> {
        send(incident, lane, target, send.action(), starts, now);
        yield false;
      }
    };
  }

  /** Notes that a lane is not told something. */
  void suppress(Incident incident, Lane lane, Action action, String why, long now) {
    Notification known = lane.log().get(action);
    if (known != null
        && known.status() == DeliveryStatus.SUPPRESSED
        && why.equals(known.why())
        && known.revision() == incident.told().revision()) {
      return;
    }
    log(
        incident,
        lane,
        Notification.due(lane.name(), action, incident.told().revision(), now)
            .became(DeliveryStatus.SUPPRESSED, why, now));
    note(incident, lane, action, "suppressed", why, now);
  }

  /** What is not configured any more cannot be told of the end. */
  private boolean leaveOpen(Incident incident, Lane lane, long now) {
    boolean told = lane.isReached() && !lane.log().containsKey(Action.RESOLVE);
    if (told && !incident.isOpen()) {
      Notification resolve =
          Notification.due(lane.name(), Action.RESOLVE, incident.told().revision(), now);
      giveUp(incident, lane, resolve, "not configured any more; close it there by hand", now);
    }
    return true;
  }

  private void send(
      Incident incident, Lane lane, Target target, Action action, List<Start> starts, long now) {
    Notification known = lane.log().get(action);
    boolean due = known == null || !known.isPending();
    Notification next =
        due || known == null
            ? Notification.due(lane.name(), action, incident.told().revision(), now)
            : known;
    if (now - next.since() >= limits.deadline().toMillis()) {
      String last = next.why() == null ? "not attempted" : next.why();
      giveUp(incident, lane, next, "given up after " + limits.deadline() + "; last: " + last, now);
      return;
    }
    if (inFlight >= MAX_IN_FLIGHT || !mayGo(lane, target, action, now)) {
      if (due) {
        log(incident, lane, next);
      }
      return;
    }
    supersede(incident, lane, action, now);
    Notification attempted = next.attempted(incident.told().revision(), now);
    log(incident, lane, attempted);
    lane.inFlight(true);
    inFlight++;
    starts.add(
        new Start(
            incident, lane, target, notice(incident, lane, action, attempted.attempts(), now)));
  }

  private boolean mayGo(Lane lane, Target target, Action action, long now) {
    long paused = pausedUntil.getOrDefault(target.name(), 0L);
    return now >= Math.max(paused, lane.notBefore(action))
        && buckets
            .computeIfAbsent(
                target.name() + target.pace(), each -> new TokenBucket(target.pace(), now))
            .tryTake(now);
  }

  private static Notice notice(
      Incident incident, Lane lane, Action action, int attempts, long now) {
    boolean resolve = action == Action.RESOLVE;
    List<Alert> alerts = incident.toldAlerts();
    String reason =
        resolve
            ? lane.isRetired() ? "the receiver was changed" : endReason(incident)
            : reason(incident, lane, action);
    return new Notice(
        action,
        incident.id(),
        resolve ? alerts.stream().map(alert -> over(alert, now)).toList() : alerts,
        reason,
        lane.remembered(),
        attempts > 1);
  }

  private static String endReason(Incident incident) {
    String why = incident.endedBecause();
    return why == null ? Flush.ALL_OVER : why;
  }

  private static String reason(Incident incident, Lane lane, Action action) {
    if (action == Action.UPDATE) {
      return incident.told().reason();
    }
    return incident.fallbacks().contains(lane.receiver())
        ? "fallback: " + incident.group().receiver() + " could not be told"
        : switch (incident.group().kind()) {
          case ROUTE -> "first notification";
          case FLAPPING -> "flapping: it fires again and again, and is told as one incident";
          case STORM -> "storm: too many incidents at once, told as one";
        };
  }

  /** What is not told of any more is over for whom it was told, whether it goes on or not. */
  private static Alert over(Alert alert, long now) {
    return alert.status() == Status.RESOLVED ? alert : alert.resolved(now, "not routed here", now);
  }

  /** A trigger or update still pending when its incident is over is not tried again. */
  private void supersede(Incident incident, Lane lane, Action action, long now) {
    if (action != Action.RESOLVE) {
      return;
    }
    for (Action earlier : List.of(Action.TRIGGER, Action.UPDATE)) {
      Notification pending = lane.log().get(earlier);
      if (pending != null && pending.isPending()) {
        String last = pending.why() == null ? "outcome not known" : pending.why();
        giveUp(incident, lane, pending, "the incident was over; last: " + last, now);
      }
    }
  }

  private void giveUp(
      Incident incident, Lane lane, Notification notification, String why, long now) {
    log(incident, lane, notification.became(DeliveryStatus.FAILED, why, now));
    note(incident, lane, notification.action(), "failed", why, now);
    LOGGER
        .atError()
        .addKeyValue("receiver", lane.name())
        .addKeyValue("action", notification.action().wireName())
        .addKeyValue("incident_id", incident.id())
        .addKeyValue("why", why)
        .log("A notification could not be delivered");
  }

  private static void log(Incident incident, Lane lane, Notification notification) {
    lane.log(notification);
    incident.changed();
  }

  /** Begins an attempt whose record has been written. */
  void start(Start start) {
    var unused =
        start
            .target()
            .notifier()
            .send(start.notice())
            .whenComplete(
                (result, failure) ->
                    completions.add(
                        new Completion(
                            start,
                            failure == null
                                ? result
                                : new NotifyResult.Retryable(
                                    failure.getClass().getSimpleName(), null))));
  }

  /** Takes in the outcomes of attempts that are over. */
  void complete(long now) {
    Completion completion;
    while ((completion = completions.poll()) != null) {
      inFlight--;
      Start start = completion.start();
      start.lane().inFlight(false);
      Notification attempted = requireNonNull(start.lane().log().get(start.notice().action()));
      outcome(start, attempted, completion.result(), now);
    }
  }

  private void outcome(Start start, Notification attempted, NotifyResult result, long now) {
    Incident incident = start.incident();
    Lane lane = start.lane();
    Action action = attempted.action();
    switch (result) {
      case NotifyResult.Sent sent -> {
        log(incident, lane, attempted.became(DeliveryStatus.SENT, null, now));
        lane.noRetry();
        lane.remember(sent.remember());
        note(incident, lane, action, "sent", null, now);
      }
      case NotifyResult.Retryable retryable -> {
        long delay = backoff.delayMs(attempted.attempts(), retryable.retryAfter(), random);
        lane.retry(action, now + delay);
        lane.remember(retryable.remember());
        if (retryable.retryAfter() != null) {
          // The limit is the receiver's, not this incident's.
          long pause = backoff.retryAfterMs(retryable.retryAfter());
          pausedUntil.merge(start.target().name(), now + pause, Math::max);
        }
        log(incident, lane, attempted.became(DeliveryStatus.PENDING, retryable.why(), now));
        note(incident, lane, action, "retried", retryable.why(), now);
      }
      case NotifyResult.Permanent permanent ->
          giveUp(incident, lane, attempted, permanent.why(), now);
    }
  }

  private void note(
      Incident incident, Lane lane, Action action, String result, @Nullable String why, long now) {
    incident.note(new Note(now, lane.name(), action, result, why));
    meters
        .counter(
            "petrel.alerting.notifications",
            "receiver",
            lane.name(),
            "action",
            action.wireName(),
            "result",
            result)
        .increment();
  }
}
