// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.dashboards.DashboardsSettings;
import dev.petrel.dashboards.index.OpenSearch;
import dev.petrel.service.KafkaSettings;
import dev.petrel.service.Settings;
import java.io.PrintWriter;
import java.net.URI;
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
    Findings findings = new Findings();
    Examination examination = new Examination(findings);
    URI url = settings.get(DashboardsSettings.OPENSEARCH_URL);
    examination.java();
    examination.disk();
    try (OpenSearch openSearch =
        new OpenSearch(
            url,
            settings.find(DashboardsSettings.OPENSEARCH_USERNAME),
            settings.find(DashboardsSettings.OPENSEARCH_PASSWORD))) {
      examination.kafka(settings.get(KafkaSettings.BOOTSTRAP_SERVERS), openSearch);
      examination.openSearch(openSearch, url);
    }
    examination.console(
        settings.get(DashboardsSettings.CONSOLE_HOST),
        settings.get(DashboardsSettings.CONSOLE_PORT));
    PrintWriter out = spec.commandLine().getOut();
    for (Findings.Finding finding : findings.all()) {
      out.printf("%-6s %-12s %s%n", finding.verdict(), finding.part(), finding.text());
      if (!finding.remedy().isEmpty()) {
        out.printf("%-6s %-12s → %s%n", "", "", finding.remedy());
      }
    }
    long failing =
        findings.all().stream().filter(f -> f.verdict() == Findings.Verdict.FAILS).count();
    out.println(failing == 0 ? "nothing is wrong" : failing + " to mend");
    return failing == 0 ? 0 : 1;
  }
}
