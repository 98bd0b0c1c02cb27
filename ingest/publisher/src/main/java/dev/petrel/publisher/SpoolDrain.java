// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.publisher.KafkaSender.Refusal;
import dev.petrel.publisher.KafkaSender.Result;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends the spool's events to Kafka, segment by segment, oldest first. A segment is deleted when
 * each of its events is confirmed or refused for good; after a failure those left are sent again.
 *
 * <p>At most one segment is in memory. For the worker only; completions come on other threads too.
 */
final class SpoolDrain {
  private static final Duration MAX_PAUSE = Duration.ofSeconds(2);

  private final Spool spool;
  private final KafkaSender sender;
  private final Tally tally;
  private final TroubleLog troubleLog;
  private final Runnable wakeUp;
  private @Nullable Pass pass;

  /** One reading of one segment. */
  private static final class Pass {
    final SpoolSegment segment;
    final SegmentReader reader;
    final AtomicInteger inFlight = new AtomicInteger();
    volatile @Nullable Throwable failure;
    @Nullable EncodedEvent atHand;
    boolean readThrough;

    Pass(SpoolSegment segment) throws IOException {
      this.segment = segment;
      this.reader = segment.read();
    }

    /** The next event that is still to be sent, null at the end. */
    @Nullable EncodedEvent next() {
      while (atHand == null && !readThrough) {
        EncodedEvent event = reader.next();
        readThrough = event == null;
        atHand = event == null || segment.isSettled(reader.offset()) ? null : event;
      }
      return atHand;
    }
  }

  SpoolDrain(Spool spool, KafkaSender sender, Tally tally, TroubleLog troubleLog, Runnable wakeUp) {
    this.spool = spool;
    this.sender = sender;
    this.tally = tally;
    this.troubleLog = troubleLog;
    this.wakeUp = wakeUp;
  }

  /** Whether {@link #step} would get something done. */
  boolean canStep() {
    Pass under = pass;
    return under == null
        ? !spool.isEmpty() && spool.isUsable()
        : under.next() != null || under.inFlight.get() == 0;
  }

  /**
   * Sends one event, or ends the segment.
   *
   * @return why Kafka does not take it now, or did not confirm the segment's; null when all is well
   */
  @Nullable Refusal step() {
    if (!canStep()) {
      return null;
    }
    Pass under = pass == null ? begin() : pass;
    if (under == null) {
      return null;
    }
    EncodedEvent event = under.next();
    if (event == null) {
      return under.inFlight.get() == 0 ? end(under) : null;
    }
    int offset = under.reader.offset();
    under.inFlight.incrementAndGet();
    Refusal refusal =
        sender.send(event, (result, failure) -> completed(under, offset, event, result, failure));
    if (refusal == null) {
      under.atHand = null;
    } else {
      under.inFlight.decrementAndGet();
    }
    return refusal;
  }

  private @Nullable Pass begin() {
    SpoolSegment oldest = spool.takeOldest();
    if (oldest == null) {
      return null;
    }
    try {
      pass = new Pass(oldest);
    } catch (IOException e) {
      spool.unreadable(e);
    }
    return pass;
  }

  private @Nullable Refusal end(Pass under) {
    pass = null;
    Throwable failure = under.failure;
    if (failure == null) {
      spool.finished();
      return null;
    }
    spool.putBack();
    return new Refusal(failure, MAX_PAUSE);
  }

  private void completed(
      Pass under, int offset, EncodedEvent event, Result result, @Nullable Throwable failure) {
    switch (result) {
      case CONFIRMED -> {
        under.segment.settle(offset, event);
        tally.send();
        tally.leaveSpool(1);
      }
      case TOO_LARGE, REFUSED -> {
        if (failure != null) {
          troubleLog.failed(failure);
        }
        under.segment.settle(offset, event);
        tally.drop(
            result == Result.TOO_LARGE ? DropReason.TOO_LARGE : DropReason.SEND_FAILED,
            event.outcome());
        tally.returnUnreported(event.toldDrops());
        tally.leaveSpool(1);
      }
      case UNCONFIRMED -> under.failure = failure;
    }
    if (under.inFlight.decrementAndGet() == 0) {
      wakeUp.run();
    }
  }

  /** Sends no more. Nothing may be in flight any longer. */
  void stop() {
    Pass under = pass;
    pass = null;
    if (under == null) {
      return;
    }
    if (under.failure == null && under.next() == null) {
      spool.finished();
    } else {
      spool.putBack();
    }
  }
}
