// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.time.Duration;

/**
 * The end of a publisher as the thread sees it that closes it: it waits for the worker, and when
 * that is stuck, in a call of Kafka's producer for example, brings what is left to its end in the
 * worker's place.
 *
 * <p>Nothing but waiting and counting is done on the closing thread itself. Disk and log may block,
 * and are used on threads that it waits for just so long.
 */
final class BoundedClose {
  // Percents of the close timeout; the worker's own phases are over before.
  private static final int WORKER = 95;
  private static final int WORKER_BEFORE_SPOOL = 85;
  private static final int SPOOLING = 10;
  private static final int TELLING = 5;

  /** What each of these phases may take at least, however short the close timeout is. */
  private static final long LEAST_MILLIS = 250;

  private final PublisherSettings settings;
  private final PublisherWorker worker;

  BoundedClose(PublisherSettings settings, PublisherWorker worker) {
    this.settings = settings;
    this.worker = worker;
  }

  /**
   * Returns when every event is sent, in the spool or dropped, and the losses are logged. An
   * interrupt ends the wait for the worker; the interrupt status is kept.
   */
  void await() {
    boolean spools = settings.spool() != null;
    long workerMillis = share(spools ? WORKER_BEFORE_SPOOL : WORKER);
    boolean interrupted = !join(worker, workerMillis - worker.closingFor().toMillis());
    if (worker.isAlive()) {
      if (spools) {
        interrupted |= !run(worker::spoolRest, share(SPOOLING));
      }
      worker.dropRest(Duration.ofMillis(LEAST_MILLIS));
      interrupted |= !run(worker::tellLosses, share(TELLING));
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long share(int percent) {
    return Math.max(LEAST_MILLIS, settings.closeTimeout().toMillis() * percent / 100);
  }

  private boolean run(Runnable task, long millis) {
    Thread thread = new PublisherThread(settings.clientId(), task);
    thread.start();
    return join(thread, millis);
  }

  /** Waits for a thread to end, or for so long; false when interrupted. */
  private static boolean join(Thread thread, long millis) {
    try {
      if (millis > 0) { // join(0) waits for ever
        thread.join(millis);
      }
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
