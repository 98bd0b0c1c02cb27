// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.event.LlmCallEventCodec;
import dev.petrel.publisher.EventPublisher;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Settings;
import dev.petrel.service.Topics;
import dev.petrel.simulate.Plan;
import dev.petrel.simulate.Scenario;
import dev.petrel.simulate.Simulation;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code petrel simulate}. */
@Command(
    name = "simulate",
    description = {
      "Makes calls of a named scenario: to Kafka in real time, or to a file at once.",
      "The same options, seed and start give the same calls."
    },
    mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {

  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(30);

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      required = true,
      completionCandidates = Arguments.ScenarioNames.class,
      description = "What happens: ${COMPLETION-CANDIDATES}.")
  private String scenarioName = "";

  @Option(
      names = "--rate",
      paramLabel = "N",
      required = true,
      description = "Calls per second, without retries.")
  private double rate;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      required = true,
      description = "How long, such as 90s, 10m, 2h or 30d.")
  private String length = "";

  @Option(
      names = "--lead-in",
      paramLabel = "DURATION",
      defaultValue = "0s",
      description =
          "How long nothing happens before the scenario's own offsets (default: ${DEFAULT-VALUE}).")
  private String leadIn = "0s";

  @Option(
      names = "--seasonal",
      description = "Traffic follows the hour of the day and the day of the week, in UTC.")
  private boolean seasonal;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the pseudo-random choices (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--start",
      paramLabel = "MS",
      description =
          "Start of the simulated time in ms since the epoch, with --out (default: now, less the"
              + " duration).")
  private @Nullable Long start;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes events, one a line, instead of sending them.")
  private @Nullable Path outFile;

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Scenario scenario = Arguments.scenario(spec, scenarioName);
    if (!(rate > 0)) {
      throw usage("--rate: was " + rate + ", must be above 0");
    }
    InstantSource clock = InstantSource.system();
    Plan plan = plan(scenario, clock);
    if (outFile != null) {
      write(outFile, plan, clock);
      return 0;
    }
    if (start != null) {
      throw usage("--start goes with --out; calls to Kafka happen now");
    }
    return send(plan, clock) ? 0 : 1;
  }

  private Plan plan(Scenario scenario, InstantSource clock) {
    Duration duration = Arguments.duration(length);
    if (duration == null || duration.isZero()) {
      throw usage("--for: was '" + length + "', must be a duration such as 90s, 10m or 2h");
    }
    Duration calm = Arguments.duration(leadIn);
    if (calm == null) {
      throw usage("--lead-in: was '" + leadIn + "', must be a duration such as 0s, 10m or 2h");
    }
    long begin = start == null ? clock.millis() - duration.toMillis() : start;
    return Plan.of(scenario, begin, rate, duration)
        .withLeadIn(calm)
        .withSeasons(seasonal)
        .withSeed(seed);
  }

  private void write(Path file, Plan plan, InstantSource clock) throws IOException {
    LlmCallEventCodec codec = new LlmCallEventCodec(clock);
    Simulation simulation = new Simulation(plan);
    long written = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      while (simulation.hasNext()) {
        out.write(codec.encode(simulation.next().event()));
        out.write('\n');
        written++;
      }
    }
    spec.commandLine().getOut().printf("%s: %,d attempts%n", file, written);
  }

  private boolean send(Plan plan, InstantSource clock) throws InterruptedException {
    Settings settings = settingsOptions.load();
    String brokers = settings.get(KafkaSettings.BOOTSTRAP_SERVERS);
    KafkaCheck.requireReachable(brokers);
    Topics.createMissing(settings);
    Shutdown shutdown = new Shutdown();
    try (EventPublisher publisher =
        EventPublisher.newBuilder().bootstrapServers(brokers).clientId("petrel-simulate").build()) {
      Traffic traffic = new Traffic(publisher, clock);
      shutdown.onStop(traffic::stop);
      long published = traffic.run(plan);
      boolean flushed = publisher.flush(FLUSH_TIMEOUT);
      spec.commandLine()
          .getOut()
          .printf(
              "%s: %,d attempts published, %,d sent, %,d dropped%n",
              plan.scenario().scenarioName(),
              published,
              publisher.counters().sent(),
              publisher.counters().dropped());
      return flushed && publisher.counters().dropped() == 0;
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
