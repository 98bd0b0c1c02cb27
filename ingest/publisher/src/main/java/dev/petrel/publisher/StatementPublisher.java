// SPDX-License-Identifier: Apache-2.0
package dev.petrel.publisher;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The half of an appender that is the same for all logging frameworks: makes events of statements
 * and publishes them.
 *
 * <p>Neither blocks nor throws, whatever a statement holds and whatever Kafka does. A statement
 * that makes no valid event is counted, and told once per field. Thread-safe.
 */
public final class StatementPublisher {

  /** Loggers whose statements come of publishing. */
  private static final List<String> OWN_LOGGERS =
      List.of(
          "org.apache.kafka.",
          "dev.petrel.publisher.",
          "dev.petrel.logback.",
          "dev.petrel.log4j2.");

  /** Tells a {@link CallStatement} what the framework's statement holds. */
  @FunctionalInterface
  public interface Reading {

    /** Puts the key-values, the context and the exception's class. */
    void into(CallStatement statement) throws InvalidStatementException;
  }

  private final CallPublisher publisher;
  private final StatementRules rules;
  private final Consumer<String> trouble;
  private final Set<String> toldFields = ConcurrentHashMap.newKeySet();
  private final LongAdder rejected = new LongAdder();

  StatementPublisher(CallPublisher publisher, StatementRules rules, Consumer<String> trouble) {
    this.publisher = publisher;
    this.rules = rules;
    this.trouble = trouble;
  }

  /**
   * Whether a statement comes of publishing, so that publishing it would never end.
   *
   * @param loggerName the statement's logger
   * @param threadName the thread that logged it, which need not be the calling one
   */
  public static boolean isOwn(@Nullable String loggerName, @Nullable String threadName) {
    if (EventPublisher.isPublisherThread()
        || (threadName != null && threadName.startsWith("petrel-publisher "))) {
      return true;
    }
    if (loggerName != null) {
      for (String own : OWN_LOGGERS) {
        if (loggerName.startsWith(own)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Publishes what a statement tells of a call.
   *
   * @param loggedAt when it was logged, in ms since the epoch
   * @param reading called once, at once, on the calling thread
   */
  public void publish(long loggedAt, Reading reading) {
    try {
      CallStatement statement = new CallStatement(loggedAt, rules);
      reading.into(statement);
      publisher.publish(statement.toCall());
    } catch (InvalidStatementException e) {
      reject(e.field(), e.getMessage());
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      // A value whose toString fails, for example; its text is none of ours to tell.
      reject("", e.getClass().getName());
    }
  }

  private void reject(String field, @Nullable String rule) {
    rejected.increment();
    if (toldFields.add(field)) {
      trouble.accept(
          "an LLM call was logged that makes no valid event and is not published: "
              + rule
              + " (further ones like it are only counted)");
    }
  }

  /** Statements that told of a call but made no valid event. */
  public long rejected() {
    return rejected.sum();
  }

  /**
   * What the events go to, for its counters and metrics; null when a test has put its own there.
   */
  public @Nullable EventPublisher eventPublisher() {
    return publisher instanceof EventPublisher own ? own : null;
  }

  /** Sends what is queued within the close timeout, drops the rest, and takes no more. */
  public void close() {
    publisher.close();
  }

  /**
   * As {@link #close()}, but returns after {@code atMost} at the latest; what is not sent by then
   * still may be until the close timeout.
   *
   * @return whether closing was over by then; false also when interrupted, which is kept
   */
  public boolean close(Duration atMost) {
    Thread closing = new Thread(publisher::close, "petrel-close");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(Math.max(1, atMost.toMillis())); // join(0) waits for ever
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return !closing.isAlive();
  }
}
