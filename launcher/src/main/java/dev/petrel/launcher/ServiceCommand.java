// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.service.ManagementServer;
import dev.petrel.service.Service;
import dev.petrel.service.Setting;
import dev.petrel.service.Settings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs one service with its management port until the process is told to stop. */
abstract class ServiceCommand implements Callable<Integer> {

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  abstract Setting<Integer> managementPort();

  abstract Service create(Settings settings, PrometheusMeterRegistry meters);

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settingsOptions.load();
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    JvmMeters.bindTo(meters);
    Service service = create(settings, meters);
    ManagementServer management =
        new ManagementServer(
            settings.get(ManagementSettings.HOST),
            settings.get(managementPort()),
            meters,
            () -> List.of(service.health()));
    Shutdown shutdown = new Shutdown();
    shutdown.onStop(management::close);
    management.start();
    shutdown.onStop(service::close);
    service.start();
    spec.commandLine()
        .getOut()
        .printf(
            "petrel %s is up; health and metrics on http://%s:%d%n",
            service.name(), settings.get(ManagementSettings.HOST), management.port());
    shutdown.await();
    return 0;
  }
}
