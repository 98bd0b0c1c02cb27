// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops what was started, the latest first, once: on Ctrl-C, on SIGTERM, or when {@link #stop()} is
 * called. Thread-safe.
 */
final class Shutdown {

  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  private final Deque<Runnable> actions = new ArrayDeque<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private boolean stopped;

  Shutdown() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "petrel-shutdown"));
  }

  /** Adds what undoes the step that is about to be taken. */
  synchronized void onStop(Runnable action) {
    if (stopped) {
      // The signal came between two steps of the start.
      action.run();
      throw new IllegalStateException("stopped while starting");
    }
    actions.push(action);
  }

  /** Lets {@link #await()} return, without waiting for anything to stop. */
  void ask() {
    asked.countDown();
  }

  /** Waits until the process is told to stop. */
  void await() throws InterruptedException {
    asked.await();
  }

  /** Stops everything, and returns when all is stopped. */
  synchronized void stop() {
    asked.countDown();
    stopped = true;
    while (!actions.isEmpty()) {
      try {
        actions.pop().run();
      } catch (RuntimeException e) {
        LOG.atWarn().setCause(e).log("a part did not stop cleanly");
      }
    }
  }
}
