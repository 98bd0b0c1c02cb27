// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import java.util.concurrent.atomic.LongAdder;
import net.logstash.logback.appender.listener.TcpAppenderListener;

/** Counts what logstash-logback-encoder's appenders lose, as an application could. */
public final class FailureCounter implements TcpAppenderListener<ILoggingEvent> {

  private static final LongAdder FAILURES = new LongAdder();

  static long failures() {
    return FAILURES.sum();
  }

  @Override
  public void eventAppendFailed(
      Appender<ILoggingEvent> appender, ILoggingEvent event, Throwable reason) {
    FAILURES.increment();
  }

  @Override
  public void eventSendFailure(
      Appender<ILoggingEvent> appender, ILoggingEvent event, Throwable reason) {
    FAILURES.increment();
  }
}
