// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.dashboards.DashboardsSettings;
import dev.petrel.service.Settings;
import dev.petrel.simulate.Scenario;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
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

  /** A duration such as 90s, 10m or 2h; null when the text is none, or is negative. */
  static @Nullable Duration duration(String text) {
    try {
      String upper = text.strip().toUpperCase(Locale.ROOT);
      Duration parsed = Duration.parse((upper.endsWith("D") ? "P" : "PT") + upper);
      return parsed.isNegative() ? null : parsed;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** What {@code --help} names and shells complete after {@code --scenario}. */
  static final class ScenarioNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Scenario.names().iterator();
    }
  }
}
