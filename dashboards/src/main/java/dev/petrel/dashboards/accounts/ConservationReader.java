// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards.accounts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells at any time what has become of all calls: follows {@code llm-accounts} on a thread of its
 * own, and answers after it has read all that was committed before the question. Thread-safe.
 */
public final class ConservationReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ConservationReader.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final long PAUSE_AFTER_FAILURE_MS = 1_000;
  private static final long CLOSE_MS = 3_000;

  private final AccountsLog log;
  private final BlockingQueue<CompletableFuture<Conservation>> questions =
      new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closing;

  /** Connects to nothing yet. */
  public ConservationReader(String bootstrapServers) {
    log = new AccountsLog(bootstrapServers);
    thread = new Thread(this::run, "petrel-dashboards-accounts");
    thread.setDaemon(true);
  }

  /** Starts the thread. */
  public void start() {
    thread.start();
  }

  /**
   * Asks. The answer fails with a {@link KafkaException} when Kafka does not answer, and when this
   * is closed first.
   */
  public CompletableFuture<Conservation> current() {
    CompletableFuture<Conservation> question = new CompletableFuture<>();
    questions.add(question);
    if (closing) {
      failAll(new KafkaException("the console is closing"));
    }
    return question.orTimeout(TIMEOUT.toSeconds() + 15, TimeUnit.SECONDS);
  }

  private void run() {
    try (log) {
      while (!closing) {
        step();
      }
    } finally {
      failAll(new KafkaException("the console is closing"));
    }
  }

  private void step() {
    List<CompletableFuture<Conservation>> asked = new ArrayList<>();
    try {
      log.follow();
      questions.drainTo(asked);
      if (!asked.isEmpty()) {
        Conservation answer = log.readToEnd(TIMEOUT);
        asked.forEach(question -> question.complete(answer));
      }
    } catch (KafkaException e) {
      LOG.atDebug().setCause(e).log("Accounts cannot be read; trying again");
      asked.forEach(question -> question.completeExceptionally(e));
      failAll(e);
      sleep();
    }
  }

  private void failAll(KafkaException why) {
    List<CompletableFuture<Conservation>> asked = new ArrayList<>();
    questions.drainTo(asked);
    asked.forEach(question -> question.completeExceptionally(why));
  }

  private void sleep() {
    try {
      Thread.sleep(PAUSE_AFTER_FAILURE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  @Override
  public void close() {
    closing = true;
    if (thread.getState() == Thread.State.NEW) {
      log.close();
      failAll(new KafkaException("the console is closing"));
      return;
    }
    try {
      thread.join(CLOSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
