// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting;

import dev.petrel.service.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The settings of the alerting service. */
public final class AlertingSettings {

  /** Where Kafka Streams keeps its files. */
  public static final Setting<Path> STATE_DIR =
      Setting.path(
          "alerting.state_dir",
          ".petrel/alerting",
          "Directory of the alerting topology's local state; it can be rebuilt from Kafka.");

  /** Where runbooks are. */
  public static final Setting<URI> RUNBOOK_BASE_URL =
      Setting.url(
          "alerting.runbook_base_url",
          "https://github.com/petrel-observability/petrel/blob/main/docs/runbooks/",
          false,
          "Where the runbooks are; the pattern's name and .md are appended.");

  /** Where incidents are shown. */
  public static final Setting<URI> CONSOLE_URL =
      Setting.url(
          "alerting.console_url",
          "http://127.0.0.1:8080",
          false,
          "The console as the engineer on call reaches it; messages link to its incident pages.");

  /** Slack's incoming webhook. */
  public static final Setting<URI> SLACK_WEBHOOK_URL =
      Setting.url(
          "alerting.slack.webhook_url",
          null,
          true,
          "Slack incoming webhook; without it nothing is sent to Slack.");

  /** PagerDuty's endpoint. */
  public static final Setting<URI> PAGERDUTY_URL =
      Setting.url(
          "alerting.pagerduty.url",
          "https://events.pagerduty.com/v2/enqueue",
          false,
          "Endpoint of the PagerDuty Events API v2.");

  /** PagerDuty's integration key. */
  public static final Setting<String> PAGERDUTY_ROUTING_KEY =
      new Setting<>(
          "alerting.pagerduty.routing_key",
          null,
          "an integration key of 32 characters",
          AlertingSettings::routingKey,
          true,
          "PagerDuty integration key; without it nothing is sent to PagerDuty.");

  /** How long one request may take. */
  public static final Setting<Duration> NOTIFICATION_TIMEOUT =
      Setting.duration(
          "alerting.notification.timeout", "10s", "How long one request to a receiver may take.");

  /** How long a notification is retried. */
  public static final Setting<Duration> NOTIFICATION_DEADLINE =
      Setting.duration(
          "alerting.notification.deadline",
          "1h",
          "How long a notification is retried before it counts as failed.");

  /** New incidents a minute. */
  public static final Setting<Integer> NOTIFICATION_STORM_CAP =
      Setting.number(
          "alerting.notification.storm_cap",
          20,
          1,
          1000,
          "New incidents that one receiver is told of within a minute; what comes on top is told as one.");

  /** Firings an hour. */
  public static final Setting<Integer> NOTIFICATION_FLAP_LIMIT =
      Setting.number(
          "alerting.notification.flap_limit",
          4,
          1,
          1000,
          "Times that the same alert is told to one receiver within an hour; what fires again is told as flapping, and as one.");

  /** The rule file. */
  public static final Setting<Path> RULES_FILE =
      new Setting<>(
          "alerting.rules_file",
          null,
          "a path",
          Path::of,
          false,
          "YAML file with routes, receivers, inhibition and mute times; without it, all alerts go to the receivers of these settings.");

  /** All of them. */
  public static final List<Setting<?>> ALL =
      List.of(
          STATE_DIR,
          RUNBOOK_BASE_URL,
          CONSOLE_URL,
          SLACK_WEBHOOK_URL,
          PAGERDUTY_URL,
          PAGERDUTY_ROUTING_KEY,
          NOTIFICATION_TIMEOUT,
          NOTIFICATION_DEADLINE,
          NOTIFICATION_STORM_CAP,
          NOTIFICATION_FLAP_LIMIT,
          RULES_FILE);

  private AlertingSettings() {}

  private static String routingKey(String text) {
    String key = text.strip();
    if (key.length() != 32) {
      throw new IllegalArgumentException("not 32 characters");
    }
    return key;
  }
}
