// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.jspecify.annotations.Nullable;

/**
 * Hands events to Kafka's producer, which it makes, and makes anew when it is broken, and sorts out
 * what becomes of them. For the worker only; completions come on other threads too.
 */
final class KafkaSender {
  private static final Duration MAX_PAUSE = Duration.ofSeconds(2);
  private static final Duration MAX_CREATION_PAUSE = Duration.ofSeconds(30);

  /** What became of an event that Kafka's producer had taken. */
  enum Result {
    CONFIRMED,
    /** Kafka takes no record of this size. */
    TOO_LARGE,
    /** Kafka does not take this record, however often it is sent. */
    REFUSED,
    /** It may have arrived or not; another attempt may succeed. */
    UNCONFIRMED
  }

  /** Told once what became of an event. */
  @FunctionalInterface
  interface Completion {
    void completed(Result result, @Nullable Throwable failure);
  }

  /**
   * Why an event could not be handed over; it still is the caller's.
   *
   * @param maxPause the longest that makes sense to wait before the next attempt
   */
  record Refusal(Throwable cause, Duration maxPause) {}

  private final PublisherSettings settings;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile long progressAt;
  private @Nullable Producer<byte[], byte[]> producer;
  private @Nullable EncodedEvent thrower;
  private @Nullable Throwable refusal;
  private boolean inSend;

  KafkaSender(PublisherSettings settings) {
    this.settings = settings;
  }

  /**
   * Hands an event over.
   *
   * @return why that is impossible for now; null when its end was told, or will be
   */
  @Nullable Refusal send(EncodedEvent event, Completion completion) {
    if (producer == null) {
      Throwable failure = createProducer();
      if (failure != null) {
        return new Refusal(failure, MAX_CREATION_PAUSE);
      }
    }
    try {
      Throwable failure = handOver(event, completion);
      return failure == null ? null : new Refusal(failure, MAX_PAUSE);
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      // Not about this event, as a rule, but a producer in a state that it does not leave.
      close(Duration.ZERO);
      if (thrower == event) {
        thrower = null;
        completion.completed(Result.REFUSED, e);
        return null;
      }
      thrower = event;
      return new Refusal(e, MAX_PAUSE);
    }
  }

  private @Nullable Throwable createProducer() {
    try {
      producer = settings.producerFactory().create(settings.producerConfig());
      return null;
    } catch (InterruptException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      return e;
    }
  }

  private @Nullable Throwable handOver(EncodedEvent event, Completion completion) {
    Producer<byte[], byte[]> to = producer;
    if (to == null) {
      throw new IllegalStateException("no producer");
    }
    Thread worker = Thread.currentThread();
    refusal = null;
    inSend = true;
    if (inFlight.getAndIncrement() == 0) {
      progressAt = System.nanoTime();
    }
    boolean taken = false;
    try {
      var unused =
          to.send(
              event.toRecord(settings.topic()),
              (metadata, failure) -> {
                if (Thread.currentThread() == worker
                    && inSend
                    && failure != null
                    && isTransient(failure)) {
                  refusal = failure;
                } else {
                  complete(completion, failure);
                }
              });
      taken = refusal == null;
    } finally {
      inSend = false;
      if (!taken) {
        inFlight.decrementAndGet();
      }
    }
    return refusal;
  }

  private void complete(Completion completion, @Nullable Exception failure) {
    inFlight.decrementAndGet();
    if (failure == null) {
      progressAt = System.nanoTime();
      completion.completed(Result.CONFIRMED, null);
    } else if (failure instanceof RecordTooLargeException
        || failure instanceof RecordBatchTooLargeException) {
      completion.completed(Result.TOO_LARGE, failure);
    } else {
      completion.completed(isTransient(failure) ? Result.UNCONFIRMED : Result.REFUSED, failure);
    }
  }

  /** What a broker that comes back, a mended access rule or a new producer makes good. */
  private static boolean isTransient(Exception failure) {
    return !(failure instanceof ApiException) // such as that of a producer that is closed
        || failure instanceof RetriableException
        || failure instanceof AuthenticationException
        || failure instanceof AuthorizationException
        || failure instanceof OutOfOrderSequenceException
        || failure instanceof InvalidProducerEpochException
        || failure instanceof InvalidPidMappingException
        || failure instanceof ProducerFencedException
        || failure instanceof UnknownServerException;
  }

  /** How many events are handed over and not told of yet. */
  int inFlight() {
    return inFlight.get();
  }

  /** Whether Kafka has confirmed nothing for a while, though it has something to confirm. */
  boolean isStuck(long now) {
    return inFlight.get() > 0 && now - progressAt >= settings.stuckAfter().toNanos();
  }

  /**
   * Closes the producer; the next event makes a new one. All that is in flight has been told of
   * when this returns.
   *
   * @return what went wrong with closing, else null
   */
  @Nullable Throwable close(Duration timeout) {
    Producer<byte[], byte[]> closed = producer;
    producer = null;
    if (closed == null) {
      return null;
    }
    try {
      closed.close(timeout);
      return null;
    } catch (RuntimeException | Error e) {
      return e;
    }
  }
}
