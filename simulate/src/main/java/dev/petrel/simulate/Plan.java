// SPDX-License-Identifier: Apache-2.0
package dev.petrel.simulate;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What is simulated: a scenario, and when, how much and how long.
 *
 * <p>Offsets are from the start. A scenario's trouble comes after the lead-in.
 *
 * @param scenario what happens
 * @param start when it begins, in ms since the epoch
 * @param callsPerSecond mean rate of the ordinary calls, without retries
 * @param length how long calls arrive, the lead-in included
 * @param leadIn how long nothing happens at first; the scenario's own offsets follow
 * @param stretch how long the scenarios that fill their length take at most
 * @param speed how many times faster the story goes; rates, durations and the lead-in stay
 * @param seasonal whether traffic follows the hour of the day and the day of the week, in UTC
 * @param seed of the pseudo-random choices
 */
public record Plan(
    Scenario scenario,
    long start,
    double callsPerSecond,
    Duration length,
    Duration leadIn,
    Duration stretch,
    double speed,
    boolean seasonal,
    long seed) {

  private static final Duration UNLIMITED = Duration.ofMillis(Long.MAX_VALUE);

  /** Checks the values; the message names the one that is wrong. */
  public Plan {
    requireNonNull(scenario, "scenario");
    require(callsPerSecond > 0 && callsPerSecond <= 1e6, "callsPerSecond", callsPerSecond);
    require(length.isPositive(), "length", length);
    require(!leadIn.isNegative(), "leadIn", leadIn);
    require(stretch.isPositive(), "stretch", stretch);
    require(speed > 0 && Double.isFinite(speed), "speed", speed);
  }

  /** A plan without lead-in and seasons, at ordinary speed, with seed 1. */
  public static Plan of(Scenario scenario, long start, double callsPerSecond, Duration length) {
    return new Plan(scenario, start, callsPerSecond, length, Duration.ZERO, UNLIMITED, 1, false, 1);
  }

  /** This plan at another time, in ms since the epoch. */
  public Plan withStart(long start) {
    return new Plan(
        scenario, start, callsPerSecond, length, leadIn, stretch, speed, seasonal, seed);
  }

  /** This plan with another lead-in. */
  public Plan withLeadIn(Duration leadIn) {
    return new Plan(
        scenario, start, callsPerSecond, length, leadIn, stretch, speed, seasonal, seed);
  }

  /** This plan with another bound for scenarios that fill their length. */
  public Plan withStretch(Duration stretch) {
    return new Plan(
        scenario, start, callsPerSecond, length, leadIn, stretch, speed, seasonal, seed);
  }

  /** This plan at another speed of the story. */
  public Plan withSpeed(double speed) {
    return new Plan(
        scenario, start, callsPerSecond, length, leadIn, stretch, speed, seasonal, seed);
  }

  /** This plan with traffic that follows the time of day and week, or without. */
  public Plan withSeasons(boolean seasonal) {
    return new Plan(
        scenario, start, callsPerSecond, length, leadIn, stretch, speed, seasonal, seed);
  }

  /** This plan with other pseudo-random choices. */
  public Plan withSeed(long seed) {
    return new Plan(
        scenario, start, callsPerSecond, length, leadIn, stretch, speed, seasonal, seed);
  }

  /** What is wrong in these calls, and when. */
  public Expectation expectation() {
    return scenario.story(this).expectation();
  }

  /** From one offset of the story to another. */
  Span phase(Duration from, Duration to) {
    return new Span(offset(from), offset(to));
  }

  /** What scenarios fill that fill their length: all after the lead-in, or their bound. */
  Span filled() {
    long from = leadIn.toMillis();
    double most = Math.min(stretch.toMillis() / speed, length.toMillis() - (double) from);
    return new Span(from, from + (long) Math.max(most, 1));
  }

  private long offset(Duration offset) {
    return leadIn.toMillis() + (long) (offset.toMillis() / speed);
  }

  private static void require(boolean holds, String name, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": was " + value);
    }
  }
}
