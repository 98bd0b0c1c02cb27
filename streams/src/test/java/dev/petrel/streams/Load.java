// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.event.LlmCallEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends random calls and tells the reference: disordered, some late by hours, some too late, some
 * again, some that are no event. The same seed sends the same, but for the time.
 */
final class Load implements AutoCloseable {

  private static final int MINUTE = 60_000;
  private static final int HOUR = 60 * MINUTE;
  private static final int TURNS_A_SECOND = 50;

  private final Reference reference = new Reference();
  private final CallProducer producer;
  private final SplittableRandom random;
  private final RandomCalls calls;

  /** What can be sent again. */
  private final LlmCallEvent[] recent = new LlmCallEvent[4096];

  private Thread sender;
  private volatile boolean stopping;
  private volatile RuntimeException failure;
  private long records;

  Load(String bootstrapServers, long seed) {
    producer = new CallProducer(bootstrapServers);
    random = new SplittableRandom(seed);
    calls = new RandomCalls(random.split());
  }

  /** What must come of all that was sent; complete while nothing is sent. */
  Reference reference() {
    return reference;
  }

  /** Sends at least so many records of now and before, and waits until the broker has them. */
  void send(int count) {
    sendLive(count);
    producer.flush();
  }

  /** Begins to send at about this rate, in the background. */
  void start(int recordsPerSecond) {
    stopping = false;
    sender = Thread.ofPlatform().name("load").start(() -> sendSteadily(recordsPerSecond));
  }

  private void sendSteadily(int recordsPerSecond) {
    try {
      while (!stopping) {
        sendLive(recordsPerSecond / TURNS_A_SECOND);
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / TURNS_A_SECOND);
      }
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** Ends what {@link #start} began, and waits until the broker has all of it. */
  void stop() throws InterruptedException {
    stopping = true;
    sender.join();
    if (failure != null) {
      throw failure;
    }
    producer.flush();
  }

  /** Sends what came in over a span that ends now, each record as it would have arrived then. */
  void sendBacklog(int count, Duration span) {
    long begin = System.currentTimeMillis() - span.toMillis();
    long first = records;
    while (records < first + count) {
      long arrival = begin + span.toMillis() * (records - first) / count;
      sendOrAgain(arrival - random.nextInt(oneIn(100) ? HOUR : MINUTE), arrival);
    }
    producer.flush();
  }

  /** Sends a record that is no event. */
  void sendInvalid(byte[] value) {
    producer.send(null, value, System.currentTimeMillis());
    reference.addInvalid();
    records++;
  }

  private void sendLive(int count) {
    long until = records + count;
    while (records < until) {
      long now = System.currentTimeMillis();
      if (oneIn(500)) {
        byte[] event = producer.encode(calls.next(now).get(0));
        sendInvalid(Arrays.copyOf(event, 1 + random.nextInt(event.length - 1)));
      } else if (oneIn(1000)) {
        calls.next(now - 25 * HOUR - random.nextInt(15 * HOUR)).forEach(late -> send(late, now));
      } else {
        sendOrAgain(now - random.nextInt(oneIn(200) ? 23 * HOUR : 90_000), now);
      }
    }
  }

  private void sendOrAgain(long time, long arrival) {
    for (LlmCallEvent event : calls.next(time)) {
      send(event, arrival);
      recent[(int) (records % recent.length)] = event;
    }
    LlmCallEvent again = recent[random.nextInt(recent.length)];
    if (again != null && oneIn(40)) {
      send(again, arrival);
    }
  }

  private void send(LlmCallEvent event, long arrival) {
    producer.send(event, arrival);
    reference.add(event, arrival);
    records++;
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  @Override
  public void close() {
    stopping = true;
    producer.close();
  }
}
