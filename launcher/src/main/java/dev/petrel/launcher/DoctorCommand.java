// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.dashboards.DashboardsSettings;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code petrel doctor}. */
@Command(
    name = "doctor",
    description = "Says what is wrong with the installation, and how to mend it.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settingsOptions.load();
    Examination examination = new Examination();
    examination.java();
    examination.disk();
    examination.kafka(settings.get(KafkaSettings.BOOTSTRAP_SERVERS));
    examination.openSearch(settings.get(DashboardsSettings.OPENSEARCH_URL));
    examination.console(
        settings.get(DashboardsSettings.CONSOLE_HOST),
        settings.get(DashboardsSettings.CONSOLE_PORT));
    PrintWriter out = spec.commandLine().getOut();
    List<Examination.Finding> findings = examination.findings();
    for (Examination.Finding finding : findings) {
      out.printf("%-6s %-12s %s%n", finding.verdict(), finding.part(), finding.text());
      if (!finding.remedy().isEmpty()) {
        out.printf("%-6s %-12s → %s%n", "", "", finding.remedy());
      }
    }
    long failing = findings.stream().filter(f -> f.verdict() == Examination.Verdict.FAILS).count();
    out.println(failing == 0 ? "nothing is wrong" : failing + " to mend");
    return failing == 0 ? 0 : 1;
  }
}
