// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.dashboards.DashboardsService;
import dev.petrel.service.Service;
import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import picocli.CommandLine.Command;

/** {@code petrel dashboards}. */
@Command(
    name = "dashboards",
    description = "Runs the OpenSearch sink and the console alone.",
    mixinStandardHelpOptions = true)
final class DashboardsCommand extends ServiceCommand {

  @Override
  Setting<Integer> managementPort() {
    return ManagementSettings.DASHBOARDS_PORT;
  }

  @Override
  Service create(Settings settings, PrometheusMeterRegistry meters) {
    return new DashboardsService(settings, meters, DashboardsService.Options.none());
  }
}
