// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench;

import dev.petrel.processes.EmbeddedKafka;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The benchmark of the aggregation: {@code bench/run streams}. */
@Command(
    name = "bench/run streams",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Counts the same calls in several ways, each in a JVM of its own on one real broker:",
      "  (a) a bare consumer loop: stream-parse, hash map, one thread, nothing durable",
      "  (b) Petrel's topology, exactly once, every scope and measure",
      "  (c) the naive Kafka Streams DSL: three windowed aggregates in JSON trees, exactly once",
      "  (d) an Apache Flink job: keyed minute windows, exactly once into a topic",
      "Every result is held to what the generator knows; a wrong sum fails the run."
    })
final class StreamsBenchmark implements Callable<Integer> {

  private static final List<Integer> TENANT_VARIATIONS = List.of(100, 10_000, 100_000);
  private static final List<Integer> PARTITION_VARIATIONS = List.of(1, 4, 8);
  private static final List<Integer> THREAD_VARIATIONS = List.of(1, 2);

  @Mixin private StreamsOptions options = new StreamsOptions();

  @Option(
      names = "--results",
      hidden = true,
      required = true,
      description = "Directory of the results.")
  private Path results = Path.of("results");

  @Option(
      names = "--work",
      hidden = true,
      required = true,
      description = "Directory for what is deleted at the end.")
  private Path work = Path.of("work");

  @Spec private @Nullable CommandSpec spec;

  private final InstantSource clock;

  StreamsBenchmark(InstantSource clock) {
    this.clock = clock;
  }

  public static void main(String[] arguments) {
    CommandLine command = new CommandLine(new StreamsBenchmark(Clock.systemUTC()));
    command.setExecutionExceptionHandler(
        (exception, failed, parsed) -> {
          if (exception instanceof WrongResultException) {
            failed.getErr().println(exception.getMessage());
          } else {
            exception.printStackTrace(failed.getErr());
          }
          return 1;
        });
    System.exit(command.execute(arguments));
  }

  @Override
  public Integer call() throws InterruptedException {
    ResultFile file = new ResultFile("streams", clock.instant());
    printAndPut(file, "jvm_flags", String.join(" ", options.jvmFlags()));
    printAndPut(file, "java", Runtime.version().toString());
    printAndPut(file, "kafka", AppInfoParser.getVersion());
    printAndPut(file, "broker_heap", EmbeddedKafka.DEFAULT_HEAP);
    printAndPut(file, "threads", options.threads);
    try (TestBed bed = TestBed.start(work, options, clock)) {
      contenders(bed, file);
      if (options.scaling) {
        scaling(bed, file);
      }
    }
    out().println("results: " + file.write(results).getFileName());
    return 0;
  }

  private void contenders(TestBed bed, ResultFile file) throws InterruptedException {
    StreamsTrial trial = prepare(bed, options.workload(), options.partitions);
    file.put("events", options.events);
    file.put("warm_up", options.warmUp);
    file.put("tenants", options.tenants);
    file.put("models", options.models);
    file.put("span", options.span.toString());
    file.put("seed", options.seed);
    file.put("partitions", options.partitions);
    file.put("mean_event_bytes", trial.written().meanBytes());
    List<Run> runs = new ArrayList<>();
    for (int repetition = 1; repetition <= options.repeat; repetition++) {
      for (Contender contender : options.contenders()) {
        Measurement measured = trial.run(contender, options.threads, jfr(contender, repetition));
        Run run = new Run(repetition, name(trial, contender), contender.letter(), measured);
        runs.add(run);
        progress(run);
      }
    }
    file.putRuns("runs", runs);
    out().println();
    out().println(Tables.contenders(runs));
    out().flush();
  }

  private void scaling(TestBed bed, ResultFile file) throws InterruptedException {
    List<Run> runs = new ArrayList<>();
    for (int tenants : TENANT_VARIATIONS) {
      StreamsTrial trial =
          prepare(bed, options.workload().withTenants(tenants), options.partitions);
      runs.add(variation(trial, tenants + " tenants", options.threads));
    }
    for (int partitions : PARTITION_VARIATIONS) {
      StreamsTrial trial = prepare(bed, options.workload(), partitions);
      runs.add(variation(trial, partitions + " partitions", options.threads));
    }
    StreamsTrial trial = prepare(bed, options.workload(), options.partitions);
    for (int threads : THREAD_VARIATIONS) {
      runs.add(variation(trial, threads + " threads", threads));
    }
    file.putRuns("scaling", runs);
    out().println();
    out().println(Tables.variations(runs));
    out().flush();
  }

  private Run variation(StreamsTrial trial, String name, int threads) throws InterruptedException {
    Measurement measured = trial.run(Contender.PETREL, threads, null);
    Run run = new Run(1, name, Contender.PETREL.letter(), measured);
    progress(run);
    return run;
  }

  private StreamsTrial prepare(TestBed bed, Workload workload, int partitions) {
    StreamsTrial trial =
        StreamsTrial.prepare(bed, workload, partitions, options.warmUp, options.naiveEvents);
    out()
        .printf(
            "%,d events of %d tenants, %d models, %s in %d partitions; %.0f B each on average%n",
            workload.events(),
            workload.tenants(),
            workload.models(),
            workload.span(),
            partitions,
            trial.written().meanBytes());
    out().flush();
    return trial;
  }

  private String name(StreamsTrial trial, Contender contender) {
    String title = "(%s) %s".formatted(contender.letter(), contender.title());
    return trial.eventsOf(contender) == trial.workload().events()
        ? title
        : title + ", first %,d".formatted(trial.eventsOf(contender));
  }

  private @Nullable Path jfr(Contender contender, int repetition) {
    return options.jfr && contender == Contender.PETREL && repetition == 1
        ? results.toAbsolutePath().resolve("streams-petrel.jfr")
        : null;
  }

  private void progress(Run run) {
    out()
        .printf(
            "%d  %-40s %,12.0f events/s  %6.1f s  result right%n",
            run.repetition(),
            run.name(),
            run.measured().eventsPerSecond(),
            run.measured().seconds());
    out().flush();
  }

  private void printAndPut(ResultFile file, String name, Object value) {
    file.put(name, value);
    out().println(name.replace('_', ' ') + ": " + value);
  }

  private PrintWriter out() {
    if (spec == null) {
      throw new IllegalStateException("not called as a command");
    }
    return spec.commandLine().getOut();
  }
}
