// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher.simulate;

import dev.petrel.publisher.CallPublisher;
import java.time.Duration;
import java.time.InstantSource;

/** Publishes a simulation in real time: each attempt when it ends. */
public final class Traffic {

  private final CallPublisher publisher;
  private final InstantSource clock;
  private volatile boolean stopped;

  /**
   * @param publisher takes the attempts
   * @param clock real time
   */
  public Traffic(CallPublisher publisher, InstantSource clock) {
    this.publisher = publisher;
    this.clock = clock;
  }

  /**
   * Publishes until the simulation is over or {@link #stop()} is called.
   *
   * @return how many attempts were published; those that the publisher dropped are its to report
   */
  public long run(
      Scenario scenario, double callsPerSecond, Duration length, double speed, long seed)
      throws InterruptedException {
    Simulation simulation =
        new Simulation(scenario, clock.millis(), callsPerSecond, length, speed, seed);
    long published = 0;
    while (!stopped && simulation.hasNext()) {
      Simulation.Ended next = simulation.next();
      long wait = next.endedAt() - clock.millis();
      if (wait > 0) {
        Thread.sleep(wait);
      }
      publisher.publish(next.event());
      published++;
    }
    return published;
  }

  /** Ends the run after the attempt at hand. */
  public void stop() {
    stopped = true;
  }
}
