// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.publisher.CallPublisher;
import dev.petrel.simulate.Plan;
import dev.petrel.simulate.Simulation;
import java.time.InstantSource;

/** Publishes a simulation in real time: each attempt when it ends. */
final class Traffic {

  private final CallPublisher publisher;
  private final InstantSource clock;
  private volatile boolean stopped;

  /**
   * @param publisher takes the attempts
   * @param clock real time
   */
  Traffic(CallPublisher publisher, InstantSource clock) {
    this.publisher = publisher;
    this.clock = clock;
  }

  /**
   * Publishes what is planned, from now on, until it is over or {@link #stop()} is called.
   *
   * @return how many attempts were published; those that the publisher dropped are its to report
   */
  long run(Plan plan) throws InterruptedException {
    Simulation simulation = new Simulation(plan.withStart(clock.millis()));
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
  void stop() {
    stopped = true;
  }
}
