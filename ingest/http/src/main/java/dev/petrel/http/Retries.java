// SPDX-License-Identifier: Apache-2.0
package dev.petrel.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which attempts are of one call.
 *
 * <p>Clients make a new request of each attempt, and most tell nobody which one it is. But it is
 * the same request, byte for byte: an attempt that sends to the same address what failed there
 * before is its retry. A client that numbers its attempts ({@code X-Stainless-Retry-Count}) is
 * believed before that. Two callers who send the same at the same time are told apart as far as
 * time does: an attempt only follows one that had ended when it began, and only one follows each.
 *
 * <p>Bounded: failures older than five minutes, or beyond some thousands, are forgotten.
 * Thread-safe.
 */
final class Retries {

  /** Longer than clients wait between attempts: openai-java 8 s at most, others up to 3 minutes. */
  private static final long MEMORY_NANOS = TimeUnit.MINUTES.toNanos(5);

  private static final int MAX_REQUESTS = 2_000;
  private static final int MAX_FAILURES_EACH = 64;

  /** Which request: where it goes, and the digest of what is sent. */
  record Request(String address, long digest) {}

  /**
   * The place of an attempt in its call.
   *
   * @param callId of the call
   * @param number from 0; null when the client says that attempts went before, but not which
   * @param before the failed attempt that this one follows, null when none is known
   */
  record Place(String callId, @Nullable Long number, @Nullable Failed before) {}

  /**
   * A failed attempt that may be followed.
   *
   * @param place its own place
   * @param endedNanos on {@link System#nanoTime}
   * @param attempt the attempt itself
   */
  record Failed(Place place, long endedNanos, FinishedAttempt attempt) {}

  private final Map<Request, Deque<Failed>> failures =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Request, Deque<Failed>> eldest) {
          return size() > MAX_REQUESTS;
        }
      };

  /**
   * Says where an attempt belongs, and takes the one before it out.
   *
   * @param request what was sent
   * @param startedNanos when, on {@link System#nanoTime}
   * @param toldNumber the number that the client gave it, null when it gave none
   */
  Place place(Request request, long startedNanos, @Nullable Long toldNumber) {
    Failed before =
        toldNumber != null && toldNumber == 0 ? null : take(request, startedNanos, toldNumber);
    if (before != null) {
      Long number = toldNumber;
      if (number == null && before.place().number() != null) {
        number = before.place().number() + 1;
      }
      return new Place(before.place().callId(), number, before);
    }
    return new Place(
        UUID.randomUUID().toString(), toldNumber == null ? Long.valueOf(0) : toldNumber, null);
  }

  private synchronized @Nullable Failed take(
      Request request, long startedNanos, @Nullable Long number) {
    Deque<Failed> candidates = failures.get(request);
    if (candidates == null) {
      return null;
    }
    Failed found = null;
    for (Iterator<Failed> each = candidates.iterator(); each.hasNext() && found == null; ) {
      Failed candidate = each.next();
      if (startedNanos - candidate.endedNanos() > MEMORY_NANOS) {
        each.remove();
      } else if (candidate.endedNanos() - startedNanos <= 0 && fits(candidate, number)) {
        each.remove();
        found = candidate;
      }
    }
    if (candidates.isEmpty()) {
      failures.remove(request);
    }
    return found;
  }

  private static boolean fits(Failed candidate, @Nullable Long number) {
    Long numberBefore = candidate.place().number();
    return number == null || numberBefore == null || numberBefore == number - 1;
  }

  /** Remembers an attempt that failed: it may be followed. */
  synchronized void failed(Request request, Failed failed) {
    Deque<Failed> known = failures.computeIfAbsent(request, unused -> new ArrayDeque<>());
    known.addLast(failed);
    if (known.size() > MAX_FAILURES_EACH) {
      known.removeFirst();
    }
  }
}
