// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import dev.petrel.event.ErrorType;
import dev.petrel.event.LlmCallEvent;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a scenario, in the order in which they end, as applications would publish them.
 *
 * <p>Calls arrive at random, each independent of the others. Limits of the providers are filled and
 * emptied by all attempts, so that refusals follow from load and retries. The same plan gives the
 * same events. Not thread-safe.
 */
public final class Simulation implements Iterator<Simulation.Ended> {

  /**
   * An attempt and the time of its end.
   *
   * @param event the attempt
   * @param endedAt ms since the epoch
   */
  public record Ended(LlmCallEvent event, long endedAt) {}

  /**
   * An attempt that is going to start.
   *
   * @param call what is asked
   * @param number number of the attempt, the first is 0
   * @param startsAt when it starts, in ms since the epoch
   * @param delayMillis how long the client has waited for it
   * @param retried why the attempt before failed, null when there was none
   */
  record Attempt(
      SimulatedCall call,
      int number,
      long startsAt,
      long delayMillis,
      @Nullable ErrorType retried) {}

  private final long start;
  private final long end;
  private final Story story;
  private final RandomGenerator random;
  private final Callers callers;
  private final Providers providers;

  private final PriorityQueue<Attempt> retries =
      new PriorityQueue<>(Comparator.comparingLong(Attempt::startsAt));
  private final PriorityQueue<Ended> ending =
      new PriorityQueue<>(Comparator.comparingLong(Ended::endedAt));

  /** When the next call arrives, in ms since the epoch. */
  private double nextArrival;

  /**
   * @param plan what happens, and when
   */
  public Simulation(Plan plan) {
    this.start = plan.start();
    this.end = plan.start() + plan.length().toMillis();
    this.story = plan.scenario().story(plan);
    this.random = new SplittableRandom(plan.seed());
    Limits limits = new Limits(plan, story);
    this.callers = new Callers(plan, story, limits, random);
    this.providers = new Providers(story, limits, random);
    this.nextArrival = start + callers.millisToNext(0);
  }

  @Override
  public boolean hasNext() {
    prepare();
    return !ending.isEmpty();
  }

  @Override
  public Ended next() {
    prepare();
    Ended next = ending.poll();
    if (next == null) {
      throw new NoSuchElementException("the simulation is over");
    }
    return next;
  }

  /** Runs attempts until the earliest end is known: nothing that starts later can end before it. */
  private void prepare() {
    while (true) {
      Attempt retry = retries.peek();
      boolean arrives = nextArrival < end && (retry == null || nextArrival <= retry.startsAt());
      if (!arrives && retry == null) {
        return;
      }
      long startsAt = arrives ? (long) nextArrival : retry.startsAt();
      Ended first = ending.peek();
      if (first != null && first.endedAt() <= startsAt) {
        return;
      }
      if (arrives) {
        arrive(startsAt);
      } else {
        retries.remove();
        run(retry);
      }
    }
  }

  private void arrive(long now) {
    SimulatedCall call = callers.next(now - start);
    nextArrival += callers.millisToNext(now - start);
    if (call != null) {
      run(new Attempt(call, 0, now, 0, null));
    }
  }

  private void run(Attempt attempt) {
    SimulatedCall call = attempt.call();
    long at = attempt.startsAt() - start;
    String credential = story.credential(call, at);
    Answer answer = providers.answer(call, credential, at);
    long endedAt = attempt.startsAt() + (long) answer.millis();
    boolean retried = retry(attempt, answer, endedAt);
    LlmCallEvent event =
        AttemptEvents.event(
            attempt, answer, story.version(call, at), credential, !retried, random.nextLong());
    ending.add(new Ended(event, endedAt));
  }

  /** Plans the next attempt of the call, if there is to be one. */
  private boolean retry(Attempt attempt, Answer answer, long endedAt) {
    Failure failure = answer.failure();
    if (failure == null) {
      return false;
    }
    RetryPolicy policy = story.retryPolicy(attempt.call().service(), endedAt - start);
    long delay =
        policy.delay(attempt.number(), failure.type(), answer.retryAfter(), endedAt, random);
    if (delay == RetryPolicy.NO_RETRY) {
      return false;
    }
    retries.add(
        new Attempt(attempt.call(), attempt.number() + 1, endedAt + delay, delay, failure.type()));
    return true;
  }
}
