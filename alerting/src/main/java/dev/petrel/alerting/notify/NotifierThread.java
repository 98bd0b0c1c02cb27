// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.service.Health;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs notification sessions on one thread: when one breaks, the next one starts from what the
 * topics say. Thread-safe.
 */
public final class NotifierThread implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(NotifierThread.class);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration STALLED = Duration.ofSeconds(60);

  private final Supplier<NotifierSession> sessions;
  private final InstantSource clock;
  private final Duration closeTimeout;
  private final Thread thread = new Thread(this::run, "petrel-notifier");
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable String failure;
  private volatile long aliveAt;

  /**
   * @param sessions makes a session that is ready to run
   * @param closeTimeout how long closing waits for attempts under way
   */
  NotifierThread(Supplier<NotifierSession> sessions, InstantSource clock, Duration closeTimeout) {
    this.sessions = sessions;
    this.clock = clock;
    this.closeTimeout = closeTimeout;
    thread.setDaemon(true);
  }

  /** Starts the thread. */
  public void start() {
    aliveAt = clock.millis();
    thread.start();
  }

  private void run() {
    while (true) {
      try (NotifierSession session = sessions.get()) {
        session.run(this::alive, () -> closed.getCount() == 0);
        return; // asked to stop
      } catch (InterruptException e) {
        return;
      } catch (RuntimeException e) {
        failure = e.toString();
        LOGGER.atWarn().setCause(e).log("Notification stopped; starting it again");
      }
      if (!pause()) {
        return;
      }
    }
  }

  private void alive() {
    aliveAt = clock.millis();
    failure = null;
  }

  /** Returns whether to go on. */
  private boolean pause() {
    try {
      return !closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether notifications flow. */
  public Health health() {
    String problem = failure;
    if (problem != null) {
      return Health.failing("notifier", problem);
    }
    if (!thread.isAlive()) {
      return Health.failing("notifier", "its thread does not run");
    }
    long idle = clock.millis() - aliveAt;
    return idle > STALLED.toMillis()
        ? Health.failing("notifier", "has made no progress for " + idle / 1000 + " s")
        : Health.ok("notifier");
  }

  /** Stops, and waits for attempts under way so that their outcomes are noted. */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(closeTimeout.toMillis());
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(1000);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
