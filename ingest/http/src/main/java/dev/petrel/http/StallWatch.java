// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the silence about attempts that nobody ends: a client without a timeout, as the JDK's is for
 * bodies, waits for a stalled answer for ever, and its event would never come.
 *
 * <p>Only the event is made; the attempt itself goes on. One daemon thread, there only while there
 * are attempts. Thread-safe.
 */
final class StallWatch {

  private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final int CHECKS_PER_TIMEOUT = 5;

  private final Duration timeout;
  private final Set<HttpAttempt> underWay = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();
  private @Nullable Thread watcher;

  StallWatch(Duration timeout) {
    this.timeout = timeout;
  }

  void watch(HttpAttempt attempt) {
    underWay.add(attempt);
    synchronized (lock) {
      if (watcher == null) {
        Thread started = new Thread(this::run, "petrel-stall-watch");
        started.setDaemon(true);
        watcher = started;
        started.start();
      }
    }
  }

  void forget(HttpAttempt attempt) {
    underWay.remove(attempt);
  }

  private void run() {
    long pause = Math.min(timeout.toNanos() / CHECKS_PER_TIMEOUT, MAX_PAUSE_NANOS);
    int idleChecks = 0;
    while (true) {
      try {
        TimeUnit.NANOSECONDS.sleep(Math.max(pause, 1));
      } catch (InterruptedException e) {
        // Nobody has a reason to; the next attempt starts another one.
        idleChecks = CHECKS_PER_TIMEOUT;
      }
      long now = System.nanoTime();
      for (HttpAttempt attempt : underWay) {
        if (now - attempt.lastSignNanos() >= timeout.toNanos()) {
          attempt.failed(
              new SocketTimeoutException(
                  "no data for " + timeout.toSeconds() + " s, and nobody gave up"));
        }
      }
      idleChecks = underWay.isEmpty() ? idleChecks + 1 : 0;
      if (idleChecks > CHECKS_PER_TIMEOUT && hasEnded()) {
        return;
      }
    }
  }

  private boolean hasEnded() {
    synchronized (lock) {
      if (underWay.isEmpty()) {
        watcher = null;
        return true;
      }
      return false;
    }
  }
}
