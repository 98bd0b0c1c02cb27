// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import dev.petrel.service.Health;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dead man's switch: pings a service that raises the alarm when the pings stop, and pings only
 * while alerting is healthy. So somebody is told when the alerting that should tell is down itself.
 *
 * <p>A ping that fails is not tried again: the next is due soon, and the service has its own grace
 * time. Thread-safe.
 */
public final class Heartbeat implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(Heartbeat.class);
  private static final int MAX_ANSWER = 4_096;

  /** How the last beat ended, so that only changes are logged. */
  private enum Outcome {
    SENT,
    FAILED,
    WITHHELD;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final HeartbeatConfig config;
  private final Supplier<Health> health;
  private final HttpSender sender;
  private final MeterRegistry meters;
  private final ScheduledExecutorService timer;
  private volatile Outcome last = Outcome.SENT;

  /** Not started. */
  Heartbeat(
      HeartbeatConfig config, Supplier<Health> health, HttpSender sender, MeterRegistry meters) {
    this.config = requireNonNull(config, "config");
    this.health = requireNonNull(health, "health");
    this.sender = requireNonNull(sender, "sender");
    this.meters = requireNonNull(meters, "meters");
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("petrel-heartbeat").unstarted(task));
  }

  /** Begins, with a ping at once. */
  public void start() {
    var unused =
        timer.scheduleAtFixedRate(
            () -> {
              var unusedBeat = beat();
            },
            0,
            config.interval().toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Pings, unless something is wrong. The future never completes exceptionally. */
  CompletableFuture<Void> beat() {
    Health now = healthNow();
    if (!now.isOk()) {
      ended(Outcome.WITHHELD, now.part() + ": " + now.problem());
      return CompletableFuture.completedFuture(null);
    }
    return sender
        .exchange(
            HttpRequest.newBuilder(config.url())
                .method(config.method().name(), HttpRequest.BodyPublishers.noBody()),
            MAX_ANSWER,
            SecretUrl.secrets(config.url()))
        .thenAccept(
            answer -> ended(answer.isSuccess() ? Outcome.SENT : Outcome.FAILED, answer.why()));
  }

  /** A check that fails to check must not end the schedule. */
  private Health healthNow() {
    try {
      return health.get();
    } catch (RuntimeException e) {
      return Health.failing("health check", e.getClass().getSimpleName());
    }
  }

  private void ended(Outcome outcome, String why) {
    meters.counter("petrel.alerting.heartbeats", "result", outcome.wireName()).increment();
    if (outcome != last) {
      last = outcome;
      LOGGER
          .atWarn()
          .addKeyValue("result", outcome.wireName())
          .addKeyValue("why", why)
          .log("The heartbeat has changed");
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** Without the URL, which is a secret. */
  @Override
  public String toString() {
    return "Heartbeat{" + config + "}";
  }
}
