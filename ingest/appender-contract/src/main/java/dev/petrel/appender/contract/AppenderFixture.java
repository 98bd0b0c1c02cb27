// SPDX-License-Identifier: Apache-2.0
package dev.petrel.appender.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.event.LlmCallEvent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a logging framework's tests tell the contract of how to configure, log and look. */
public abstract class AppenderFixture {

  /** A logger of an application. */
  protected static final String LOGGER = "com.example.app.ChatService";

  /** What the appender under test publishes to. */
  protected final FakeCallPublisher publisher = new FakeCallPublisher();

  /**
   * Starts an appender with these settings by name: {@code service}, {@code environment}, {@code
   * instance}, {@code version}, {@code attributes} (with commas), {@code tenantMdcKey}, {@code
   * userMdcKey}, {@code userHashKey}, {@code spoolDirectory}, {@code spoolMaxBytes}.
   */
  protected abstract void start(Map<String, String> settings);

  /** Logs a statement at info level; returns when it has been through the appender. */
  protected abstract void log(
      String logger, @Nullable Throwable thrown, Map<String, @Nullable Object> keyValues);

  /** Logs within this context. */
  protected abstract void withContext(Map<String, String> context, Runnable statements);

  /** Statements that made no valid event. */
  protected abstract long rejected();

  /** What the framework was told about the appender's trouble: warnings and errors. */
  protected abstract List<String> trouble();

  /** Stops the appender. */
  protected abstract void stop();

  /** Logs a statement that tells of a call; keys and values take turns. */
  protected final void logCall(@Nullable Object... keysAndValues) {
    @Nullable Object[] all = Arrays.copyOf(keysAndValues, keysAndValues.length + 2);
    all[keysAndValues.length] = "event"; // its place does not matter
    all[keysAndValues.length + 1] = "llm_call";
    log(LOGGER, null, pairs(all));
  }

  /** Keys and values, which take turns. */
  protected static Map<String, @Nullable Object> pairs(@Nullable Object... keysAndValues) {
    Map<String, @Nullable Object> pairs = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      pairs.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return pairs;
  }

  /** The one event that was published. */
  protected final LlmCallEvent onlyEvent() {
    assertThat(publisher.published).hasSize(1);
    return publisher.published.get(0);
  }
}
