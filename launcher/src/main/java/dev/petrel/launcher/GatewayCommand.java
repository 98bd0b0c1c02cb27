// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.gateway.GatewayService;
import dev.petrel.service.Service;
import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import picocli.CommandLine.Command;

/** {@code petrel gateway}. */
@Command(
    name = "gateway",
    description = "Runs the gateway alone: OTLP, LiteLLM and plain JSON to llm-calls.",
    mixinStandardHelpOptions = true)
final class GatewayCommand extends ServiceCommand {

  @Override
  Setting<Integer> managementPort() {
    return ManagementSettings.GATEWAY_PORT;
  }

  @Override
  Service create(Settings settings, PrometheusMeterRegistry meters) {
    return new GatewayService(settings, meters);
  }
}
