// SPDX-License-Identifier: Apache-2.0
package dev.petrel.service;

/**
 * A long-running part of Petrel that can run alone or beside the others in one process.
 *
 * <p>{@link #start()} and {@link #close()} are called once, in this order, by one thread; {@link
 * #health()} by any thread at any time.
 */
public interface Service extends AutoCloseable {

  /** The sub-command that runs it, for example {@code streams}. */
  String name();

  /**
   * Starts the service and returns when it works, or does all it can until what it depends on is
   * there.
   */
  void start();

  /** Whether it works now, and if not, which part fails and why. Returns within a second or so. */
  Health health();

  /** Stops within a bounded time, and leaves nothing undone that would be lost. */
  @Override
  void close();
}
