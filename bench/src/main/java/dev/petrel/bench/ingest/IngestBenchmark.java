// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import dev.petrel.bench.ResultFile;
import dev.petrel.bench.WrongResultException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.apache.kafka.common.utils.AppInfoParser;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The benchmark of publishing: {@code bench/run ingest}. */
@Command(
    name = "bench/run ingest",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Logs the same LLM call in several ways, each in a JVM of its own under JMH, and measures what"
          + " that costs the calling thread, with the sink up and with nothing listening:",
      "  (a) Petrel's Logback appender        (b) Petrel's Log4j2 appender",
      "  (c) Petrel's publisher               (d) Logback AsyncAppender and FileAppender",
      "  (e) logstash-logback-encoder's asynchronous appender and a file",
      "  (f) its asynchronous TCP appender    (g) Log4j2 asynchronous loggers and KafkaAppender",
      "  (h) Log4j2 asynchronous loggers and a file   (i) a level that is off",
      "at a steady rate, and as fast as calls go. A loss that Petrel does not tell of fails the run."
    })
final class IngestBenchmark implements Callable<Integer> {

  @Mixin private IngestOptions options = new IngestOptions();

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

  IngestBenchmark(InstantSource clock) {
    this.clock = clock;
  }

  public static void main(String[] arguments) {
    // Others on this machine may measure too; whoever reads the figures is told so.
    System.setProperty("jmh.ignoreLock", "true");
    CommandLine command = new CommandLine(new IngestBenchmark(Clock.systemUTC()));
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

  private record Step(Subject subject, Regime regime, boolean sinkUp) {}

  @Override
  public Integer call() throws InterruptedException {
    ResultFile file = new ResultFile("ingest", clock.instant());
    printAndPut(file, "jvm_flags", String.join(" ", options.jvmFlags()));
    printAndPut(file, "java", Runtime.version().toString());
    printAndPut(file, "kafka", AppInfoParser.getVersion());
    printAndPut(file, "rate", options.rate);
    printAndPut(file, "threads", options.threads);
    List<CallRun> runs;
    try (CallTrial trial = CallTrial.start(work, options)) {
      runs = run(trial);
    }
    file.put("runs", runs);
    for (Regime regime : Regime.values()) {
      List<CallRun> own = runs.stream().filter(run -> run.regime() == regime).toList();
      out().println();
      out().println(regime.method() + ":");
      out().println(CallTables.costs(own));
      out().println(CallTables.fates(own));
    }
    out().println("results: " + file.write(results).getFileName());
    out().flush();
    return 0;
  }

  private List<CallRun> run(CallTrial trial) throws InterruptedException {
    Random order = new Random(options.seed);
    List<CallRun> runs = new ArrayList<>();
    for (int repetition = 1; repetition <= options.repeat; repetition++) {
      List<Step> steps = steps();
      Collections.shuffle(steps, order);
      for (Step step : steps) {
        CallRun run =
            trial.run(repetition, step.subject(), step.regime(), step.sinkUp(), jfr(step));
        runs.add(run);
        progress(run);
      }
    }
    return runs;
  }

  private List<Step> steps() {
    List<Step> steps = new ArrayList<>();
    for (Subject subject : options.subjects()) {
      for (Regime regime : Regime.values()) {
        steps.add(new Step(subject, regime, true));
        if (subject.sink().isRemote()) {
          steps.add(new Step(subject, regime, false));
        }
      }
    }
    return steps;
  }

  private @Nullable Path jfr(Step step) {
    return options.jfr && step.subject() == Subject.PETREL_LOGBACK && step.sinkUp()
        ? results.toAbsolutePath().resolve("ingest-" + step.regime().method() + ".jfr")
        : null;
  }

  private void progress(CallRun run) {
    out()
        .printf(
            "%d  %-28s %-6s %-5s %,10.0f ns  p99.9 %,12.0f ns  %,9d of %,9d delivered%n",
            run.repetition(),
            run.subject().title(),
            run.regime().method(),
            run.sinkUp() ? "up" : "down",
            run.meanNanos(),
            run.p999Nanos(),
            run.delivered(),
            run.report().offered());
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
