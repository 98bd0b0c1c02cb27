// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Status;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what to send when, for all episodes of the partitions that this instance has.
 *
 * <p>Each step gives records to write and sends to start; the caller must have written the records
 * durably before it starts the sends. There is one lane per episode and receiver: at most one
 * attempt is under way in it, and lanes do not wait for each other. Not thread-safe; only {@link
 * #start} completes on other threads.
 */
final class Dispatcher {

  private static final Logger LOGGER = LoggerFactory.getLogger(Dispatcher.class);

  /** Attempts under way at one time, over all receivers. */
  static final int MAX_IN_FLIGHT = 16;

  /** How long the log of an episode that is over is kept. */
  static final Duration KEPT = Duration.ofDays(7);

  /**
   * A record to write; the delivery is null to delete it.
   *
   * @param partition the partition of the alert's own topic, which is also the log's
   */
  record Write(int partition, String alertId, @Nullable Delivery delivery) {}

  /** An attempt to start. */
  record Start(Notifier notifier, Action action, Alert alert) {}

  /** What a step gives. */
  record Step(List<Write> writes, List<Start> starts) {}

  private record Completion(Start start, NotifyResult result) {}

  /** One episode. */
  private static final class Incident {
    final int partition;
    Delivery log;
    boolean logged;
    final Set<String> inFlight = new HashSet<>();
    final Map<String, Retry> retries = new HashMap<>();

    Incident(int partition, Delivery log, boolean logged) {
      this.partition = partition;
      this.log = log;
      this.logged = logged;
    }
  }

  private record Retry(Action action, long notBefore) {}

  private final List<Notifier> notifiers;
  private final Duration deadline;
  private final Backoff backoff;
  private final MeterRegistry meters;
  private final InstantSource clock;
  private final RandomGenerator random;

  private final Map<String, Incident> incidents = new HashMap<>();
  private final Set<String> dirty = new LinkedHashSet<>();
  private final Set<Integer> open = new HashSet<>();
  private final Map<String, Long> pausedUntil = new HashMap<>();
  private final Queue<Completion> completions = new ConcurrentLinkedQueue<>();
  private int inFlight;

  Dispatcher(
      List<Notifier> notifiers,
      Duration deadline,
      MeterRegistry meters,
      InstantSource clock,
      RandomGenerator random) {
    this.notifiers = List.copyOf(notifiers);
    this.deadline = deadline;
    this.backoff = Backoff.DEFAULT;
    this.meters = meters;
    this.clock = clock;
    this.random = random;
  }

  /** Takes in a record of the log, before its partition is opened. */
  void restore(int partition, Delivery delivery) {
    incidents.put(delivery.alertId(), new Incident(partition, delivery, true));
    dirty.add(delivery.alertId());
  }

  /** Forgets what the log said about an episode, before its partition is opened. */
  void forget(String alertId) {
    incidents.remove(alertId);
    dirty.remove(alertId);
  }

  /** Takes in an episode as it stands. */
  void accept(int partition, Alert alert) {
    Incident incident = incidents.get(alert.alertId());
    if (incident == null) {
      incident = new Incident(partition, Delivery.of(alert), false);
      incidents.put(alert.alertId(), incident);
    } else {
      Alert known = incident.log.alert();
      if (alert.updatedAt() < known.updatedAt()) {
        return; // read again after a restart
      }
      // Newer numbers alone need not be in the log.
      incident.logged &= alert.status() == known.status() && alert.revision() == known.revision();
      incident.log = incident.log.about(alert);
    }
    dirty.add(alert.alertId());
  }

  /** Lets a partition's episodes be told: its log is restored and its backlog is read. */
  void open(int partition) {
    open.add(partition);
  }

  boolean isOpen(int partition) {
    return open.contains(partition);
  }

  /** Forgets a partition. */
  void drop(int partition) {
    open.remove(partition);
    incidents.values().removeIf(incident -> incident.partition == partition);
    dirty.retainAll(incidents.keySet());
  }

  /** Whether an attempt is under way. */
  boolean isBusy() {
    return inFlight > 0;
  }

  /** Takes in finished attempts only. */
  Step finish() {
    List<Write> writes = new ArrayList<>();
    complete(writes);
    return new Step(writes, List.of());
  }

  /** Takes in finished attempts and decides what comes next. */
  Step step() {
    List<Write> writes = new ArrayList<>();
    List<Start> starts = new ArrayList<>();
    complete(writes);
    for (String alertId : List.copyOf(dirty)) {
      Incident incident = incidents.get(alertId);
      if (incident == null) {
        dirty.remove(alertId);
      } else if (open.contains(incident.partition)) {
        boolean waits = false;
        for (Notifier notifier : notifiers) {
          waits |= decide(incident, notifier, starts);
        }
        if (!incident.logged && !notifiers.isEmpty()) {
          writes.add(new Write(incident.partition, alertId, incident.log));
          incident.logged = true;
        }
        if (!waits) {
          dirty.remove(alertId);
        }
      }
    }
    return new Step(writes, starts);
  }

  /** Decides one lane; returns whether it has to be looked at again without a new event. */
  private boolean decide(Incident incident, Notifier notifier, List<Start> starts) {
    String receiver = notifier.receiver();
    if (incident.inFlight.contains(receiver)) {
      return false; // its completion makes the episode dirty again
    }
    Alert alert = incident.log.alert();
    Decision decision = Decision.of(alert, incident.log, receiver, notifier.updates());
    return switch (decision) {
      case Decision.Nothing nothing -> false;
      case Decision.Suppress suppress -> {
        Notification none =
            Notification.due(receiver, suppress.action(), alert.revision(), clock.millis());
        log(incident, none.became(DeliveryStatus.SUPPRESSED, suppress.why(), clock.millis()));
        count(receiver, suppress.action(), "suppressed");
        yield false;
      }
      case Decision.Send send -> send(incident, notifier, send.action(), starts);
    };
  }

  private boolean send(Incident incident, Notifier notifier, Action action, List<Start> starts) {
    long now = clock.millis();
    String receiver = notifier.receiver();
    Alert alert = incident.log.alert();
    Notification known = incident.log.find(receiver, action);
    boolean due = known == null || !known.isPending();
    Notification next =
        due || known == null ? Notification.due(receiver, action, alert.revision(), now) : known;
    if (now - next.since() >= deadline.toMillis()) {
      String last = next.why() == null ? "not attempted" : next.why();
      giveUp(incident, next, "given up after " + deadline + "; last: " + last);
      return false;
    }
    if (inFlight >= MAX_IN_FLIGHT || now < notBefore(incident, receiver, action)) {
      if (due) {
        log(incident, next);
      }
      return true;
    }
    supersede(incident, receiver, action);
    log(incident, next.attempted(alert.revision(), now));
    incident.inFlight.add(receiver);
    inFlight++;
    starts.add(new Start(notifier, action, alert));
    return false;
  }

  private long notBefore(Incident incident, String receiver, Action action) {
    Retry retry = incident.retries.get(receiver);
    long lane = retry == null || retry.action() != action ? 0 : retry.notBefore();
    return Math.max(lane, pausedUntil.getOrDefault(receiver, 0L));
  }

  /** A trigger or update still pending when its episode is over is not tried again. */
  private void supersede(Incident incident, String receiver, Action action) {
    if (action != Action.RESOLVE) {
      return;
    }
    for (Action earlier : List.of(Action.TRIGGER, Action.UPDATE)) {
      Notification pending = incident.log.find(receiver, earlier);
      if (pending != null && pending.isPending()) {
        String last = pending.why() == null ? "outcome not known" : pending.why();
        giveUp(incident, pending, "the episode was over; last: " + last);
      }
    }
  }

  private void giveUp(Incident incident, Notification notification, String why) {
    log(incident, notification.became(DeliveryStatus.FAILED, why, clock.millis()));
    count(notification.receiver(), notification.action(), "failed");
    LOGGER
        .atError()
        .addKeyValue("receiver", notification.receiver())
        .addKeyValue("action", notification.action().wireName())
        .addKeyValue("alert_id", incident.log.alertId())
        .addKeyValue("why", why)
        .log("A notification could not be delivered");
  }

  private static void log(Incident incident, Notification notification) {
    incident.log = incident.log.with(notification);
    incident.logged = false;
  }

  /** Begins an attempt whose record has been written. */
  void start(Start start) {
    var unused =
        start
            .notifier()
            .send(Notice.about(start.action(), start.alert()))
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

  private void complete(List<Write> writes) {
    Completion completion;
    while ((completion = completions.poll()) != null) {
      inFlight--;
      Start start = completion.start();
      Incident incident = incidents.get(start.alert().alertId());
      String receiver = start.notifier().receiver();
      if (incident == null || !incident.inFlight.remove(receiver)) {
        continue; // of a partition that another instance has now
      }
      Notification attempted = incident.log.find(receiver, start.action());
      if (attempted != null) {
        outcome(incident, attempted, completion.result());
      }
      writes.add(new Write(incident.partition, incident.log.alertId(), incident.log));
      incident.logged = true;
      dirty.add(incident.log.alertId());
    }
  }

  private void outcome(Incident incident, Notification attempted, NotifyResult result) {
    long now = clock.millis();
    String receiver = attempted.receiver();
    switch (result) {
      case NotifyResult.Sent sent -> {
        log(incident, attempted.became(DeliveryStatus.SENT, null, now));
        incident.retries.remove(receiver);
        count(receiver, attempted.action(), "sent");
      }
      case NotifyResult.Retryable retryable -> {
        long delay = backoff.delayMs(attempted.attempts(), retryable.retryAfter(), random);
        incident.retries.put(receiver, new Retry(attempted.action(), now + delay));
        if (retryable.retryAfter() != null) {
          // The limit is the receiver's, not this episode's.
          long pause = backoff.retryAfterMs(retryable.retryAfter());
          pausedUntil.merge(receiver, now + pause, Math::max);
        }
        log(incident, attempted.became(DeliveryStatus.PENDING, retryable.why(), now));
        count(receiver, attempted.action(), "retried");
      }
      case NotifyResult.Permanent permanent -> giveUp(incident, attempted, permanent.why());
    }
  }

  /** Deletes the logs of episodes that have been over for long and need nothing more. */
  Step expire() {
    long end = clock.millis() - KEPT.toMillis();
    List<Write> writes = new ArrayList<>();
    for (Incident incident : List.copyOf(incidents.values())) {
      Alert alert = incident.log.alert();
      if (alert.status() == Status.RESOLVED
          && alert.updatedAt() < end
          && open.contains(incident.partition)
          && !dirty.contains(alert.alertId())
          && incident.inFlight.isEmpty()) {
        writes.add(new Write(incident.partition, alert.alertId(), null));
        incidents.remove(alert.alertId());
      }
    }
    return new Step(writes, List.of());
  }

  private void count(String receiver, Action action, String result) {
    meters
        .counter(
            "petrel.alerting.notifications",
            "receiver",
            receiver,
            "action",
            action.wireName(),
            "result",
            result)
        .increment();
  }
}
