// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.simulate;

import dev.petrel.event.ErrorType;
import dev.petrel.event.EventField;
import dev.petrel.event.LlmCallEvent;
import dev.petrel.event.Outcome;
import dev.petrel.event.UsageSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a scenario, in the order in which they end, as applications would publish them.
 *
 * <p>Calls arrive as a Poisson process. A failed attempt that can succeed later is retried up to
 * twice after a back-off, as the OpenAI clients do by default (0.5 s doubling to 8 s, less up to 25
 * % jitter). The same settings give the same events. Not thread-safe.
 */
public final class Simulation implements Iterator<Simulation.Ended> {

  private static final int MAX_RETRIES = 2;

  /**
   * An attempt and the time of its end.
   *
   * @param event the attempt
   * @param endedAt ms since the epoch
   */
  public record Ended(LlmCallEvent event, long endedAt) {}

  /** An attempt that is going to start. */
  private record Attempt(
      SimulatedCall call,
      String callId,
      int number,
      long startsAt,
      long delayMillis,
      @Nullable ErrorType retried) {}

  private final World world;
  private final long start;
  private final double callsPerSecond;
  private final Duration length;
  private final double speed;
  private final Random random;
  private final String idPrefix;

  private final PriorityQueue<Attempt> starting =
      new PriorityQueue<>(Comparator.comparingLong(Attempt::startsAt));
  private final PriorityQueue<Ended> ending =
      new PriorityQueue<>(Comparator.comparingLong(Ended::endedAt));
  private double nextArrival;
  private long calls;

  /**
   * @param scenario what happens
   * @param start when it begins, in ms since the epoch
   * @param callsPerSecond mean rate of calls, without retries
   * @param length how long calls arrive
   * @param speed how many times faster the story goes; rates and durations stay
   * @param seed of the pseudo-random choices
   */
  public Simulation(
      Scenario scenario,
      long start,
      double callsPerSecond,
      Duration length,
      double speed,
      long seed) {
    this.world = scenario.world();
    this.start = start;
    this.callsPerSecond = callsPerSecond;
    this.length = length;
    this.speed = speed;
    this.random = new Random(seed);
    this.idPrefix = "sim-" + Long.toString(start, 36) + "-" + Long.toString(seed, 36) + "-";
    this.nextArrival = start;
    arrive();
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
      Attempt next = starting.peek();
      Ended first = ending.peek();
      if (next == null || (first != null && first.endedAt() <= next.startsAt())) {
        return;
      }
      starting.remove();
      if (next.number() == 0) {
        arrive();
      }
      run(next);
    }
  }

  private void arrive() {
    nextArrival += -Math.log(1 - random.nextDouble()) / callsPerSecond * 1000;
    if (nextArrival < start + length.toMillis()) {
      SimulatedCall call = world.nextCall(random);
      String callId = idPrefix + Long.toString(calls++, 36);
      starting.add(new Attempt(call, callId, 0, (long) nextArrival, 0, null));
    }
  }

  private void run(Attempt attempt) {
    SimulatedCall call = attempt.call();
    Duration at = Duration.ofMillis((long) ((attempt.startsAt() - start) * speed));
    Conditions conditions = world.conditionsOf(call, at);
    LlmCallEvent.Builder event =
        LlmCallEvent.newBuilder()
            .set(EventField.EVENT_ID, attempt.callId() + "-" + attempt.number())
            .set(EventField.TIMESTAMP, attempt.startsAt())
            .set(EventField.CALL_ID, attempt.callId())
            .set(EventField.ATTEMPT, (long) attempt.number())
            .set(EventField.TENANT, call.tenant())
            .set(EventField.SERVICE, call.service())
            .set(EventField.INSTANCE, call.instance())
            .set(EventField.VERSION, "1.14.2")
            .set(EventField.ENVIRONMENT, "prod")
            .set(EventField.PROVIDER, call.model().provider())
            .set(EventField.SERVER_ADDRESS, call.model().serverAddress())
            .set(EventField.OPERATION, "chat")
            .set(EventField.REQUEST_MODEL, call.model().name())
            .set(EventField.CREDENTIAL, "%08x".formatted(call.model().provider().hashCode()))
            .set(EventField.REQUEST_ID, "req_%016x".formatted(random.nextLong()))
            .set(EventField.SDK, "simulated");
    if (attempt.retried() != null) {
      event
          .set(EventField.RETRY_DELAY_MS, attempt.delayMillis())
          .set(EventField.RETRIED_ERROR_TYPE, attempt.retried());
    }
    double duration =
        random.nextDouble() < conditions.failureRate()
            ? fail(attempt, conditions, event)
            : succeed(call.model(), conditions, event);
    event.set(EventField.DURATION_MS, Math.round(duration * 1000) / 1000.0);
    ending.add(new Ended(event.build(), attempt.startsAt() + (long) duration));
  }

  private double succeed(SimulatedModel model, Conditions conditions, LlmCallEvent.Builder event) {
    long input = (long) Math.exp(6.3 + random.nextGaussian());
    long output = 1 + (long) Math.exp(4.8 + 0.8 * random.nextGaussian());
    double firstChunk =
        model.baseMillis() * conditions.slowness() * Math.exp(0.35 * random.nextGaussian());
    double duration =
        firstChunk
            + output
                * model.millisPerToken()
                * conditions.slowness()
                * Math.exp(0.2 * random.nextGaussian());
    event
        .set(EventField.RESPONSE_MODEL, model.answersAs())
        .set(EventField.OUTCOME, random.nextInt(100) == 0 ? Outcome.TRUNCATED : Outcome.SUCCESS)
        .set(EventField.HTTP_STATUS, 200L)
        .set(EventField.FINAL, true)
        .set(EventField.STREAM, true)
        .set(EventField.TIME_TO_FIRST_CHUNK_MS, Math.round(firstChunk * 1000) / 1000.0)
        .set(EventField.INPUT_TOKENS, input)
        .set(EventField.OUTPUT_TOKENS, output)
        .set(EventField.USAGE_SOURCE, UsageSource.REPORTED)
        .set(
            EventField.COST_NANO_USD,
            input * model.nanoUsdPerInputToken() + output * model.nanoUsdPerOutputToken())
        .set(EventField.PRICE_VERSION, "simulated");
    return duration;
  }

  /** Ends the attempt with a failure, plans its retry if there is one, and returns its duration. */
  private double fail(Attempt attempt, Conditions conditions, LlmCallEvent.Builder event) {
    Failure failure = pick(conditions);
    boolean retried = failure.type().retryable() && attempt.number() < MAX_RETRIES;
    boolean timeout =
        failure.type() == ErrorType.CLIENT_TIMEOUT || failure.type() == ErrorType.PROVIDER_TIMEOUT;
    double duration =
        timeout
            ? 30_000
            : attempt.call().model().baseMillis()
                * conditions.slowness()
                * Math.exp(0.5 * random.nextGaussian());
    event
        .set(EventField.OUTCOME, Outcome.ERROR)
        .set(EventField.ERROR_TYPE, failure.type())
        .set(EventField.HTTP_STATUS, failure.status() == 0 ? null : (long) failure.status())
        .set(EventField.PROVIDER_ERROR_CODE, failure.code())
        .set(EventField.ERROR_MESSAGE, failure.message())
        .set(EventField.USAGE_SOURCE, UsageSource.MISSING)
        .set(EventField.FINAL, !retried);
    if (retried) {
      long delay =
          (long) (Math.min(500 << attempt.number(), 8000) * (0.75 + 0.25 * random.nextDouble()));
      starting.add(
          new Attempt(
              attempt.call(),
              attempt.callId(),
              attempt.number() + 1,
              attempt.startsAt() + (long) duration + delay,
              delay,
              failure.type()));
    }
    return duration;
  }

  private Failure pick(Conditions conditions) {
    double left =
        random.nextDouble() * conditions.failures().stream().mapToDouble(Failure::weight).sum();
    for (Failure failure : conditions.failures()) {
      left -= failure.weight();
      if (left < 0) {
        return failure;
      }
    }
    return conditions.failures().get(conditions.failures().size() - 1);
  }
}
