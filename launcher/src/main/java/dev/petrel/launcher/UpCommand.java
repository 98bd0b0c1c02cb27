// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code petrel up}. */
@Command(
    name = "up",
    description = {
      "Runs everything in one place: broker, OpenSearch, gateway, streams, alerting,"
          + " dashboards, console.",
      "--kafka and --opensearch use existing servers instead of starting them."
    },
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".petrel",
      description = "Where everything is kept (default: ${DEFAULT-VALUE}).")
  private Path dataDirectory = Path.of(".petrel");

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    Shutdown shutdown = new Shutdown();
    Installation installation = new Installation(spec.commandLine().getOut(), shutdown);
    ProgramLog.to(dataDirectory);
    installation.start(dataDirectory, settingsOptions, Map.of(), routes -> {});
    shutdown.await();
    return installation.failed() ? 1 : 0;
  }
}
