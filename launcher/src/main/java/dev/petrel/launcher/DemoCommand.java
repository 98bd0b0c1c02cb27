// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.alerting.AlertingSettings;
import dev.petrel.publisher.EventPublisher;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Settings;
import dev.petrel.simulate.Plan;
import dev.petrel.simulate.Scenario;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code petrel demo}. */
@Command(
    name = "demo",
    description = {
      "Everything that 'up' runs, simulated applications that call LLM APIs, and a local inbox that"
          + " stands in for Slack and PagerDuty.",
      "What Slack and PagerDuty would have received is at /api/inbox of the console."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

  /** Of the form that PagerDuty gives; no real one. */
  private static final String ROUTING_KEY = "demo0000000000000000000000000000";

  private static final Duration FOREVER = Duration.ofDays(365);

  /** In which scenarios are told that fill the length of a simulation. */
  private static final Duration STORY = Duration.ofMinutes(10);

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      defaultValue = "brownout",
      completionCandidates = Arguments.ScenarioNames.class,
      description = "What happens: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String scenarioName = "brownout";

  @Option(
      names = "--speed",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many times faster the story goes (default: ${DEFAULT-VALUE}).")
  private double speed = 1;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "30",
      description = "Calls per second (default: ${DEFAULT-VALUE}).")
  private double rate = 30;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the simulation (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".petrel/demo",
      description = "Where everything is kept (default: ${DEFAULT-VALUE}).")
  private Path dataDirectory = Path.of(".petrel/demo");

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    Scenario scenario = Arguments.scenario(spec, scenarioName);
    if (!(speed > 0) || !(rate > 0)) {
      throw new ParameterException(spec.commandLine(), "--speed and --rate must be above 0");
    }
    Plan plan =
        Plan.of(scenario, System.currentTimeMillis(), rate, FOREVER)
            .withLeadIn(leadIn(scenario))
            .withStretch(STORY)
            .withSpeed(speed)
            .withSeed(seed);
    PrintWriter out = spec.commandLine().getOut();
    Shutdown shutdown = new Shutdown();
    Installation installation = new Installation(out, shutdown);
    ProgramLog.to(dataDirectory);
    Inbox inbox = new Inbox(InstantSource.system());
    Settings settings =
        installation.start(dataDirectory, settingsOptions, receiversInTheInbox(), inbox::addRoutes);
    EventPublisher publisher =
        EventPublisher.newBuilder()
            .bootstrapServers(settings.get(KafkaSettings.BOOTSTRAP_SERVERS))
            .clientId("petrel-demo")
            .build();
    shutdown.onStop(publisher::close);
    Traffic traffic = new Traffic(publisher, InstantSource.system());
    shutdown.onStop(traffic::stop);
    out.printf(
        "Scenario %s: %s%nAlert to expect: %s%nInbox: %s/api/inbox%n",
        scenario.scenarioName(),
        scenario.description(),
        plan.expectation().summary(),
        consoleUrl());
    traffic.run(plan);
    shutdown.await();
    return installation.failed() ? 1 : 0;
  }

  /** What is too much or too little for somebody shows only beside what is normal for them. */
  private static Duration leadIn(Scenario scenario) {
    return switch (scenario) {
      case TOKEN_SPIKE, SILENCE -> Duration.ofMinutes(6);
      default -> Duration.ZERO;
    };
  }

  private Map<String, String> receiversInTheInbox() {
    Map<String, String> receivers = new LinkedHashMap<>();
    receivers.put(AlertingSettings.SLACK_WEBHOOK_URL.key(), consoleUrl() + Inbox.SLACK_PATH);
    receivers.put(AlertingSettings.PAGERDUTY_URL.key(), consoleUrl() + Inbox.PAGERDUTY_PATH);
    receivers.put(AlertingSettings.PAGERDUTY_ROUTING_KEY.key(), ROUTING_KEY);
    receivers.put(AlertingSettings.CONSOLE_URL.key(), consoleUrl());
    return receivers;
  }

  private String consoleUrl() {
    return Arguments.consoleUrl(settingsOptions.load());
  }
}
