// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.publisher.KafkaSender.Refusal;
import dev.petrel.publisher.KafkaSender.Result;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * The thread that sends: it alone touches Kafka's producer, and until the end of the close timeout
 * the disk.
 *
 * <p>While Kafka cannot be reached, the event at hand is tried again and the others wait. When more
 * than half of the queue is taken by then, all that waits goes to the spool, if there is one; with
 * it goes what the producer holds when Kafka has confirmed nothing for a while. Once Kafka takes
 * events again, one of the spool is sent for each that is published, and more while none is.
 */
final class PublisherWorker extends PublisherThread {
  private static final long CHECK_MILLIS = 1_000;
  private static final long CHECK_NANOS = CHECK_MILLIS * 1_000_000;
  private static final long ADOPT_MILLIS = 60_000;
  private static final long ADOPT_NANOS = ADOPT_MILLIS * 1_000_000;

  // A fraction of the linger time, and of the time in which the queue could fill up.
  private static final long NAP_MILLIS = 5;
  private static final long BUSY_NANOS = 1_000_000_000;

  // Percents of the close timeout by which a phase is over.
  private static final int SENDING = 80;
  private static final int CONFIRMING = 90;
  private static final int SENDING_BEFORE_SPOOL = 60;
  private static final int CONFIRMING_BEFORE_SPOOL = 75;
  private static final int REACHING_BEFORE_SPOOL = 20;

  private final PublisherSettings settings;
  private final EventQueue queue;
  private final TroubleLog troubleLog;
  private final Settlement settlement;
  private final KafkaSender sender;
  private final @Nullable Spool spool;
  private final @Nullable SpoolDrain drain;
  private final ConcurrentLinkedQueue<Delivery> unconfirmed = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile boolean drained;
  private volatile long closedAt;

  // The rest is the worker's own.
  private final BackOff backOff = new BackOff();
  private @Nullable Delivery current;
  private long lastCheck = System.nanoTime();
  private long lastAdoption;
  private long lastEvent = System.nanoTime() - BUSY_NANOS;

  PublisherWorker(PublisherSettings settings, EventQueue queue, Tally tally) {
    super(settings.clientId(), null);
    this.settings = settings;
    this.queue = queue;
    this.troubleLog = new TroubleLog(settings, tally);
    this.settlement = new Settlement(settings, queue, tally, troubleLog);
    this.sender = new KafkaSender(settings);
    SpoolSettings spoolSettings = settings.spool();
    this.spool = spoolSettings == null ? null : new Spool(spoolSettings, tally, troubleLog);
    this.drain =
        spool == null ? null : new SpoolDrain(spool, sender, tally, troubleLog, queue::wakeUp);
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

  /** How long ago {@link #beginClose} was. */
  Duration closingFor() {
    return Duration.ofNanos(System.nanoTime() - closedAt);
  }

  /**
   * Moves all that is not confirmed to the spool, beside the worker, which may be stuck. What the
   * producer has may so be sent twice, by this process and by the next.
   */
  void spoolRest() {
    if (spool != null) {
      settlement.spoolAll(spool);
      spool.noteSettled();
    }
  }

  /**
   * Drops all that has not come to its end, beside the worker, which may be stuck: what Kafka
   * confirms later stays dropped. Never waits for the worker but for the moment in which it takes
   * an event from the queue, and at most for {@code patience}.
   */
  void dropRest(Duration patience) {
    drained = true;
    long start = System.nanoTime();
    settlement.dropAll(DropReason.CLOSED);
    while (queue.size() > 0 && System.nanoTime() - start < patience.toNanos()) {
      LockSupport.parkNanos(100_000);
      settlement.dropAll(DropReason.CLOSED);
    }
  }

  /** Logs the losses that were not told yet; once, and for a publisher's thread. */
  void tellLosses() {
    troubleLog.closed();
  }

  /** Whether there is a spool, and the disk failed when it was last used. For every thread. */
  boolean isSpoolFailing() {
    return spool != null && spool.isFailing();
  }

  /** What the spool takes on disk. For every thread. */
  long spoolBytes() {
    return spool == null ? 0 : spool.bytes();
  }

  /** Drops what was queued after the worker took its last look; for the thread that queued it. */
  void dropStragglers() {
    if (drained) {
      settlement.dropWaiting(DropReason.CLOSED);
    }
  }

  @Override
  public void run() {
    try {
      adopt(System.nanoTime());
      while (!isDone()) {
        step();
      }
    } catch (InterruptedException | InterruptException e) {
      // Somebody stops the threads of the application; what cannot be sent is kept or dropped.
      interrupt();
    } catch (RuntimeException | Error e) {
      troubleLog.ended(e);
    } finally {
      end();
    }
  }

  private boolean isDone() {
    if (!isClosing()) {
      return false;
    }
    return drained
        || (queue.nothingWaits() && current == null)
        || timeLeft(spool == null ? SENDING : SENDING_BEFORE_SPOOL) == 0
        || (spool != null && backOff.isRefused() && timeLeft(REACHING_BEFORE_SPOOL) == 0);
  }

  private void step() throws InterruptedException {
    if (spool != null) {
      spoolUnconfirmed(spool);
    }
    long pause = backOff.nanosLeft(System.nanoTime());
    if (pause > 0) {
      // Not at a stretch: the queue may fill up meanwhile.
      pause(Math.min(pause, BackOff.MIN_PAUSE.toNanos()));
    } else {
      send();
    }
    if (spool != null && queue.isBeyondHalf()) {
      relieve(spool);
    }
    long now = System.nanoTime();
    if (now - lastCheck >= CHECK_NANOS) {
      check(now);
    }
  }

  /** Sends an event of the queue and one of the spool, and waits when there is none. */
  private void send() throws InterruptedException {
    if (current == null) {
      current = next();
      if (current != null) {
        lastEvent = System.nanoTime();
      }
    }
    Delivery delivery = current;
    EncodedEvent encoded = delivery == null ? null : settlement.encode(delivery);
    if (delivery == null || encoded == null) {
      current = null;
    } else {
      Refusal refusal =
          sender.send(encoded, (result, failure) -> completed(delivery, result, failure));
      told(refusal);
      if (refusal != null) {
        return;
      }
      current = null;
    }
    if (drain != null && !isClosing() && drain.canStep()) {
      told(drain.step());
    }
  }

  private @Nullable Delivery next() throws InterruptedException {
    if (!queue.nothingWaits() || (drain != null && drain.canStep())) {
      return queue.poll(0);
    }
    if (System.nanoTime() - lastEvent < BUSY_NANOS && (spool == null || spool.isEmpty())) {
      // While events come, looking for them now and then spares those who publish them the waking
      // of this thread: that would be most of what publishing costs.
      boolean unused = closing.await(NAP_MILLIS, TimeUnit.MILLISECONDS);
      return queue.poll(0);
    }
    check(System.nanoTime());
    // Losses come from other threads too, and only this one may log them.
    if (queue.size() > 0 || troubleLog.isOpen() || (spool != null && !spool.isEmpty())) {
      return queue.poll(CHECK_MILLIS);
    }
    return spool == null ? queue.take() : queue.poll(ADOPT_MILLIS);
  }

  private void told(@Nullable Refusal refusal) {
    if (refusal == null) {
      backOff.succeeded();
      return;
    }
    long now = System.nanoTime();
    backOff.refused(now, isClosing() ? BackOff.MIN_PAUSE : refusal.maxPause());
    troubleLog.stalled(refusal.cause(), now);
  }

  /** Called on this thread from within send, or later on the producer's own. */
  private void completed(Delivery delivery, Result result, @Nullable Throwable failure) {
    if (failure != null && result != Result.TOO_LARGE) {
      troubleLog.failed(failure);
    }
    switch (result) {
      case CONFIRMED -> settlement.confirm(delivery);
      case TOO_LARGE -> settlement.drop(delivery, DropReason.TOO_LARGE);
      case REFUSED -> settlement.drop(delivery, DropReason.SEND_FAILED);
      case UNCONFIRMED -> {
        if (spool == null) {
          settlement.drop(delivery, isClosing() ? DropReason.CLOSED : DropReason.SEND_FAILED);
        } else {
          unconfirmed.add(delivery);
          queue.wakeUp();
        }
      }
    }
  }

  /** Moves what waits to disk when Kafka does not take it. */
  private void relieve(Spool to) {
    boolean stuck = sender.isStuck(System.nanoTime());
    if (!(stuck || backOff.isRefused()) || !to.isReady()) {
      return;
    }
    if (stuck) {
      closeProducer(Duration.ZERO); // what it holds comes back, to be spooled in its order
      spoolUnconfirmed(to);
    }
    for (int most = settings.queueMaxEvents(); most > 0; most--) {
      if (current == null) {
        current = queue.pollNow();
      }
      Delivery delivery = current;
      if (delivery == null || !settlement.spool(delivery, to)) {
        return;
      }
      current = null;
    }
  }

  private void spoolUnconfirmed(Spool to) {
    for (Delivery next = unconfirmed.poll(); next != null; next = unconfirmed.poll()) {
      settlement.spoolOrDrop(next, to);
    }
  }

  private void check(long now) {
    lastCheck = now;
    troubleLog.check(now);
    if (now - lastAdoption >= ADOPT_NANOS) {
      adopt(now);
    }
  }

  private void adopt(long now) {
    lastAdoption = now;
    if (spool != null) {
      spool.adopt();
    }
  }

  private void pause(long nanos) throws InterruptedException {
    if (isClosing()) {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } else {
      boolean unused = closing.await(nanos, TimeUnit.NANOSECONDS);
    }
  }

  /** Milliseconds until this percentage of the close timeout is used up. */
  private long timeLeft(int percent) {
    long limit = settings.closeTimeout().toNanos() / 100 * percent;
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(limit - (System.nanoTime() - closedAt)));
  }

  private void end() {
    boolean interrupted = Thread.interrupted(); // else neither producer nor disk could be used
    if (!isClosing()) {
      beginClose();
    }
    if (spool == null) {
      drained = true;
      settlement.dropWaiting(DropReason.CLOSED);
    }
    int share = spool == null ? CONFIRMING : CONFIRMING_BEFORE_SPOOL;
    closeProducer(interrupted ? Duration.ZERO : Duration.ofMillis(timeLeft(share)));
    if (spool != null && drain != null) {
      drain.stop();
      spoolInOrder(spool);
      drained = true;
      spoolInOrder(spool);
      spool.close();
    }
    Delivery atHand = current;
    if (atHand != null) {
      // Unless the producer had it and its close told its end.
      settlement.drop(atHand, DropReason.CLOSED);
    }
    tellLosses();
    if (interrupted) {
      interrupt();
    }
  }

  private void spoolInOrder(Spool to) {
    spoolUnconfirmed(to);
    Delivery next = current == null ? queue.pollNow() : current;
    current = null;
    for (; next != null; next = queue.pollNow()) {
      settlement.spoolOrDrop(next, to);
    }
  }

  private void closeProducer(Duration timeout) {
    Throwable failure = sender.close(timeout);
    if (failure != null) {
      troubleLog.stalled(failure, System.nanoTime());
    }
  }
}
