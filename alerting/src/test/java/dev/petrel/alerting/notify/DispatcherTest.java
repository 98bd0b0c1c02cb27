// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Alerts;
import dev.petrel.alerting.alert.Json;
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
  private Dispatcher dispatcher = started();

  private Dispatcher started() {
    Dispatcher started =
        new Dispatcher(
            List.of(slack, pagerDuty),
            Duration.ofHours(1),
            meters,
            () -> Instant.ofEpochMilli(now),
            new Random(1));
    log.values()
        .forEach(delivery -> started.restore(0, Json.read(Json.bytes(delivery), Delivery.class)));
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
        log.remove(write.alertId());
      } else {
        log.put(write.alertId(), write.delivery());
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
        .isEqualTo("the episode was over; last: HTTP 503");
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
        new Dispatcher(
            List.of(slack, pagerDuty),
            Duration.ofHours(1),
            meters,
            () -> Instant.ofEpochMilli(now),
            new Random(1));
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

    assertThat(slack.attempts.size() + pagerDuty.attempts.size())
        .isEqualTo(Dispatcher.MAX_IN_FLIGHT);
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
}
