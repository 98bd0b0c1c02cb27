// SPDX-License-Identifier: Apache-2.0
package dev.petrel.streams;

import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A streams instance in a JVM of its own, to be killed. */
final class StreamsProcess {

  private StreamsProcess() {}

  static Settings settings(String bootstrapServers, Path stateDir) {
    List<Setting<?>> known = new ArrayList<>(KafkaSettings.ALL);
    known.addAll(StreamsSettings.ALL);
    return Settings.load(
        null,
        Map.of(),
        Map.of(
            KafkaSettings.BOOTSTRAP_SERVERS.key(),
            bootstrapServers,
            StreamsSettings.STATE_DIR.key(),
            stateDir.toString()),
        known);
  }

  static Process start(String bootstrapServers, Path stateDir, Path log) throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            classPath,
            StreamsProcess.class.getName(),
            bootstrapServers,
            stateDir.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Runs until its standard input ends: a parent that dies takes it along. */
  public static void main(String[] args) throws IOException {
    StreamsService service =
        new StreamsService(settings(args[0], Path.of(args[1])), new SimpleMeterRegistry());
    service.start();
    while (System.in.read() >= 0) {}
    System.exit(0);
  }
}
