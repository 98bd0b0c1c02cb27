// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.dashboards.DashboardsSettings;
import dev.petrel.launcher.simulate.Scenario;
import dev.petrel.service.Settings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What more than one command makes of its arguments and settings. */
final class Arguments {

  private Arguments() {}

  static String consoleUrl(Settings settings) {
    return "http://%s:%d"
        .formatted(
            settings.get(DashboardsSettings.CONSOLE_HOST),
            settings.get(DashboardsSettings.CONSOLE_PORT));
  }

  static Scenario scenario(CommandSpec spec, String name) {
    try {
      return Scenario.named(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
    }
  }
}
