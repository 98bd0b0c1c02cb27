// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Makes the records of a load in the order in which they are published: each attempt at its end, so
 * that start times are out of order by durations; one record in a thousand again some seconds
 * later.
 *
 * <p>Calls start evenly over the span. With retries and duplicates the last record is out shortly
 * before the span's end, so that no event lies ahead of it. Not thread-safe.
 */
final class WorkloadGenerator implements Iterator<PublishedCall> {

  private static final double DUPLICATES = 0.001;

  /** A record to publish; the number makes the order of simultaneous ones certain. */
  private record Queued(PublishedCall call, long number) {}

  private final Workload workload;
  private final long start;
  private final double interval;
  private final SplittableRandom random;
  private final Population population;
  private final Endings endings;
  private final PriorityQueue<Attempt> retries =
      new PriorityQueue<>(
          Comparator.comparingLong(Attempt::startsAt).thenComparing(Attempt::callId));
  private final PriorityQueue<Queued> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Queued queued) -> queued.call().publishedAt())
              .thenComparingLong(Queued::number));
  private long calls;
  private long queued;
  private long published;
  private Attempt nextCall;

  /**
   * @param workload what to make
   * @param start start of the span, in ms since the epoch
   */
  WorkloadGenerator(Workload workload, long start) {
    this.workload = workload;
    this.start = start;
    this.interval = (double) workload.span().toMillis() / workload.events();
    this.random = new SplittableRandom(workload.seed());
    this.population = new Population(workload.tenants(), workload.models());
    this.endings = new Endings(random);
    this.nextCall = newCall();
  }

  @Override
  public boolean hasNext() {
    return published < workload.events();
  }

  @Override
  public PublishedCall next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the load is complete");
    }
    Queued first = queue.peek();
    while (first == null || first.call().publishedAt() > earliestStart()) {
      run(nextAttempt());
      first = queue.peek();
    }
    queue.remove();
    published++;
    return first.call();
  }

  private long earliestStart() {
    Attempt retry = retries.peek();
    return retry == null ? nextCall.startsAt() : Math.min(retry.startsAt(), nextCall.startsAt());
  }

  private Attempt nextAttempt() {
    Attempt retry = retries.peek();
    if (retry != null && retry.startsAt() < nextCall.startsAt()) {
      return retries.remove();
    }
    Attempt call = nextCall;
    nextCall = newCall();
    return call;
  }

  private Attempt newCall() {
    long number = calls++;
    long startsAt = start + (long) ((number + random.nextDouble()) * interval);
    String callId =
        Long.toString(workload.seed(), 36)
            + Long.toString(random.nextLong() >>> 1, 36)
            + Long.toString(number, 36);
    return new Attempt(population.next(random), callId, 0, startsAt, 0, null);
  }

  private void run(Attempt attempt) {
    Ending ending = endings.of(attempt);
    enqueue(new PublishedCall(ending.event(), ending.endsAt(), false));
    if (random.nextDouble() < DUPLICATES) {
      long again = ending.endsAt() + 1 + random.nextInt(5_000);
      enqueue(new PublishedCall(ending.event(), again, true));
    }
    if (ending.retry() != null) {
      retries.add(ending.retry());
    }
  }

  private void enqueue(PublishedCall call) {
    queue.add(new Queued(call, queued++));
  }
}
