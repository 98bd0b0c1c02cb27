// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** The options of {@code bench/run streams}. */
final class StreamsOptions {

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "2000000",
      description = "Measured records, retries and duplicates included (${DEFAULT-VALUE}).")
  long events;

  @Option(
      names = "--warm-up",
      paramLabel = "N",
      defaultValue = "2000000",
      description =
          "Events before those, counted but not measured: compilers are done then; 0 measures the"
              + " start too (${DEFAULT-VALUE}).")
  long warmUp;

  @Option(
      names = "--tenants",
      paramLabel = "N",
      defaultValue = "200",
      description =
          "Tenants; the n-th makes a share of calls proportional to 1/n (${DEFAULT-VALUE}).")
  int tenants;

  @Option(
      names = "--models",
      paramLabel = "N",
      defaultValue = "5",
      description = "Models, spread over three providers (${DEFAULT-VALUE}).")
  int models;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "4",
      description = "Partitions of each topic (${DEFAULT-VALUE}).")
  int partitions;

  @Option(
      names = "--span",
      paramLabel = "DURATION",
      defaultValue = "1h",
      converter = Span.class,
      description = "Event time that the measured events cover, up to now (${DEFAULT-VALUE}).")
  Duration span = Duration.ofHours(1);

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of the load (${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Threads of (b), (c) and (d); (a) has one (${DEFAULT-VALUE}).")
  int threads;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description = "Repetitions, each with all contenders in turn (${DEFAULT-VALUE}).")
  int repeat;

  @Option(
      names = "--only",
      paramLabel = "LETTERS",
      split = ",",
      defaultValue = "a,b,c,d",
      description = "Contenders to run (${DEFAULT-VALUE}).")
  List<String> only = List.of();

  @Option(
      names = "--naive-events",
      paramLabel = "N",
      defaultValue = "200000",
      description = "(c) is measured on this many, behind at most half as many (${DEFAULT-VALUE}).")
  long naiveEvents;

  @Option(names = "--without-flink", description = "Neither build nor run (d).")
  boolean withoutFlink;

  @Option(
      names = "--scaling",
      description = "Also (b) alone over tenants, partitions and threads, in a second table.")
  boolean scaling;

  @Option(names = "--jfr", description = "Record (b) with Java Flight Recorder.")
  boolean jfr;

  @Option(
      names = "--jvm",
      paramLabel = "FLAGS",
      defaultValue = "-Xmx1g -Xms1g -XX:NewRatio=1 -XX:+UseSerialGC",
      description = "JVM flags of each contender (${DEFAULT-VALUE}).")
  String jvm = "";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this and exit.")
  boolean help;

  /** Those that are to run, in their order. */
  List<Contender> contenders() {
    List<Contender> contenders =
        new ArrayList<>(only.stream().map(Contender::lettered).distinct().sorted().toList());
    if (withoutFlink) {
      contenders.remove(Contender.FLINK);
    }
    return contenders;
  }

  Workload workload() {
    long all = warmUp + events;
    Duration longer = Duration.ofMillis(span.toMillis() * all / events);
    return new Workload(all, tenants, models, longer, seed);
  }

  List<String> jvmFlags() {
    List<String> flags = new ArrayList<>(Arrays.asList(jvm.strip().split("\\s+")));
    // What the petrel script adds.
    int feature = Runtime.version().feature();
    if (feature >= 24) {
      flags.add("--enable-native-access=ALL-UNNAMED");
      flags.add("--sun-misc-unsafe-memory-access=allow");
    }
    if (feature >= 25) {
      flags.add("-XX:+UseCompactObjectHeaders");
    }
    return flags;
  }

  /** Reads durations such as 90s, 30m or 1h. */
  static final class Span implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }
  }
}
