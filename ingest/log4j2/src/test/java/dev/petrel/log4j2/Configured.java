// SPDX-License-Identifier: Apache-2.0
package dev.petrel.log4j2;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.async.AsyncLoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.jmx.RingBufferAdmin;
import org.apache.logging.log4j.message.MapMessage;
import org.apache.logging.log4j.message.Message;
import org.apache.logging.log4j.status.StatusData;
import org.apache.logging.log4j.status.StatusListener;
import org.apache.logging.log4j.status.StatusLogger;

/**
 * Log4j2 as a configuration file of an application sets it up, until closed. It is the context that
 * SLF4J and Kafka's client log to, and of whatever kind the context selector makes: the build runs
 * all tests a second time with asynchronous loggers.
 */
final class Configured implements AutoCloseable {
  private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
  private final Statuses statuses;

  /** Keeps what the framework says of itself from this level on. */
  Configured(Level statusLevel) {
    statuses = new Statuses(statusLevel);
    StatusLogger.getLogger().registerListener(statuses);
  }

  /** A message whose values keep their types. */
  static final class CallMessage extends MapMessage<CallMessage, Object> {
    private static final long serialVersionUID = 1L;

    CallMessage(Map<String, Object> keyValues) {
      super(keyValues);
    }
  }

  private record Statuses(Level level, List<String> messages) implements StatusListener {
    Statuses(Level level) {
      this(level, new CopyOnWriteArrayList<>());
    }

    @Override
    public void log(StatusData data) {
      messages.add(data.getMessage().getFormattedMessage() + " " + data.getThrowable());
    }

    @Override
    public Level getStatusLevel() {
      return level;
    }

    @Override
    public void close() {}
  }

  /** Configures by a file of this text; its name's ending says of which kind it is. */
  void load(String ending, String text) {
    try {
      Path file = Files.createTempFile("log4j2-", "." + ending);
      try {
        Files.writeString(file, text);
        context.setConfigLocation(file.toUri());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds an appender to the root of a configuration without any. */
  void add(Appender appender) {
    load("xml", "<Configuration><Loggers><Root level=\"INFO\"/></Loggers></Configuration>");
    Configuration configuration = context.getConfiguration();
    appender.start();
    configuration.addAppender(appender);
    configuration.getRootLogger().addAppender(appender, null, null);
    context.updateLoggers();
  }

  /** The configuration's appender of this name, null when it has none. */
  <A extends Appender> A appender(String name) {
    return context.getConfiguration().getAppender(name);
  }

  List<String> statuses() {
    return List.copyOf(statuses.messages());
  }

  /** Logs a message with these key-values, and returns when the appenders have had it. */
  void log(String logger, Throwable thrown, Map<String, Object> keyValues) {
    context.getLogger(logger).info(new CallMessage(keyValues), thrown);
    settle();
  }

  /** Logs a message, and returns when the appenders have had it. */
  void log(String logger, Message message) {
    context.getLogger(logger).info(message);
    settle();
  }

  /** Waits until asynchronous loggers have handed on all that is logged. */
  void settle() {
    if (context instanceof AsyncLoggerContext asynchronous) {
      RingBufferAdmin buffer = asynchronous.createRingBufferAdmin();
      while (buffer.getRemainingCapacity() < buffer.getBufferSize()) {
        Thread.yield();
      }
    }
  }

  static void withThreadContext(Map<String, String> entries, Runnable statements) {
    ThreadContext.putAll(entries);
    try {
      statements.run();
    } finally {
      ThreadContext.removeAll(entries.keySet());
    }
  }

  /** Stops all appenders, as the end of an application does, and goes back to the tests' own. */
  @Override
  public void close() {
    settle();
    StatusLogger.getLogger().removeListener(statuses);
    context.setConfigLocation(null);
  }
}
