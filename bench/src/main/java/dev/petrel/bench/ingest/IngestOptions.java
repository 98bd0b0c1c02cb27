// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of {@code bench/run ingest}. */
final class IngestOptions {

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Calls a second where they are paced (${DEFAULT-VALUE}).")
  int rate;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that make calls (${DEFAULT-VALUE}).")
  int threads;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "Time before each measurement (${DEFAULT-VALUE}).")
  int warmUp;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "4",
      description = "Time of each measurement (${DEFAULT-VALUE}).")
  int seconds;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description = "Repetitions, each in an order of its own (${DEFAULT-VALUE}).")
  int repeat;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the order (${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--only",
      paramLabel = "LETTERS",
      split = ",",
      defaultValue = "a,b,c,d,e,f,g,h,i",
      description = "Subjects to run; ratios are to (a) (${DEFAULT-VALUE}).")
  List<String> only = List.of();

  @Option(
      names = "--quick",
      description =
          "A look whether it works: (a), (d) and (g), a second each. No figures to quote.")
  boolean quick;

  @Option(names = "--jfr", description = "Record (a) with Java Flight Recorder.")
  boolean jfr;

  @Option(
      names = "--jvm",
      paramLabel = "FLAGS",
      defaultValue = "-Xms512m -Xmx512m",
      description = "JVM flags of each measurement (${DEFAULT-VALUE}).")
  String jvm = "";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  boolean help;

  /** Those that are to run. */
  List<Subject> subjects() {
    if (quick) {
      return List.of(Subject.PETREL_LOGBACK, Subject.LOGBACK_FILE, Subject.LOG4J2_KAFKA);
    }
    return only.stream().map(Subject::lettered).distinct().sorted().toList();
  }

  int warmUpSeconds() {
    return quick ? 1 : warmUp;
  }

  int measuredSeconds() {
    return quick ? 1 : seconds;
  }

  List<String> jvmFlags() {
    return Arrays.asList(jvm.strip().split("\\s+"));
  }
}
