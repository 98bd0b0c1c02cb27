// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A producer with a switch for each of the ways in which Kafka fails. Confirms on its own thread.
 * Once closed it serves as the next producer, too.
 */
final class FakeKafkaProducer extends MockProducer<byte[], byte[]> {
  /** Told to the callback from within send, as when the broker cannot be reached; null for none. */
  volatile Exception refusal;

  /** Thrown by send; null for none. */
  volatile RuntimeException thrown;

  /** The records at which send throws. */
  volatile Predicate<ProducerRecord<byte[], byte[]>> thrownFor = taken -> false;

  /** What becomes of a record that was taken: null for confirmed. */
  volatile Function<ProducerRecord<byte[], byte[]>, Exception> fate = taken -> null;

  /** Whether to confirm nothing until {@link #release}. */
  volatile boolean holds;

  /** Whether send does not return. */
  volatile boolean hangs;

  final List<ProducerRecord<byte[], byte[]>> confirmed = new CopyOnWriteArrayList<>();
  volatile Duration closedWith;
  private final BlockingQueue<Held> held = new LinkedBlockingQueue<>();
  private final ThreadPoolExecutor network =
      new ThreadPoolExecutor(
          1,
          1,
          1,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> daemon(task, "fake-kafka-network"));

  private record Held(ProducerRecord<byte[], byte[]> taken, Callback callback) {}

  FakeKafkaProducer() {
    super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    network.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public synchronized Future<RecordMetadata> send(
      ProducerRecord<byte[], byte[]> taken, Callback callback) {
    if (hangs) {
      try {
        Thread.sleep(60_000);
      } catch (InterruptedException e) {
        throw new org.apache.kafka.common.errors.InterruptException(e);
      }
    }
    if (thrown != null) {
      throw thrown;
    }
    if (thrownFor.test(taken)) {
      throw new IllegalStateException("thrown for this record");
    }
    Exception refused = refusal;
    if (refused != null) {
      callback.onCompletion(null, refused);
      return CompletableFuture.failedFuture(refused);
    }
    if (holds) {
      held.add(new Held(taken, callback));
    } else {
      network.execute(() -> complete(taken, callback));
    }
    return new CompletableFuture<>();
  }

  private void complete(ProducerRecord<byte[], byte[]> taken, Callback callback) {
    Exception failure = fate.apply(taken);
    if (failure == null) {
      confirmed.add(taken);
    }
    callback.onCompletion(null, failure);
  }

  /** Whether this many records are held. */
  boolean hasTaken(int records) {
    return held.size() == records;
  }

  void release() {
    holds = false;
    List<Held> released = new ArrayList<>();
    held.drainTo(released);
    released.forEach(one -> network.execute(() -> complete(one.taken(), one.callback())));
  }

  @Override
  public void close(Duration timeout) {
    closedWith = timeout;
    // As Kafka's own: what is not confirmed in time fails.
    List<Held> failed = new ArrayList<>();
    held.drainTo(failed);
    failed.forEach(
        one -> one.callback().onCompletion(null, new KafkaException("closed forcefully")));
    try {
      network.submit(() -> {}).get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
