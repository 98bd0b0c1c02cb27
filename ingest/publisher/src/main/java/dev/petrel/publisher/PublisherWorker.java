// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * The thread that owns the producer: it makes it when the first event comes, and sends what waits.
 *
 * <p>While Kafka cannot be reached, the event at hand is tried again and the others wait, until the
 * queue is full. Once handed to the producer, an event has the producer's delivery timeout.
 */
final class PublisherWorker extends Thread {
  private static final long MIN_PAUSE_MILLIS = 100;
  private static final long MAX_PAUSE_MILLIS = 2_000;
  private static final long MAX_CREATION_PAUSE_MILLIS = 30_000;
  private static final long CHECK_MILLIS = 1_000;
  private static final long CHECK_NANOS = CHECK_MILLIS * 1_000_000;

  private final PublisherSettings settings;
  private final EventQueue queue;
  private final Tally tally;
  private final TroubleLog troubleLog;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile boolean drained;
  private volatile long closedAt;

  // The rest is the worker's own.
  private @Nullable Producer<byte[], byte[]> producer;
  private @Nullable PendingEvent current;
  private @Nullable Exception refusal;
  private long lastCheck = System.nanoTime();

  PublisherWorker(PublisherSettings settings, EventQueue queue, Tally tally) {
    super("petrel-publisher " + settings.clientId());
    setDaemon(true);
    this.settings = settings;
    this.queue = queue;
    this.tally = tally;
    this.troubleLog = new TroubleLog(settings, tally);
  }

  /** Lets the worker send what waits, within the close timeout, and end. */
  void beginClose() {
    closedAt = System.nanoTime();
    closing.countDown();
    queue.wakeUp();
  }

  boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** Drops what was queued after the worker took its last look; for the thread that queued it. */
  void dropStragglers() {
    if (drained) {
      dropWaiting();
    }
  }

  @Override
  public void run() {
    try {
      while (!(isClosing() && (queue.nothingWaits() || timeLeft(80) == 0))) {
        current = next();
        if (current != null) {
          deliver(current);
          current = null;
        }
        checkTrouble();
      }
    } catch (InterruptedException | InterruptException e) {
      // Somebody stops the threads of the application; what cannot be sent is dropped below.
      interrupt();
    } catch (RuntimeException | Error e) {
      quietly(() -> troubleLog.ended(e));
    } finally {
      end();
    }
  }

  /** Looks for trouble once a second and before each wait for an event. */
  private void checkTrouble() {
    long now = System.nanoTime();
    if (now - lastCheck >= CHECK_NANOS || queue.nothingWaits()) {
      lastCheck = now;
      quietly(() -> troubleLog.check(now));
    }
  }

  private @Nullable PendingEvent next() throws InterruptedException {
    // Losses come from other threads too, and only this one may log them.
    return queue.size() > 0 || troubleLog.isOpen() ? queue.poll(CHECK_MILLIS) : queue.take();
  }

  private void deliver(PendingEvent event) throws InterruptedException {
    long pause = MIN_PAUSE_MILLIS;
    boolean failedBefore = false;
    while (!isClosing() || timeLeft(80) > 0) {
      Throwable failure;
      long maxPause = MAX_PAUSE_MILLIS;
      if (producer == null) {
        failure = createProducer();
        maxPause = MAX_CREATION_PAUSE_MILLIS;
        if (failure == null) {
          continue;
        }
      } else {
        try {
          failure = send(producer, event);
          if (failure == null) {
            return;
          }
        } catch (InterruptException e) {
          throw e;
        } catch (RuntimeException | Error e) {
          // Not about this event, as a rule, but a producer in a state that it does not leave.
          closeProducer(Duration.ZERO);
          if (failedBefore) {
            drop(event, DropReason.SEND_FAILED);
            return;
          }
          failedBefore = true;
          failure = e;
        }
      }
      Throwable stall = failure;
      quietly(() -> troubleLog.stalled(stall, System.nanoTime()));
      checkTrouble();
      pause(pause);
      pause = Math.min(2 * pause, maxPause);
    }
    drop(event, DropReason.CLOSED);
  }

  private @Nullable Throwable createProducer() {
    try {
      producer = settings.producerFactory().create(settings.producerConfig());
      return null;
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      return e;
    }
  }

  /** Hands the event to the producer; returns why the producer did not take it, or null. */
  private @Nullable Exception send(Producer<byte[], byte[]> to, PendingEvent event) {
    refusal = null;
    var unused =
        to.send(
            event.toRecord(settings.topic(), tally),
            (metadata, failure) -> completed(event, failure));
    return refusal;
  }

  /** Called on this thread from within send, or later on the producer's own. */
  private void completed(PendingEvent event, @Nullable Exception failure) {
    if (failure == null) {
      if (event.settle()) {
        tally.send();
        queue.release(event);
      }
    } else if (failure instanceof RecordTooLargeException) {
      drop(event, DropReason.TOO_LARGE);
    } else if (Thread.currentThread() == this && isWorthRetrying(failure)) {
      refusal = failure;
    } else {
      troubleLog.failed(failure);
      drop(event, isClosing() ? DropReason.CLOSED : DropReason.SEND_FAILED);
    }
  }

  /** What a broker that comes back, or a mended access rule, makes good. */
  private static boolean isWorthRetrying(Exception failure) {
    return failure instanceof RetriableException
        || failure instanceof AuthenticationException
        || failure instanceof AuthorizationException;
  }

  private void drop(PendingEvent event, DropReason reason) {
    if (event.settle()) {
      tally.drop(reason, event.outcome());
      tally.returnUnreported(event.toldDrops());
      queue.release(event);
    }
  }

  private void pause(long millis) throws InterruptedException {
    if (isClosing()) {
      Thread.sleep(MIN_PAUSE_MILLIS);
    } else {
      boolean unused = closing.await(millis, TimeUnit.MILLISECONDS);
    }
  }

  /** Milliseconds until this percentage of the close timeout is used up. */
  private long timeLeft(int percent) {
    long limit = settings.closeTimeout().toNanos() / 100 * percent;
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(limit - (System.nanoTime() - closedAt)));
  }

  private void end() {
    boolean interrupted = Thread.interrupted(); // else the producer could not be closed
    if (!isClosing()) {
      beginClose();
    }
    drained = true;
    dropWaiting();
    closeProducer(interrupted ? Duration.ZERO : Duration.ofMillis(timeLeft(90)));
    PendingEvent atHand = current;
    if (atHand != null) {
      drop(atHand, DropReason.CLOSED); // unless the producer had it and its close told its end
    }
    quietly(() -> troubleLog.check(System.nanoTime()));
    if (interrupted) {
      interrupt();
    }
  }

  private void dropWaiting() {
    for (PendingEvent event = queue.pollNow(); event != null; event = queue.pollNow()) {
      drop(event, DropReason.CLOSED);
    }
  }

  private void closeProducer(Duration timeout) {
    Producer<byte[], byte[]> closed = producer;
    producer = null;
    if (closed != null) {
      try {
        closed.close(timeout);
      } catch (RuntimeException | Error e) {
        quietly(() -> troubleLog.stalled(e, System.nanoTime()));
      }
    }
  }

  /** Logs; an appender of the application that throws must not end the worker. */
  private static void quietly(Runnable log) {
    try {
      log.run();
    } catch (RuntimeException e) {
      // Where would one say so?
    }
  }
}
