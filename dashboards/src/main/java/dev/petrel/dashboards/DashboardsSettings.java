// SPDX-License-Identifier: Apache-2.0
package dev.petrel.dashboards;

import dev.petrel.service.Setting;
import java.net.URI;
import java.util.List;

/** The settings of the dashboards service: OpenSearch and the console. */
public final class DashboardsSettings {

  /** Where OpenSearch is. */
  public static final Setting<URI> OPENSEARCH_URL =
      Setting.url(
          "opensearch.url", "http://127.0.0.1:9200", false, "Where the OpenSearch cluster is.");

  /** Who to log in as. */
  public static final Setting<String> OPENSEARCH_USERNAME =
      Setting.text(
          "opensearch.username", null, "User for OpenSearch's basic authentication; unset = none.");

  /** The password of {@link #OPENSEARCH_USERNAME}. */
  public static final Setting<String> OPENSEARCH_PASSWORD =
      Setting.secret("opensearch.password", "Password of opensearch.username.");

  /** What the console listens on. */
  public static final Setting<String> CONSOLE_HOST =
      Setting.text(
          "console.host",
          "127.0.0.1",
          "Address that the console listens on. It has no login: put a proxy that has one before it.");

  /** The console's port. */
  public static final Setting<Integer> CONSOLE_PORT =
      Setting.number(
          "console.port", 8080, 0, 65_535, "Port of the console; 0 takes any that is free.");

  /** All of them. */
  public static final List<Setting<?>> ALL =
      List.of(OPENSEARCH_URL, OPENSEARCH_USERNAME, OPENSEARCH_PASSWORD, CONSOLE_HOST, CONSOLE_PORT);

  private DashboardsSettings() {}
}
