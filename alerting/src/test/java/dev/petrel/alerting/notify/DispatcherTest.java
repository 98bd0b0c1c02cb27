// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.alert.Severity;
import dev.petrel.alerting.route.Grouping;
import dev.petrel.alerting.route.InhibitRule;
import dev.petrel.alerting.route.Route;
import dev.petrel.alerting.route.Routing;
import dev.petrel.alerting.route.Timers;
import dev.petrel.service.match.Matcher;
import dev.petrel.service.silence.Silence;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DispatcherTest {

  private static final NotifyResult SENT = new NotifyResult.Sent();
  private static final NotifyResult BUSY = new NotifyResult.Retryable("HTTP 503", null);

  private final FakeNotifier slack = new FakeNotifier("slack", false);
  private final FakeNotifier pagerDuty = new FakeNotifier("pagerduty", true);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<String, Delivery> log = new HashMap<>();
  private long now = Alerts.STARTS_AT + 60_000;
  private NotificationPolicy policy = toAll();
  private Limits limits = new Limits(Duration.ofHours(1), 1000, 1000);
  private Dispatcher dispatcher = started();

  private NotificationPolicy toAll() {
    return NotificationPolicy.toAll(List.of(target(slack), target(pagerDuty)));
  }

  private static Target target(Notifier notifier) {
    return Target.of(notifier, new Pace(6000, 600));
  }

  private NotificationPolicy policy(Route root, List<InhibitRule> rules, Receiver... receivers) {
    Map<String, Receiver> byName = new HashMap<>();
    for (Receiver receiver : receivers) {
      byName.put(receiver.name(), receiver);
    }
    return new NotificationPolicy(new Routing(root, rules, Map.of()), byName);
  }

  private static Timers timers(int wait, int interval) {
    return Timers.IMMEDIATE
        .withGroupWait(Duration.ofSeconds(wait))
        .withGroupInterval(Duration.ofSeconds(interval));
  }

  private void restart(NotificationPolicy newPolicy) {
    policy = newPolicy;
    dispatcher = started();
  }

  /** A round in which whoever is told accepts it. */
  private void accepted() {
    round();
    slack.attempts.forEach(attempt -> attempt.result().complete(SENT));
    pagerDuty.attempts.forEach(attempt -> attempt.result().complete(SENT));
    round();
  }

  private static Alert alert(String id, String tenant, Severity severity) {
    Alert alert = Alerts.firing(id);
    Map<String, String> labels = new HashMap<>(alert.labels());
    labels.put("tenant", tenant);
    return new Alert(
        id,
        alert.rule(),
        alert.pattern(),
        alert.status(),
        severity,
        labels,
        Map.of(),
        alert.startsAt(),
        alert.firedAt(),
        null,
        alert.updatedAt(),
        1,
        alert.summary(),
        alert.facts(),
        alert.evidence(),
        alert.runbookUrl());
  }

  private static Silence silence(String matcher, long from, long to) {
    return new Silence("s1", List.of(Matcher.parse(matcher)), from, to, "kim", "planned");
  }

  private List<String> results(String id) {
    return log.get(id).decisions().stream().map(Note::result).toList();
  }

  private Dispatcher started() {
    Dispatcher started =
        new Dispatcher(policy, limits, meters, () -> Instant.ofEpochMilli(now), new Random(1));
    log.values()
        .forEach(delivery -> started.restore(0, DeliveryCodec.read(DeliveryCodec.bytes(delivery))));
    started.open(0);
    return started;
  }

  /** What the session does in a round. */
  private void round() {
    Dispatcher.Step step = dispatcher.step();
    write(step);
    step.starts().forEach(dispatcher::start);
  }

  private void write(Dispatcher.Step step) {
    for (Dispatcher.Write write : step.writes()) {
      if (write.delivery() == null) {
        log.remove(write.incidentId());
      } else {
        log.put(write.incidentId(), write.delivery());
      }
    }
  }

  private void later(Duration wait) {
    now += wait.toMillis();
    round();
  }

  private Notification logged(String receiver, Action action) {
    return log.get("a1").find(receiver, action);
  }

  private double count(String receiver, String result) {
    return meters
        .find("petrel.alerting.notifications")
        .tags("receiver", receiver, "result", result)
        .counters()
        .stream()
        .mapToDouble(Counter::count)
        .sum();
  }

  @Test
  void step_writesTheIntentBeforeAnythingIsSent() {
    dispatcher.accept(0, Alerts.firing("a1"));

    write(dispatcher.step());

    assertThat(slack.attempts).isEmpty();
    assertThat(logged("slack", Action.TRIGGER).status()).isEqualTo(DeliveryStatus.PENDING);
    assertThat(logged("slack", Action.TRIGGER).attempts()).isEqualTo(1);
  }

  @Test
  void step_tellsEachReceiverOnceAndOfTheEndOnce() {
    Alert alert = Alerts.firing("a1");
    dispatcher.accept(0, alert);
    round();
    slack.endLast(SENT);
    pagerDuty.endLast(SENT);
    round();
    dispatcher.accept(0, alert);
    round();
    dispatcher.accept(0, Alerts.over(alert));
    round();
    slack.endLast(SENT);
    pagerDuty.endLast(SENT);
    round();
    later(Duration.ofDays(1));

    assertThat(slack.actions()).containsExactly(Action.TRIGGER, Action.RESOLVE);
    assertThat(pagerDuty.actions()).containsExactly(Action.TRIGGER, Action.RESOLVE);
    assertThat(log.get("a1").notifications())
        .hasSize(4)
        .allMatch(notification -> notification.status() == DeliveryStatus.SENT);
    assertThat(count("slack", "sent")).isEqualTo(2);
    assertThat(count("slack", "failed")).isZero();
    assertThat(count("slack", "retried")).isZero();
  }

  @Test
  void step_doesNotLetOneReceiverWaitForAnother() {
    Alert alert = Alerts.firing("a1");
    dispatcher.accept(0, alert);
    round();
    pagerDuty.endLast(SENT);
    dispatcher.accept(0, Alerts.over(alert));
    round();

    assertThat(pagerDuty.actions()).containsExactly(Action.TRIGGER, Action.RESOLVE);
    assertThat(slack.actions()).as("the first is still under way").containsExactly(Action.TRIGGER);
  }

  @Test
  void step_retriesAfterAPauseAndCountsAttempts() {
    dispatcher.accept(0, Alerts.firing("a1"));
    round();
    slack.endLast(BUSY);
    round();
    later(Duration.ofSeconds(2));
    slack.endLast(SENT);
    round();

    assertThat(slack.actions()).containsExactly(Action.TRIGGER, Action.TRIGGER);
    assertThat(logged("slack", Action.TRIGGER).attempts()).isEqualTo(2);
    assertThat(logged("slack", Action.TRIGGER).status()).isEqualTo(DeliveryStatus.SENT);
    assertThat(logged("slack", Action.TRIGGER).why()).isNull();
    assertThat(count("slack", "retried")).isEqualTo(1);
  }

  @Test
  void step_honoursRetryAfterForTheWholeReceiver() {
    dispatcher.accept(0, Alerts.firing("a1"));
    round();
    slack.endLast(new NotifyResult.Retryable("HTTP 429", Duration.ofSeconds(30)));
    round();
    dispatcher.accept(0, Alerts.firing("b2"));
    later(Duration.ofMillis(29_999));
    assertThat(slack.actions()).hasSize(1);
    later(Duration.ofMillis(1));

    assertThat(slack.actions()).hasSize(3);
    assertThat(log.get("b2").find("slack", Action.TRIGGER).attempts()).isEqualTo(1);
  }

  @Test
  void step_notesWhatHasToWaitBeforeItsOffsetIsCommitted() {
    dispatcher.accept(0, Alerts.firing("a1"));
    round();
    slack.endLast(new NotifyResult.Retryable("HTTP 429", Duration.ofSeconds(30)));
    round();
    dispatcher.accept(0, Alerts.firing("b2"));
    round();

    Notification waiting = log.get("b2").find("slack", Action.TRIGGER);
    assertThat(waiting.status()).isEqualTo(DeliveryStatus.PENDING);
    assertThat(waiting.attempts()).isZero();
  }

  @Test
  void step_sendsNothingForAnEpisodeThatEndedBeforeItsTurn() {
    Alert waiting = Alerts.firing("b2");
    dispatcher.accept(0, Alerts.firing("a1"));
    round();
    slack.endLast(new NotifyResult.Retryable("HTTP 429", Duration.ofSeconds(30)));
    round();
    dispatcher.accept(0, waiting);
    round();
    dispatcher.accept(0, Alerts.over(waiting));
    later(Duration.ofMinutes(1));

    assertThat(slack.attempts).noneMatch(attempt -> attempt.alert().alertId().equals("b2"));
    assertThat(log.get("b2").find("slack", Action.TRIGGER).status())
        .isEqualTo(DeliveryStatus.SUPPRESSED);
    assertThat(count("slack", "suppressed")).isEqualTo(1);
  }

  @Test
  void step_resolvesWhatMayHaveBeenAcceptedAndNeverTriggersAfterwards() {
    Alert alert = Alerts.firing("a1");
    dispatcher.accept(0, alert);
    round();
    dispatcher.accept(0, Alerts.over(alert));
    slack.endLast(BUSY);
    round();
    slack.endLast(SENT);
    later(Duration.ofMinutes(30));
    dispatcher.accept(0, alert);
    later(Duration.ofMinutes(30));

    assertThat(slack.actions()).containsExactly(Action.TRIGGER, Action.RESOLVE);
    assertThat(logged("slack", Action.TRIGGER).status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(logged("slack", Action.TRIGGER).why())
        .isEqualTo("the incident was over; last: HTTP 503");
  }

  @Test
  void step_givesUpAtTheDeadlineAndSaysWhy() {
    dispatcher.accept(0, Alerts.firing("a1"));
    round();
    for (int minute = 0; minute < 70; minute++) {
      slack.endLast(BUSY);
      pagerDuty.endLast(SENT);
      round();
      later(Duration.ofMinutes(1));
    }

    assertThat(logged("slack", Action.TRIGGER).status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(logged("slack", Action.TRIGGER).why())
        .isEqualTo("given up after PT1H; last: HTTP 503");
    assertThat(count("slack", "failed")).isEqualTo(1);
    assertThat(count("pagerduty", "failed")).isZero();
  }

  @Test
  void step_doesNotRetryWhatIsRefused() {
    dispatcher.accept(0, Alerts.firing("a1"));
    round();
    slack.endLast(new NotifyResult.Permanent("HTTP 404: no_service"));
    round();
    later(Duration.ofMinutes(30));

    assertThat(slack.actions()).hasSize(1);
    assertThat(logged("slack", Action.TRIGGER).why()).isEqualTo("HTTP 404: no_service");
    assertThat(logged("slack", Action.TRIGGER).status()).isEqualTo(DeliveryStatus.FAILED);
  }

  @Test
  void step_tellsAWideningOnlyToWhoTakesUpdates() {
    Alert alert = Alerts.firing("a1");
    dispatcher.accept(0, alert);
    round();
    slack.endLast(SENT);
    pagerDuty.endLast(SENT);
    dispatcher.accept(0, Alerts.worse(alert));
    round();
    pagerDuty.endLast(SENT);
    later(Duration.ofMinutes(30));

    assertThat(slack.actions()).containsExactly(Action.TRIGGER);
    assertThat(logged("slack", Action.UPDATE).status()).isEqualTo(DeliveryStatus.SUPPRESSED);
    assertThat(pagerDuty.actions()).containsExactly(Action.TRIGGER, Action.UPDATE);
  }

  @Test
  void restore_resendsAnIntentWithoutOutcomeOnly() {
    dispatcher.accept(0, Alerts.firing("a1"));
    round();
    pagerDuty.endLast(SENT);
    round();

    dispatcher = started();
    round();

    assertThat(slack.actions()).containsExactly(Action.TRIGGER, Action.TRIGGER);
    assertThat(logged("slack", Action.TRIGGER).attempts()).isEqualTo(2);
    assertThat(pagerDuty.actions()).containsExactly(Action.TRIGGER);
  }

  @Test
  void accept_ignoresOlderVersionsThatAreReadAgain() {
    Alert alert = Alerts.firing("a1");
    dispatcher.accept(0, Alerts.over(alert));
    round();
    dispatcher.accept(0, alert);
    round();

    assertThat(slack.attempts).isEmpty();
  }

  @Test
  void step_tellsOnlyWhatIsSoAfterABacklog() {
    dispatcher =
        new Dispatcher(policy, limits, meters, () -> Instant.ofEpochMilli(now), new Random(1));
    dispatcher.accept(0, Alerts.firing("a1"));
    round();
    dispatcher.accept(0, Alerts.over(Alerts.firing("a1")));
    dispatcher.accept(0, Alerts.firing("b2"));
    round();
    assertThat(slack.attempts).as("the backlog is not read yet").isEmpty();

    dispatcher.open(0);
    round();

    assertThat(slack.attempts)
        .extracting(attempt -> attempt.alert().alertId())
        .containsExactly("b2");
  }

  @Test
  void step_boundsTheAttemptsUnderWay() {
    for (int i = 0; i < 50; i++) {
      dispatcher.accept(0, Alerts.firing("i" + i));
    }
    round();

    assertThat(slack.attempts.size() + pagerDuty.attempts.size()).isEqualTo(Attempts.MAX_IN_FLIGHT);
    assertThat(log).as("what waits is noted").hasSize(50);

    for (int i = 0; i < 20; i++) {
      slack.attempts.forEach(attempt -> attempt.result().complete(SENT));
      pagerDuty.attempts.forEach(attempt -> attempt.result().complete(SENT));
      round();
    }
    assertThat(slack.attempts).hasSize(50);
    assertThat(pagerDuty.attempts).hasSize(50);
  }

  @Test
  void drop_leavesOutcomesToTheNextOwner() {
    dispatcher.accept(0, Alerts.firing("a1"));
    round();
    dispatcher.drop(0);
    slack.endLast(SENT);
    pagerDuty.endLast(SENT);
    round();

    assertThat(dispatcher.isBusy()).isFalse();
    assertThat(logged("slack", Action.TRIGGER).status()).isEqualTo(DeliveryStatus.PENDING);
  }

  @Test
  void expire_deletesWhatHasBeenOverForAWeek() {
    Alert alert = Alerts.firing("a1");
    dispatcher.accept(0, alert);
    round();
    slack.endLast(SENT);
    pagerDuty.endLast(SENT);
    dispatcher.accept(0, Alerts.over(alert));
    round();
    slack.endLast(SENT);
    pagerDuty.endLast(SENT);
    round();
    write(dispatcher.expire());
    assertThat(log).hasSize(1);

    now += Duration.ofDays(8).toMillis();
    write(dispatcher.expire());

    assertThat(log).isEmpty();
  }

  @Test
  void step_tellsAGroupTogetherAfterItsWaitAndOfChangesAtItsInterval() {
    // Given a route that groups by provider
    Route root = Route.root("r", Grouping.by(List.of("provider")), timers(30, 300));
    restart(policy(root, List.of(), new Receiver("r", List.of(target(pagerDuty)), null)));
    dispatcher.accept(0, alert("a1", "acme", Severity.WARNING));
    later(Duration.ofSeconds(20));
    dispatcher.accept(0, alert("b2", "bolt", Severity.ERROR));

    // When its wait is over
    later(Duration.ofMillis(9_999));
    assertThat(pagerDuty.attempts).isEmpty();
    later(Duration.ofMillis(1));
    accepted();

    // Then both are one incident, the more severe one first
    assertThat(pagerDuty.notices()).hasSize(1);
    Notice notice = pagerDuty.notices().get(0);
    assertThat(notice.alerts()).extracting(Alert::alertId).containsExactly("b2", "a1");
    assertThat(notice.reason()).isEqualTo("first notification");

    // And further ones are told at its interval, in the same incident
    dispatcher.accept(0, alert("c3", "corp", Severity.WARNING));
    dispatcher.accept(0, Alerts.over(alert("a1", "acme", Severity.WARNING)));
    later(Duration.ofSeconds(299));
    assertThat(pagerDuty.notices()).hasSize(1);
    later(Duration.ofSeconds(1));
    accepted();
    assertThat(pagerDuty.actions()).containsExactly(Action.TRIGGER, Action.UPDATE);
    assertThat(pagerDuty.notices().get(1).incidentId()).isEqualTo(notice.incidentId());
    assertThat(pagerDuty.notices().get(1).alerts())
        .extracting(Alert::alertId)
        .containsExactly("b2", "c3", "a1");
    assertThat(pagerDuty.notices().get(1).reason()).isEqualTo("new alert added");

    // And what fires after its end is another incident
    dispatcher.accept(0, Alerts.over(alert("b2", "bolt", Severity.ERROR)));
    dispatcher.accept(0, Alerts.over(alert("c3", "corp", Severity.WARNING)));
    later(Duration.ofMinutes(10));
    accepted();
    dispatcher.accept(0, alert("d4", "acme", Severity.WARNING));
    round();
    later(Duration.ofMinutes(1));
    assertThat(pagerDuty.actions())
        .containsExactly(Action.TRIGGER, Action.UPDATE, Action.RESOLVE, Action.TRIGGER);
    assertThat(pagerDuty.notices().get(3).incidentId()).isNotEqualTo(notice.incidentId());
  }

  @Test
  void step_remindsAtTheRepeatInterval() {
    Route root =
        Route.root("r", Grouping.EACH, Timers.IMMEDIATE.withRepeatInterval(Duration.ofHours(4)));
    restart(policy(root, List.of(), new Receiver("r", List.of(target(slack)), null)));
    dispatcher.accept(0, Alerts.firing("a1"));
    accepted();
    later(Duration.ofHours(4).minusMillis(1));
    assertThat(slack.actions()).containsExactly(Action.TRIGGER);
    later(Duration.ofMillis(1));

    assertThat(slack.actions()).containsExactly(Action.TRIGGER, Action.UPDATE);
    assertThat(slack.notices().get(1).reason()).isEqualTo("repeat interval elapsed");
  }

  @Test
  void silence_holdsOnlyWhatIsNewAndSaysSo() {
    // Given an incident that has been told, and one that is silent
    dispatcher.accept(0, alert("a1", "acme", Severity.ERROR));
    accepted();
    dispatcher.silence(List.of(silence("tenant=acme", now, now + 3_600_000)));
    dispatcher.accept(0, alert("b2", "acme", Severity.ERROR));
    later(Duration.ofMinutes(5));
    assertThat(log.get("b2").find("slack", Action.TRIGGER).why())
        .isEqualTo("silence s1 by kim: planned");
    assertThat(results("b2")).contains("held");

    // When both change, and the first is over
    dispatcher.accept(0, Alerts.worse(alert("a1", "acme", Severity.ERROR)));
    later(Duration.ofMinutes(1));
    accepted();
    dispatcher.accept(0, Alerts.over(alert("a1", "acme", Severity.ERROR)));
    later(Duration.ofMinutes(1));
    accepted();

    // Then all of the first is told, and nothing of the second until the silence is over
    assertThat(pagerDuty.actions()).containsExactly(Action.TRIGGER, Action.UPDATE, Action.RESOLVE);
    later(Duration.ofHours(1));
    accepted();
    assertThat(pagerDuty.notices().get(3).incidentId()).isEqualTo("b2");
    assertThat(log.get("b2").find("slack", Action.TRIGGER).status()).isEqualTo(DeliveryStatus.SENT);
  }

  @Test
  void silence_keepsAnAlertOutOfAnIncidentThatIsTold() {
    Route root = Route.root("r", Grouping.by(List.of("provider")), timers(0, 60));
    restart(policy(root, List.of(), new Receiver("r", List.of(target(pagerDuty)), null)));
    dispatcher.silence(List.of(silence("tenant=bolt", now, now + 3_600_000)));
    dispatcher.accept(0, alert("a1", "acme", Severity.ERROR));
    dispatcher.accept(0, alert("b2", "bolt", Severity.ERROR));
    accepted();
    dispatcher.accept(0, Alerts.over(alert("a1", "acme", Severity.ERROR)));
    later(Duration.ofMinutes(2));
    accepted();

    assertThat(pagerDuty.actions()).containsExactly(Action.TRIGGER, Action.RESOLVE);
    assertThat(pagerDuty.notices()).allMatch(notice -> notice.alerts().size() == 1);

    later(Duration.ofHours(1));
    accepted();
    assertThat(pagerDuty.actions()).hasSize(3);
    assertThat(pagerDuty.notices().get(2).first().alertId()).isEqualTo("b2");
    assertThat(pagerDuty.notices().get(2).incidentId())
        .isNotEqualTo(pagerDuty.notices().get(0).incidentId());
  }

  @Test
  void inhibition_holdsWhatAnotherAlertExplains() {
    InhibitRule rule =
        new InhibitRule(
            List.of(Matcher.parse("severity=critical")),
            List.of(Matcher.parse("severity!=critical")),
            List.of("provider"));
    Route root = Route.root("r", Grouping.EACH, timers(10, 0));
    restart(policy(root, List.of(rule), new Receiver("r", List.of(target(pagerDuty)), null)));
    dispatcher.accept(0, alert("a1", "acme", Severity.WARNING));
    round();
    dispatcher.accept(0, alert("b2", "all", Severity.CRITICAL));
    later(Duration.ofSeconds(11));
    accepted();
    assertThat(pagerDuty.notices()).extracting(Notice::incidentId).containsExactly("b2");
    assertThat(log.get("a1").find("pagerduty", Action.TRIGGER).why())
        .isEqualTo("inhibited by alert b2 (provider_incident)");

    dispatcher.accept(0, Alerts.over(alert("b2", "all", Severity.CRITICAL)));
    later(Duration.ofSeconds(2));
    accepted();
    assertThat(pagerDuty.notices()).extracting(Notice::incidentId).contains("a1");
  }

  @Test
  void step_tellsFurtherReceiversWhenTheSeverityRises() {
    List<Matcher> critical = List.of(Matcher.parse("severity=critical"));
    Route page =
        new Route(
            "{}/critical",
            "page",
            critical,
            false,
            Grouping.EACH,
            Timers.IMMEDIATE,
            List.of(),
            List.of(),
            List.of());
    Route root =
        new Route(
            Route.ROOT,
            "chat",
            List.of(),
            false,
            Grouping.EACH,
            Timers.IMMEDIATE,
            List.of(),
            List.of(),
            List.of(page));
    restart(
        policy(
            root,
            List.of(),
            new Receiver("chat", List.of(target(slack)), null),
            new Receiver("page", List.of(target(pagerDuty)), null)));
    Alert alert = alert("a1", "acme", Severity.WARNING);
    dispatcher.accept(0, alert);
    accepted();
    assertThat(pagerDuty.attempts).isEmpty();

    Alert worse = Alerts.worse(alert);
    dispatcher.accept(0, worse);
    accepted();
    dispatcher.accept(0, Alerts.over(worse));
    later(Duration.ofSeconds(1));
    accepted();

    assertThat(pagerDuty.actions()).containsExactly(Action.TRIGGER, Action.RESOLVE);
    assertThat(slack.actions())
        .as("who knew it hears its end")
        .containsExactly(Action.TRIGGER, Action.RESOLVE);
  }

  @Test
  void step_fallsBackWhenAReceiverRefuses() {
    Route root = Route.root("r", Grouping.EACH, Timers.IMMEDIATE);
    restart(
        policy(
            root,
            List.of(),
            new Receiver("r", List.of(target(slack)), "f"),
            new Receiver("f", List.of(target(pagerDuty)), null)));
    dispatcher.accept(0, Alerts.firing("a1"));
    round();
    slack.endLast(new NotifyResult.Permanent("HTTP 404: no_service"));
    round();
    dispatcher = started();
    accepted();
    dispatcher.accept(0, Alerts.over(Alerts.firing("a1")));
    accepted();

    assertThat(pagerDuty.actions().get(0)).isEqualTo(Action.TRIGGER);
    assertThat(pagerDuty.notices().get(0).reason()).isEqualTo("fallback: r could not be told");
    assertThat(pagerDuty.actions()).endsWith(Action.RESOLVE);
    assertThat(results("a1")).contains("failed", "fallback", "sent");
  }

  @Test
  void step_tellsAStormAsOneIncident() {
    limits = new Limits(Duration.ofHours(1), 3, 1000);
    restart(toAll());
    for (int i = 0; i < 10; i++) {
      dispatcher.accept(0, alert("i" + i, "t" + i, Severity.ERROR));
    }
    accepted();
    accepted();

    assertThat(pagerDuty.notices()).hasSize(4);
    Notice storm = pagerDuty.notices().get(3);
    assertThat(storm.alerts()).hasSize(7);
    assertThat(storm.reason()).startsWith("storm: ");
    assertThat(log.get("i9").endedBecause())
        .isEqualTo("storm: told in incident " + storm.incidentId());

    for (int i = 0; i < 10; i++) {
      dispatcher.accept(0, Alerts.over(alert("i" + i, "t" + i, Severity.ERROR)));
    }
    for (int i = 0; i < 5; i++) {
      later(Duration.ofMinutes(1));
      accepted();
    }
    assertThat(pagerDuty.actions()).filteredOn(Action.RESOLVE::equals).hasSize(4);
  }

  @Test
  void step_writesWhatAlertsWereBroughtIntoBeforeWhatTheyWereTakenFrom() {
    limits = new Limits(Duration.ofHours(1), 1, 1000);
    restart(toAll());
    dispatcher.accept(0, alert("a", "t1", Severity.ERROR));
    dispatcher.accept(0, alert("b", "t2", Severity.ERROR));

    List<Delivery> written =
        dispatcher.step().writes().stream().map(Dispatcher.Write::delivery).toList();

    assertThat(written)
        .extracting(delivery -> delivery.group().kind() + " " + (delivery.endedAt() == null))
        .containsExactly("STORM true", "ROUTE true", "ROUTE false");
  }

  @Test
  void step_tellsWhatFlapsOnceUntilItIsQuietForAnHour() {
    limits = new Limits(Duration.ofHours(1), 1000, 2);
    restart(toAll());
    for (int i = 0; i < 6; i++) {
      Alert alert = Alerts.firing("f" + i, now);
      dispatcher.accept(0, alert);
      accepted();
      now += 60_000;
      dispatcher.accept(0, alert.resolved(now, "recovered", now));
      accepted();
      now += 60_000;
    }

    assertThat(pagerDuty.actions()).filteredOn(Action.TRIGGER::equals).hasSize(3);
    assertThat(pagerDuty.actions()).filteredOn(Action.RESOLVE::equals).hasSize(2);
    assertThat(pagerDuty.notices().get(4).reason()).startsWith("flapping: ");

    later(Duration.ofMinutes(61));
    accepted();
    later(Duration.ofMinutes(1));
    accepted();
    assertThat(pagerDuty.actions()).filteredOn(Action.RESOLVE::equals).hasSize(3);
    Alert again = Alerts.firing("again", now);
    now += 3_600_000;
    dispatcher.accept(0, again);
    accepted();
    assertThat(pagerDuty.notices().get(pagerDuty.notices().size() - 1).incidentId())
        .isEqualTo("again");
  }

  @Test
  void use_endsWhatNoRouteLeadsToAnyMoreWhereItWasTold() {
    dispatcher.accept(0, Alerts.firing("a1"));
    accepted();
    FakeNotifier other = new FakeNotifier("other", true);
    dispatcher.use(
        policy(
            Route.root("new", Grouping.EACH, Timers.IMMEDIATE),
            List.of(),
            new Receiver("new", List.of(target(other)), null)));
    accepted();

    assertThat(pagerDuty.actions()).containsExactly(Action.TRIGGER, Action.RESOLVE);
    assertThat(slack.actions()).containsExactly(Action.TRIGGER, Action.RESOLVE);
    assertThat(other.actions()).containsExactly(Action.TRIGGER);
    assertThat(other.notices().get(0).incidentId()).isEqualTo("a1.2");
  }

  @Test
  void use_keepsIncidentsWhoseReceiverStaysWhateverRouteLeadsThere() {
    dispatcher.accept(0, Alerts.firing("a1"));
    accepted();
    dispatcher.use(
        policy(
            Route.root("default", Grouping.by(List.of("provider")), timers(60, 60)),
            List.of(),
            toAll().receivers().get("default")));
    later(Duration.ofMinutes(5));
    dispatcher.accept(0, Alerts.over(Alerts.firing("a1")));
    later(Duration.ofMinutes(5));

    assertThat(pagerDuty.actions()).containsExactly(Action.TRIGGER, Action.RESOLVE);
  }

  @Test
  void use_closesAtTheOldPlaceAndOpensAtTheNewOneWhenATargetMoves() {
    dispatcher.accept(0, Alerts.firing("a1"));
    accepted();
    FakeNotifier moved = new FakeNotifier("pagerduty", true);
    Target elsewhere =
        new Target("pagerduty", moved, new Pace(600, 60), null, true, "another account");
    dispatcher.use(NotificationPolicy.toAll(List.of(target(slack), elsewhere)));
    accepted();
    moved.endLast(SENT);
    round();

    assertThat(pagerDuty.actions()).containsExactly(Action.TRIGGER, Action.RESOLVE);
    assertThat(pagerDuty.notices().get(1).reason()).isEqualTo("the receiver was changed");
    assertThat(moved.actions()).containsExactly(Action.TRIGGER);
    assertThat(slack.actions()).containsExactly(Action.TRIGGER);
  }

  @Test
  void restore_saysWhatNobodyCanClose() {
    dispatcher.accept(0, Alerts.firing("a1"));
    accepted();
    restart(NotificationPolicy.toAll(List.of(target(slack))));
    dispatcher.accept(0, Alerts.over(Alerts.firing("a1")));
    accepted();

    Notification resolve = logged("pagerduty", Action.RESOLVE);
    assertThat(resolve.status()).isEqualTo(DeliveryStatus.FAILED);
    assertThat(resolve.why()).isEqualTo("not configured any more; close it there by hand");
    assertThat(slack.actions()).containsExactly(Action.TRIGGER, Action.RESOLVE);
  }

  @Test
  void step_keepsToThePaceOfATarget() {
    restart(NotificationPolicy.toAll(List.of(Target.of(pagerDuty, new Pace(6, 2)))));
    for (int i = 0; i < 5; i++) {
      dispatcher.accept(0, alert("i" + i, "t" + i, Severity.ERROR));
    }
    accepted();
    assertThat(pagerDuty.attempts).hasSize(2);
    later(Duration.ofMillis(9_999));
    assertThat(pagerDuty.attempts).hasSize(2);
    later(Duration.ofMillis(1));
    assertThat(pagerDuty.attempts).hasSize(3);
  }

  @Test
  void step_givesBackWhatTheReceiverToldToRemember() {
    Alert alert = Alerts.firing("a1");
    dispatcher.accept(0, alert);
    round();
    pagerDuty.endLast(new NotifyResult.Sent(Map.of("ts", "17.3")));
    round();
    dispatcher = started();
    dispatcher.accept(0, Alerts.worse(alert));
    round();

    assertThat(pagerDuty.notices().get(1).remembered()).isEqualTo(Map.of("ts", "17.3"));
  }
}
