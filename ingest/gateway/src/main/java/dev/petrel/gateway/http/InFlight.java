// SPDX-License-Identifier: Apache-2.0
package dev.petrel.gateway.http;

import dev.petrel.gateway.intake.RefusedException;
import dev.petrel.gateway.intake.RefusedException.Reason;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of all requests that are being read or wait for Kafka, within a bound: what the gateway
 * can hold at most, whoever sends. Thread-safe.
 */
public final class InFlight {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final long max;
  private final AtomicLong bytes = new AtomicLong();

  /** None yet. */
  public InFlight(long max) {
    this.max = max;
  }

  /** How many there are now. */
  public long bytes() {
    return bytes.get();
  }

  Reservation open() {
    return new Reservation();
  }

  /** One request's part. Thread-safe. */
  final class Reservation implements AutoCloseable {
    private long held;
    private boolean closed;

    /**
     * Adds to the part.
     *
     * @throws RefusedException when that is more than can be held now
     */
    synchronized void add(long more) {
      if (closed) {
        return; // Bytes that arrive after the answer are thrown away.
      }
      if (bytes.addAndGet(more) > max) {
        bytes.addAndGet(-more);
        throw RefusedException.until(
            Reason.TOO_MANY, "more requests than can be held at once; try again", RETRY_AFTER);
      }
      held += more;
    }

    /** The part as it is now. */
    synchronized long held() {
      return held;
    }

    @Override
    public synchronized void close() {
      closed = true;
      bytes.addAndGet(-held);
      held = 0;
    }
  }
}
