// SPDX-License-Identifier: Apache-2.0
package dev.petrel.bench.ingest;

import dev.petrel.bench.BenchBroker;
import dev.petrel.bench.WorkDirectory;
import dev.petrel.bench.WrongResultException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs one measurement at a time: a subject in a JVM of its own, before a sink that is new.
 *
 * @param directory for logs, files and reports
 * @param broker the one that is up
 */
record CallTrial(WorkDirectory directory, BenchBroker broker, IngestOptions options)
    implements AutoCloseable {

  private static final String TOPIC = "bench-ingest";
  private static final int PARTITIONS = 4;
  private static final int TIMEOUT_SECONDS = 180;

  /** Starts the broker; it and the directory are gone when this JVM ends, interrupted or not. */
  static CallTrial start(Path work, IngestOptions options) {
    WorkDirectory directory = new WorkDirectory(work);
    BenchBroker broker = BenchBroker.start(directory.newDirectory("kafka"));
    CallTrial trial = new CallTrial(directory, broker, options);
    Runtime.getRuntime().addShutdownHook(new Thread(trial::close, "clean-up"));
    return trial;
  }

  @Override
  public void close() {
    broker.close();
    directory.close();
  }

  /**
   * Runs a subject to its end and counts what arrived.
   *
   * @param sinkUp false for an address at which nothing listens
   * @param jfr where to put a flight recording, null for none
   * @throws WrongResultException when Petrel lost calls and does not say so
   */
  CallRun run(int repetition, Subject subject, Regime regime, boolean sinkUp, @Nullable Path jfr)
      throws InterruptedException {
    Path own = directory.newDirectory(subject.name().toLowerCase(Locale.ROOT));
    Path file = own.resolve("calls.log");
    try (TcpSink socket = new TcpSink()) {
      if (subject.sink() == Sink.KAFKA && sinkUp) {
        broker.replaceTopic(TOPIC, PARTITIONS, Map.of());
      }
      String address =
          switch (subject.sink()) {
            case KAFKA -> sinkUp ? broker.bootstrapServers() : TcpSink.nobody();
            case TCP -> sinkUp ? socket.address() : TcpSink.nobody();
            case FILE -> file.toString();
            case NOTHING -> "";
          };
      Path reportFile = own.resolve("report.json");
      RunResult result = measure(own, subject, regime, address, reportFile, jfr);
      long delivered =
          switch (subject.sink()) {
            case KAFKA -> sinkUp ? broker.records(TOPIC) : 0;
            case TCP -> socket.awaitLines();
            case FILE -> Lines.count(file);
            case NOTHING -> 0;
          };
      CallRun run =
          of(repetition, subject, regime, sinkUp, result, delivered, ForkReport.read(reportFile));
      if (subject.isPetrel() && run.untoldLosses() != 0) {
        throw new WrongResultException(
            "%s, %s, sink %s: of %d calls %d arrived, and %d are told of as lost"
                .formatted(
                    subject.title(),
                    regime.method(),
                    sinkUp ? "up" : "down",
                    run.report().offered(),
                    delivered,
                    run.report().reportedLosses()));
      }
      return run;
    } finally {
      WorkDirectory.delete(own);
    }
  }

  private RunResult measure(
      Path own, Subject subject, Regime regime, String address, Path report, @Nullable Path jfr) {
    List<String> flags = new ArrayList<>(options.jvmFlags());
    flags.addAll(subject.jvmFlags());
    if (jfr != null) {
      flags.add("-XX:StartFlightRecording:settings=profile,dumponexit=true,filename=" + jfr);
    }
    try {
      return new Runner(
              new OptionsBuilder()
                  .include(CallCost.class.getName() + "." + regime.method() + "$")
                  .param("subject", subject.name())
                  .param("address", address)
                  .param("topic", TOPIC)
                  .param("rate", Integer.toString(options.rate / options.threads))
                  .param("report", report.toString())
                  .forks(1)
                  .threads(options.threads)
                  .warmupIterations(1)
                  .warmupTime(TimeValue.seconds(options.warmUpSeconds()))
                  .measurementIterations(2)
                  .measurementTime(TimeValue.milliseconds(options.measuredSeconds() * 500L))
                  .timeout(TimeValue.seconds(TIMEOUT_SECONDS))
                  .jvmArgs(flags.toArray(String[]::new))
                  .addProfiler(GCProfiler.class)
                  .shouldFailOnError(true)
                  .verbosity(VerboseMode.NORMAL)
                  .output(own.resolve("jmh.log").toString())
                  .build())
          .runSingle();
    } catch (RunnerException e) {
      throw new IllegalStateException(
          "%s, %s failed".formatted(subject.title(), regime.method()), e);
    }
  }

  private static CallRun of(
      int repetition,
      Subject subject,
      Regime regime,
      boolean sinkUp,
      RunResult result,
      long delivered,
      ForkReport report) {
    Statistics nanos = result.getPrimaryResult().getStatistics();
    return new CallRun(
        repetition,
        subject,
        regime,
        sinkUp,
        nanos.getMean(),
        nanos.getPercentile(50),
        nanos.getPercentile(99),
        nanos.getPercentile(99.9),
        nanos.getMax(),
        allocated(result),
        nanos.getN(),
        delivered,
        report);
  }

  @SuppressWarnings("rawtypes") // JMH's map is one
  private static double allocated(RunResult result) {
    for (var secondary : result.getSecondaryResults().entrySet()) {
      if (secondary.getKey().endsWith("gc.alloc.rate.norm")) {
        return secondary.getValue().getScore();
      }
    }
    return Double.NaN;
  }
}
