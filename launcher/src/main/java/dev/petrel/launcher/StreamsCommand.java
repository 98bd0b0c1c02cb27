// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.service.Service;
import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import dev.petrel.streams.StreamsService;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import picocli.CommandLine.Command;

/** {@code petrel streams}. */
@Command(
    name = "streams",
    description = "Runs the aggregation alone: llm-calls to llm-call-stats.",
    mixinStandardHelpOptions = true)
final class StreamsCommand extends ServiceCommand {

  @Override
  Setting<Integer> managementPort() {
    return ManagementSettings.STREAMS_PORT;
  }

  @Override
  Service create(Settings settings, PrometheusMeterRegistry meters) {
    return new StreamsService(settings, meters);
  }
}
