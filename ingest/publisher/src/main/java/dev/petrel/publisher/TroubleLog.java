// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Tells the application's log about trouble: once at its start and once at its end, never per
 * event. Between them only at debug level.
 *
 * <p>An episode of loss ends after a minute without any. A stall ends with the next event sent; it
 * is told when it lasts, and at most once a minute, so that a flapping broker fills no log. That an
 * event could not be made is told once and for all: it is a defect of the caller. At the end, what
 * was lost and not told yet is told in one line. For the publisher's threads only, as the log may
 * block; what the log throws ends here.
 */
final class TroubleLog {
  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

  /** Connecting may take longer than one attempt to send; that is no trouble yet. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(3).toNanos();

  private static final long DEBUG_EVERY_NANOS = Duration.ofSeconds(10).toNanos();

  private final PublisherSettings settings;
  private final Tally tally;
  private Map<Outcome, Long> seenLost = Map.of();
  private long lostBeforeEpisode;
  private boolean closed;
  private boolean losing;
  private boolean stalled;
  private boolean stallTold;
  private boolean everTold;
  private long stalledSince;
  private long toldAt;
  private long sentBeforeStall;
  private long lastLoss;
  private long lastDebug;
  private boolean invalidTold;
  private boolean spoolFailureTold;
  private volatile @Nullable Throwable lastFailure;

  TroubleLog(PublisherSettings settings, Tally tally) {
    this.settings = settings;
    this.tally = tally;
  }

  /** Whether an episode is open, so that {@link #check} has to be called now and then. */
  synchronized boolean isOpen() {
    return losing || stalled;
  }

  /** Remembers why sending failed, to tell it with what comes of it. For every thread. */
  void failed(Throwable cause) {
    lastFailure = cause;
  }

  /** Sending does not get on; events wait. */
  synchronized void stalled(Throwable cause, long now) {
    failed(cause);
    if (closed) {
      return;
    }
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
      log(Level.DEBUG, null, "Petrel cannot send call events yet. Cause: {}", describe(cause));
      return;
    }
    stallTold = true;
    everTold = true;
    toldAt = now;
    SpoolSettings spool = settings.spool();
    log(
        Level.WARN,
        null,
        "Petrel cannot send call events to Kafka at {} and keeps trying. Is it reachable, and does"
            + " topic {} exist? Up to {} events wait, later ones {}. Cause: {}",
        settings.bootstrapServers(),
        settings.topic(),
        settings.queueMaxEvents(),
        spool == null ? "are dropped" : "go to the spool, " + spool.directory(),
        describe(cause));
    log(Level.DEBUG, cause, "Cause of the warning before");
  }

  /** Opens and closes episodes; {@code now} is {@link System#nanoTime}. */
  synchronized void check(long now) {
    if (closed) {
      return;
    }
    Map<Outcome, Long> lost = lost();
    long dropped = sum(lost);
    if (dropped > sum(seenLost)) {
      if (!losing) {
        losing = true;
        lostBeforeEpisode = sum(seenLost);
        lastDebug = now;
        log(
            Level.WARN,
            null,
            "Petrel drops call events; dropped so far, by reason: {}. Last failure: {}",
            tally.snapshot(0).droppedByReason(),
            describe(lastFailure));
      } else if (now - lastDebug >= DEBUG_EVERY_NANOS) {
        lastDebug = now;
        log(Level.DEBUG, null, "Petrel has dropped {} call events so far", dropped);
      }
      seenLost = lost;
      lastLoss = now;
    } else if (losing && now - lastLoss >= QUIET_NANOS) {
      losing = false;
      log(
          Level.INFO,
          null,
          "Petrel drops no more call events; {} were dropped",
          dropped - lostBeforeEpisode);
    }
    if (stalled && tally.sent() > sentBeforeStall) {
      stalled = false;
      lastFailure = null;
      log(stallTold ? Level.INFO : Level.DEBUG, null, "Petrel sends call events again");
    }
  }

  /** Nothing more will come: tells of the losses that were not told yet. Tells once. */
  synchronized void closed() {
    if (closed) {
      return;
    }
    closed = true;
    Map<Outcome, Long> untold = lost();
    seenLost.forEach((outcome, count) -> untold.merge(outcome, -count, Long::sum));
    untold.values().removeIf(count -> count == 0);
    if (!untold.isEmpty()) {
      log(
          Level.WARN,
          null,
          "Petrel is closed; {} call events were dropped since it last told of any, by outcome: {}."
              + " Dropped in all, by reason: {}. Last failure: {}",
          sum(untold),
          untold,
          tally.snapshot(0).droppedByReason(),
          describe(lastFailure));
    }
  }

  /** All dropped events by outcome, but those that were none, which {@link #invalid} tells of. */
  private Map<Outcome, Long> lost() {
    Map<Outcome, Long> lost = new EnumMap<>(Outcome.class);
    for (DropReason reason : DropReason.values()) {
      if (reason != DropReason.INVALID) {
        for (Outcome outcome : Outcome.values()) {
          lost.merge(outcome, tally.droppedOf(reason, outcome), Long::sum);
        }
      }
    }
    return lost;
  }

  private static long sum(Map<Outcome, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** An event could not be made. Without the cause's text, which may quote a prompt or a key. */
  synchronized void invalid(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    log(
        invalidTold ? Level.DEBUG : Level.WARN,
        null,
        "Petrel could not make an event of a call and dropped it; further ones are only counted,"
            + " as invalid. Cause: {} at {}",
        cause.getClass().getName(),
        trace.length == 0 ? "an unknown place" : trace[0]);
    invalidTold = true;
  }

  /** The disk does not take or give events. */
  synchronized void spoolFailed(Throwable cause, Path directory) {
    failed(cause);
    log(
        spoolFailureTold ? Level.DEBUG : Level.WARN,
        null,
        "Petrel cannot use its spool in {} and tries again later; until then events that find no"
            + " room in memory are dropped. Is the disk full, or the directory not writable?"
            + " Cause: {}",
        directory,
        describe(cause));
    spoolFailureTold = true;
  }

  /** The disk takes events again. */
  synchronized void spoolWorks() {
    spoolFailureTold = false;
    log(Level.INFO, null, "Petrel can use its spool again");
  }

  /** Events of an earlier process were found. */
  void recovered(long count, Path directory) {
    log(
        Level.INFO,
        null,
        "Petrel found {} call events in {} that an earlier process left, and sends them",
        count,
        directory);
  }

  /** A file in the spool has another format; it is left alone. */
  void foreignFile(Path file) {
    log(Level.WARN, null, "Petrel leaves {} alone: it is no spool file of this version", file);
  }

  /** The worker has ended of itself. */
  void ended(Throwable cause) {
    log(Level.ERROR, cause, "Petrel's publisher ended; all further call events are dropped");
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

  /** An appender of the application that throws must not end the worker. */
  private void log(
      Level level, @Nullable Throwable cause, String message, @Nullable Object... arguments) {
    try {
      LoggingEventBuilder statement =
          logger().atLevel(level).addKeyValue("topic", settings.topic());
      if (cause != null) {
        statement = statement.setCause(cause);
      }
      statement.log(message, arguments);
    } catch (RuntimeException e) {
      // Where would one say so?
    }
  }

  /**
   * Looked up at each use: a publisher may be built while the logging framework still starts, and
   * must not touch it then.
   */
  private static Logger logger() {
    return LoggerFactory.getLogger(EventPublisher.class);
  }
}
