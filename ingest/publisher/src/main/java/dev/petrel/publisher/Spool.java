// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import dev.petrel.event.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The events of a publisher that wait on disk, in files that are appended to one after the other
 * and deleted as a whole.
 *
 * <p>When it is full, the oldest file gives way. Nothing is forced to the device: what is here
 * outlives the process, not a machine that loses power. A disk that fails costs no exception, only
 * a while without a spool. For the publisher's threads, but for {@link #bytes} and {@link
 * #isFailing}.
 */
final class Spool {
  private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

  private final SpoolSettings settings;
  private final Tally tally;
  private final TroubleLog troubleLog;
  private final ArrayDeque<SpoolSegment> segments = new ArrayDeque<>();
  private final AtomicLong bytes = new AtomicLong();
  private long nextNumber;
  private @Nullable SpoolDirectory directory;
  private @Nullable SpoolSegment draining;
  private volatile boolean failing;
  private volatile long failedAt;
  private boolean closed;

  Spool(SpoolSettings settings, Tally tally, TroubleLog troubleLog) {
    this.settings = settings;
    this.tally = tally;
    this.troubleLog = troubleLog;
  }

  /** Takes over what processes left that are no more. */
  synchronized void adopt() {
    if (!isUsable()) {
      return;
    }
    long before = tally.recovered();
    try {
      SpoolDirectory own = ownDirectory();
      for (SpoolDirectory orphan : SpoolDirectory.claimOrphans(settings.directory())) {
        try (orphan) {
          for (Path segment : orphan.segments()) {
            Path moved = own.segment(nextNumber++);
            Files.move(segment, moved, StandardCopyOption.ATOMIC_MOVE);
            adopt(moved);
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
    if (tally.recovered() > before) {
      troubleLog.recovered(tally.recovered() - before, settings.directory());
    }
  }

  private SpoolDirectory ownDirectory() throws IOException {
    SpoolDirectory own = directory;
    if (own != null && own.isThere()) {
      return own;
    }
    if (own != null) {
      own.close();
      directory = null;
    }
    SpoolDirectory claimed = SpoolDirectory.claim(settings.directory());
    directory = claimed;
    // Never a number again, not in a directory that was made anew either: what still is to be sent
    // goes by the names of its files.
    nextNumber = Math.max(nextNumber, claimed.nextNumber());
    for (Path segment : claimed.segments()) {
      adopt(segment);
    }
    return claimed;
  }

  private void adopt(Path file) {
    Map<Outcome, Long> damaged = new EnumMap<>(Outcome.class);
    try {
      SpoolSegment segment = SpoolSegment.adopt(file, damaged);
      if (segment == null) {
        troubleLog.foreignFile(file);
        return;
      }
      segments.add(segment);
      bytes.addAndGet(segment.bytes());
      tally.recover(segment.count());
      damaged.forEach(
          (outcome, count) -> {
            tally.recover(count);
            tally.drop(DropReason.SPOOL_DAMAGED, outcome, count);
            tally.leaveSpool(count);
          });
      if (segment.count() == 0) {
        delete(segment);
      }
      makeRoom(0);
    } catch (IOException e) {
      fail(e); // and leave the file to the next start
    }
  }

  /** Whether the disk has not failed in the last seconds. */
  boolean isUsable() {
    return !failing || System.nanoTime() - failedAt >= RETRY_NANOS;
  }

  /** Whether there is a file to append to, made where there is none. */
  synchronized boolean isReady() {
    if (!isUsable()) {
      return false;
    }
    try {
      var unused = openSegment(0);
      return true;
    } catch (IOException | RuntimeException e) {
      fail(e);
      return false;
    }
  }

  /** Whether the disk failed when last used. For every thread. */
  boolean isFailing() {
    return failing;
  }

  /** Whether an event is small enough to be kept here. */
  boolean fits(EncodedEvent event) {
    return settings.fits(event);
  }

  /**
   * Keeps an event.
   *
   * @param settles asked once the event is on disk; when it says no, because the event came to its
   *     end otherwise meanwhile, the event is taken out again
   * @return false when keeping it is not possible now; the caller still has it then
   */
  synchronized boolean append(EncodedEvent event, BooleanSupplier settles) {
    if (closed || !isUsable()) {
      return false;
    }
    try {
      long size = SegmentFormat.recordBytes(event);
      if (!makeRoom(size)) {
        return false;
      }
      SpoolSegment open = openSegment(size);
      long before = open.bytes();
      open.append(event, settles);
      bytes.addAndGet(open.bytes() - before);
    } catch (IOException | RuntimeException e) {
      fail(e);
      return false;
    }
    if (failing) {
      failing = false;
      troubleLog.spoolWorks();
    }
    return true;
  }

  private SpoolSegment openSegment(long size) throws IOException {
    SpoolSegment last = segments.peekLast();
    if (last != null && last.isOpen()) {
      if (last.bytes() + size <= settings.segmentBytes() && Files.exists(last.file())) {
        return last;
      }
      last.close();
    }
    SpoolSegment created =
        SpoolSegment.create(ownDirectory().segment(nextNumber++), settings.opener());
    segments.add(created);
    bytes.addAndGet(created.bytes());
    return created;
  }

  private boolean makeRoom(long size) {
    while (bytes.get() + size > settings.maxBytes()) {
      SpoolSegment oldest = null;
      for (Iterator<SpoolSegment> all = segments.iterator(); oldest == null && all.hasNext(); ) {
        SpoolSegment segment = all.next();
        oldest = segment == draining ? null : segment; // its events may be with Kafka already
      }
      if (oldest == null) {
        return false;
      }
      lose(oldest, DropReason.SPOOL_FULL);
    }
    return true;
  }

  /** The oldest segment, to be sent; it stays until {@link #finished} or {@link #putBack}. */
  synchronized @Nullable SpoolSegment takeOldest() {
    SpoolSegment oldest = segments.peekFirst();
    if (oldest != null) {
      oldest.close();
      draining = oldest;
    }
    return oldest;
  }

  /** The segment that was taken has no event left that could be sent. */
  synchronized void finished() {
    SpoolSegment done = draining;
    draining = null;
    if (done != null) {
      lose(done, DropReason.SPOOL_DAMAGED);
    }
  }

  /** The segment that was taken has events left. */
  synchronized void putBack() {
    draining = null;
  }

  /** The segment that was taken cannot be read: a file that is gone is lost, else it stays. */
  synchronized void unreadable(IOException cause) {
    SpoolSegment taken = draining;
    draining = null;
    if (taken != null && cause instanceof NoSuchFileException) {
      troubleLog.failed(cause);
      lose(taken, DropReason.SPOOL_FAILED);
    } else {
      fail(cause);
    }
  }

  /** Deletes a segment; what is left in it is lost. */
  private void lose(SpoolSegment segment, DropReason reason) {
    segment
        .left()
        .forEach(
            (outcome, count) -> {
              if (count > 0) {
                tally.drop(reason, outcome, count);
                tally.leaveSpool(count);
              }
            });
    tally.returnUnreported(segment.toldDrops());
    delete(segment);
  }

  private void delete(SpoolSegment segment) {
    segments.remove(segment);
    bytes.addAndGet(-segment.bytes());
    segment.close();
    try {
      Files.deleteIfExists(segment.file());
    } catch (IOException e) {
      fail(e);
    }
  }

  private void fail(Exception cause) {
    failedAt = System.nanoTime();
    failing = true;
    troubleLog.spoolFailed(cause, settings.directory());
  }

  synchronized boolean isEmpty() {
    return segments.isEmpty();
  }

  /** The length of all files. For every thread. */
  long bytes() {
    return bytes.get();
  }

  /**
   * Notes in the files which of their events were sent or dropped, so that the next publisher does
   * not find them. Where that fails, or the process is killed before, they are sent again.
   */
  synchronized void noteSettled() {
    for (SpoolSegment segment : segments) {
      try {
        segment.noteSettled();
      } catch (IOException | RuntimeException e) {
        fail(e);
      }
    }
  }

  /** Leaves all files to the next publisher. */
  synchronized void close() {
    closed = true;
    noteSettled();
    segments.forEach(SpoolSegment::close);
    SpoolDirectory own = directory;
    directory = null;
    if (own != null) {
      own.close();
    }
  }
}
