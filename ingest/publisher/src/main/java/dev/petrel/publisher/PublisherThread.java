// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import org.jspecify.annotations.Nullable;

/** A daemon thread of a publisher: what is logged on it must not be published. */
class PublisherThread extends Thread {

  /**
   * A thread that is not started.
   *
   * @param task null where {@link #run} is overridden
   */
  PublisherThread(String clientId, @Nullable Runnable task) {
    super(task, "petrel-publisher " + clientId);
    setDaemon(true);
  }
}
