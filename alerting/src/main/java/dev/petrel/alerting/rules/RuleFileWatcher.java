// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import static java.util.Objects.requireNonNull;

import dev.petrel.service.Health;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the rules in force those of the rule file: looks every few seconds whether it, or a file
 * with a secret that it refers to, has other content. A file with a mistake is refused as a whole:
 * the rules before it stay in force, and health, a metric and the log say so. Thread-safe.
 */
public final class RuleFileWatcher implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(RuleFileWatcher.class);
  private static final long INTERVAL_SECONDS = 3;

  private final Path file;
  private final BiFunction<Path, byte[], AlertRules> reader;
  private final Counter loaded;
  private final Counter refused;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "petrel-rule-file");
            made.setDaemon(true);
            return made;
          });
  private final List<Consumer<AlertRules>> listeners = new ArrayList<>();
  private volatile AlertRules current;
  private volatile @Nullable String problem;
  private List<byte[]> content;

  /**
   * Reads the file for the first time.
   *
   * @throws RuleFileException when it has a mistake or cannot be read: a service does not start
   *     with it
   */
  public RuleFileWatcher(
      Path file, BiFunction<Path, byte[], AlertRules> reader, MeterRegistry meters) {
    this.file = requireNonNull(file, "file");
    this.reader = requireNonNull(reader, "reader");
    loaded = meters.counter("petrel.alerting.rule.file.loads", "result", "loaded");
    refused = meters.counter("petrel.alerting.rule.file.loads", "result", "refused");
    Gauge.builder("petrel.alerting.rule.file.refused", this, w -> w.problem == null ? 0 : 1)
        .description("1 while the rule file has a mistake and older rules are in force")
        .register(meters);
    byte[] bytes = bytes(file);
    if (bytes.length == 0) {
      throw RuleFileException.at(file.toString(), 0, "", "cannot be read, or is empty");
    }
    current = reader.apply(file, bytes);
    content = contents(bytes, current.secretFiles());
    loaded.increment();
  }

  /** The rules in force. */
  public AlertRules current() {
    return current;
  }

  /** Tells of new rules from now on, on the watcher's thread; before {@link #start}. */
  public void onChange(Consumer<AlertRules> listener) {
    listeners.add(listener);
  }

  /** Begins to look. */
  public void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::look, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
  }

  /** Looks now, and takes what is new. */
  void look() {
    try {
      byte[] bytes = bytes(file);
      List<byte[]> now = contents(bytes, current.secretFiles());
      if (!same(now, content)) {
        content = now;
        take(bytes);
      }
    } catch (RuntimeException e) { // else the executor never looks again
      refuse(e.toString());
    }
  }

  private void take(byte[] bytes) {
    AlertRules read;
    try {
      read = reader.apply(file, bytes);
    } catch (RuleFileException e) {
      refuse(String.valueOf(e.getMessage()));
      return;
    }
    current = read;
    content = contents(bytes, read.secretFiles());
    problem = null;
    loaded.increment();
    LOGGER.atInfo().addKeyValue("file", file).log("The rule file has new rules");
    listeners.forEach(listener -> listener.accept(read));
  }

  private void refuse(String why) {
    problem = why;
    refused.increment();
    LOGGER.atError().log("The rule file is refused, older rules stay in force: {}", why);
  }

  private static List<byte[]> contents(byte[] rules, Set<Path> secretFiles) {
    List<byte[]> contents = new ArrayList<>(List.of(rules));
    new TreeSet<>(secretFiles).forEach(secret -> contents.add(bytes(secret)));
    return contents;
  }

  /** Nothing when it cannot be read. */
  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static boolean same(List<byte[]> a, List<byte[]> b) {
    return Arrays.deepEquals(a.toArray(), b.toArray());
  }

  /** Whether the file's rules are in force. */
  public Health health() {
    String why = problem;
    return why == null ? Health.ok("rule file") : Health.failing("rule file", why);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
