// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * A streams instance in a JVM of its own, which can be killed, closed and started again on the
 * state that it left.
 */
final class StreamsProcess implements AutoCloseable {

  private static final String STATUS_FILE = "status.properties";
  private static final String PROBLEM = "problem";

  private final String bootstrapServers;
  private final Path directory;
  private final List<String> flags;
  private final Map<String, String> settings;
  private Process process;

  /**
   * An instance that is not started yet.
   *
   * @param directory of its state and log
   * @param flags of its JVM; running out of heap ends the process
   * @param settings texts by key, beside those of the two above
   */
  StreamsProcess(
      String bootstrapServers, Path directory, List<String> flags, Map<String, String> settings) {
    this.bootstrapServers = bootstrapServers;
    this.directory = directory;
    this.flags = flags;
    this.settings = settings;
  }

  static Settings settings(String bootstrapServers, Path stateDir) {
    return settings(bootstrapServers, stateDir, Map.of());
  }

  private static Settings settings(
      String bootstrapServers, Path stateDir, Map<String, String> others) {
    List<Setting<?>> known = new ArrayList<>(KafkaSettings.ALL);
    known.addAll(StreamsSettings.ALL);
    Map<String, String> texts = new HashMap<>(others);
    texts.put(KafkaSettings.BOOTSTRAP_SERVERS.key(), bootstrapServers);
    texts.put(StreamsSettings.STATE_DIR.key(), stateDir.toString());
    return Settings.load(null, Map.of(), texts, known);
  }

  void start() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("--enable-native-access=ALL-UNNAMED");
    // RocksDB unpacks its library there at each start, and a killed process leaves it.
    command.add("-Djava.io.tmpdir=" + directory);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.addAll(List.of(StreamsProcess.class.getName(), bootstrapServers, directory.toString()));
    settings.forEach((key, text) -> command.add(key + "=" + text));
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(directory.resolve(STATUS_FILE));
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it printed, of all its starts. */
  Path log() {
    return directory.resolve("streams.log");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it has partitions and works on them. */
  boolean isRunning() {
    Properties status = status();
    return isAlive() && !status.isEmpty() && !status.containsKey(PROBLEM);
  }

  /** Its accounts as of a moment ago; empty when it has not got so far. */
  Map<String, Long> conservation() {
    Map<String, Long> accounts = new HashMap<>();
    status()
        .forEach(
            (name, text) -> {
              if (!name.equals(PROBLEM)) {
                accounts.put(name.toString(), Long.parseLong(text.toString()));
              }
            });
    return accounts;
  }

  private Properties status() {
    Properties status = new Properties();
    try (Reader reader = Files.newBufferedReader(directory.resolve(STATUS_FILE))) {
      status.load(reader);
    } catch (NoSuchFileException e) {
      // Not so far yet.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return status;
  }

  /** Ends it as a crash would (SIGKILL). */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Ends it in good order. */
  void stop() throws InterruptedException {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process.waitFor();
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  /** Runs until its standard input ends: a parent that dies takes it along. */
  public static void main(String[] args) throws IOException {
    Map<String, String> others = new HashMap<>();
    for (String arg : List.of(args).subList(2, args.length)) {
      others.put(arg.substring(0, arg.indexOf('=')), arg.substring(arg.indexOf('=') + 1));
    }
    Path directory = Path.of(args[1]);
    StreamsService service =
        new StreamsService(
            settings(args[0], directory.resolve("state"), others), new SimpleMeterRegistry());
    service.start();
    Thread.ofPlatform().daemon().name("status").start(() -> tellStatus(service, directory));
    while (System.in.read() >= 0) {}
    service.close();
    System.exit(0);
  }

  private static void tellStatus(StreamsService service, Path directory) {
    Path written = directory.resolve(STATUS_FILE + ".new");
    while (true) {
      Properties status = new Properties();
      service.conservation().forEach((account, count) -> status.put(account, count.toString()));
      String problem = service.health().problem();
      if (problem != null) {
        status.put(PROBLEM, problem);
      }
      try {
        try (Writer writer = Files.newBufferedWriter(written)) {
          status.store(writer, null);
        }
        Files.move(written, directory.resolve(STATUS_FILE), StandardCopyOption.ATOMIC_MOVE);
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }
}
