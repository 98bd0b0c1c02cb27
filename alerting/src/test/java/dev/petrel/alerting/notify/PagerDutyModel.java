// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * A stand-in for PagerDuty that keeps to its rules: a trigger opens an incident and pages when
 * there is none open with its key, and so it does after a resolve; a resolve without an open
 * incident is dropped. Whether a request arrives, and whether its answer does, is chance.
 */
final class PagerDutyModel implements Notifier {

  /** An incident as PagerDuty has it. */
  static final class Incident {
    boolean open;
    int pages;
    boolean resolved;
    Set<String> alerts = Set.of();
  }

  private record Answer(CompletableFuture<NotifyResult> future, NotifyResult result) {}

  private final String name;
  private final RandomGenerator random;
  private final List<Answer> answers = new ArrayList<>();
  final Map<String, Incident> incidents = new HashMap<>();
  final List<String> violations = new ArrayList<>();

  /** Part of the requests that fail in some way. */
  double failing;

  PagerDutyModel(String name, RandomGenerator random) {
    this.name = name;
    this.random = random;
  }

  @Override
  public String receiver() {
    return name;
  }

  @Override
  public boolean updates() {
    return true;
  }

  @Override
  public CompletableFuture<NotifyResult> send(Notice notice) {
    CompletableFuture<NotifyResult> future = new CompletableFuture<>();
    answers.add(new Answer(future, result(notice)));
    return future;
  }

  private NotifyResult result(Notice notice) {
    if (random.nextDouble() >= failing) {
      process(notice);
      return new NotifyResult.Sent();
    }
    return switch (random.nextInt(5)) {
      case 0 -> {
        process(notice);
        yield new NotifyResult.Retryable("no answer within 10000 ms", null);
      }
      case 1 -> new NotifyResult.Retryable("no answer within 10000 ms", null);
      case 2 -> new NotifyResult.Retryable("HTTP 500", null);
      case 3 ->
          new NotifyResult.Retryable("HTTP 429", java.time.Duration.ofSeconds(random.nextInt(120)));
      default ->
          random.nextInt(10) == 0 && notice.action() != Action.RESOLVE
              ? new NotifyResult.Permanent("HTTP 400")
              : new NotifyResult.Retryable("HTTP 503", null);
    };
  }

  private void process(Notice notice) {
    Incident incident = incidents.computeIfAbsent(notice.incidentId(), id -> new Incident());
    if (notice.action() == Action.RESOLVE) {
      incident.resolved = true;
      incident.open = false;
      return;
    }
    if (incident.resolved) {
      violations.add(notice.action() + " of " + notice.incidentId() + " after its resolve");
    }
    if (!incident.open) {
      incident.open = true;
      incident.pages++;
    }
    Set<String> alerts = new LinkedHashSet<>();
    for (Alert alert : notice.alerts()) {
      alerts.add(alert.alertId());
    }
    incident.alerts = alerts;
  }

  /** Gives the answers of some requests, at least of one when there is any. */
  void answer(boolean all) {
    int count = answers.isEmpty() ? 0 : all ? answers.size() : 1 + random.nextInt(answers.size());
    for (int i = 0; i < count; i++) {
      Answer answer = answers.remove(random.nextInt(answers.size()));
      answer.future().complete(answer.result());
    }
  }

  /** The alerts that open incidents show; violations when two show the same. */
  Set<String> shown() {
    Set<String> shown = new HashSet<>();
    incidents.values().stream()
        .filter(incident -> incident.open)
        .forEach(
            incident -> {
              for (String alert : incident.alerts) {
                shown.add(alert);
              }
            });
    return shown;
  }
}
