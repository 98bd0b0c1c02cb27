// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Tells the application's log about trouble: once at its start and once at its end, never per
 * event. Between them only at debug level.
 *
 * <p>An episode of loss ends after a minute without any. A stall ends with the next event sent; it
 * is told when it lasts, and at most once a minute, so that a flapping broker fills no log. For the
 * worker thread only: the log may block.
 */
final class TroubleLog {
  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

  /** Connecting may take longer than one attempt to send; that is no trouble yet. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(3).toNanos();

  private static final long DEBUG_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

  private final PublisherSettings settings;
  private final Tally tally;
  private long seenDropped;
  private long droppedBeforeEpisode;
  private boolean losing;
  private boolean stalled;
  private boolean stallTold;
  private boolean everTold;
  private long stalledSince;
  private long toldAt;
  private long sentBeforeStall;
  private long lastLoss;
  private long lastDebug;
  private volatile @Nullable Throwable lastFailure;

  TroubleLog(PublisherSettings settings, Tally tally) {
    this.settings = settings;
    this.tally = tally;
  }

  /** Whether an episode is open, so that {@link #check} has to be called now and then. */
  boolean isOpen() {
    return losing || stalled;
  }

  /** Remembers why sending failed, to tell it with what comes of it. For every thread. */
  void failed(Throwable cause) {
    lastFailure = cause;
  }

  /** Sending does not get on; events wait. */
  void stalled(Throwable cause, long now) {
    failed(cause);
    if (!stalled) {
      stalled = true;
      stallTold = false;
      stalledSince = now;
      sentBeforeStall = tally.sent();
    }
    boolean tell =
        !stallTold
            && now - stalledSince >= PATIENCE_NANOS
            && (!everTold || now - toldAt >= QUIET_NANOS);
    if (!tell) {
      logger().debug("Petrel cannot send call events yet. Cause: {}", describe(cause));
      return;
    }
    stallTold = true;
    everTold = true;
    toldAt = now;
    logger()
        .atWarn()
        .addKeyValue("topic", settings.topic())
        .log(
            "Petrel cannot send call events to Kafka at {} and keeps trying. Is it reachable, and does"
                + " topic {} exist? Up to {} events wait, later ones are dropped. Cause: {}",
            settings.bootstrapServers(),
            settings.topic(),
            settings.queueMaxEvents(),
            describe(cause));
    logger().debug("Cause of the warning before", cause);
  }

  /** Opens and closes episodes; {@code now} is {@link System#nanoTime}. */
  void check(long now) {
    long dropped = tally.dropped();
    if (dropped > seenDropped) {
      if (!losing) {
        losing = true;
        droppedBeforeEpisode = seenDropped;
        lastDebug = now;
        logger()
            .atWarn()
            .addKeyValue("topic", settings.topic())
            .log(
                "Petrel drops call events; dropped so far, by reason: {}. Last failure: {}",
                tally.snapshot(0).droppedByReason(),
                describe(lastFailure));
      } else if (now - lastDebug >= DEBUG_EVERY_NANOS) {
        lastDebug = now;
        logger().debug("Petrel has dropped {} call events so far", dropped);
      }
      seenDropped = dropped;
      lastLoss = now;
    } else if (losing && now - lastLoss >= QUIET_NANOS) {
      endLoss();
    }
    if (stalled && tally.sent() > sentBeforeStall) {
      stalled = false;
      lastFailure = null;
      logger()
          .atLevel(stallTold ? Level.INFO : Level.DEBUG)
          .addKeyValue("topic", settings.topic())
          .log("Petrel sends call events again");
    }
  }

  private void endLoss() {
    losing = false;
    logger()
        .atInfo()
        .addKeyValue("topic", settings.topic())
        .log(
            "Petrel drops no more call events; {} were dropped",
            seenDropped - droppedBeforeEpisode);
  }

  /** The worker has ended of itself. */
  void ended(Throwable cause) {
    logger()
        .atError()
        .addKeyValue("topic", settings.topic())
        .setCause(cause)
        .log("Petrel's publisher ended; all further call events are dropped");
  }

  private static String describe(@Nullable Throwable cause) {
    if (cause == null) {
      return "none";
    }
    StringBuilder text = new StringBuilder();
    Throwable current = cause;
    for (int depth = 0; current != null && depth < 4; depth++) {
      text.append(depth == 0 ? "" : "; ").append(current);
      current = current.getCause();
    }
    return text.toString();
  }

  /**
   * Looked up at each use: a publisher may be built while the logging framework still starts, and
   * must not touch it then.
   */
  private static Logger logger() {
    return LoggerFactory.getLogger(EventPublisher.class);
  }
}
