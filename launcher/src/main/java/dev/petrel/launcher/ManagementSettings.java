// SPDX-License-Identifier: Apache-2.0
package dev.petrel.launcher;

import dev.petrel.service.Setting;
import java.util.List;

/** Where each service answers health checks and metrics when it runs alone. */
final class ManagementSettings {

  static final Setting<String> HOST =
      Setting.text("management.host", "127.0.0.1", "Address of the management ports.");

  static final Setting<Integer> GATEWAY_PORT =
      Setting.number("management.gateway_port", 8081, 0, 65535, "Management port of gateway.");

  static final Setting<Integer> STREAMS_PORT =
      Setting.number("management.streams_port", 8082, 0, 65535, "Management port of streams.");

  static final Setting<Integer> ALERTING_PORT =
      Setting.number("management.alerting_port", 8083, 0, 65535, "Management port of alerting.");

  static final Setting<Integer> DASHBOARDS_PORT =
      Setting.number(
          "management.dashboards_port", 8084, 0, 65535, "Management port of dashboards.");

  static final List<Setting<?>> ALL =
      List.of(HOST, GATEWAY_PORT, STREAMS_PORT, ALERTING_PORT, DASHBOARDS_PORT);

  private ManagementSettings() {}
}
