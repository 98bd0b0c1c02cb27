// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.alerting.AlertingService;
import dev.petrel.service.Service;
import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import picocli.CommandLine.Command;

/** {@code petrel alerting}. */
@Command(
    name = "alerting",
    description = "Runs the alerting alone: llm-call-stats to Slack and PagerDuty.",
    mixinStandardHelpOptions = true)
final class AlertingCommand extends ServiceCommand {

  @Override
  Setting<Integer> managementPort() {
    return ManagementSettings.ALERTING_PORT;
  }

  @Override
  Service create(Settings settings, PrometheusMeterRegistry meters) {
    return new AlertingService(settings, meters);
  }
}
