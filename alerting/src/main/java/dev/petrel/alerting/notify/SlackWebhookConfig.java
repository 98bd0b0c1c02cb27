// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import java.net.URI;

/**
 * How to reach a Slack channel with an incoming webhook.
 *
 * @param url the webhook's URL, a secret
 */
public record SlackWebhookConfig(URI url) implements ReceiverConfig {

  public SlackWebhookConfig {
    requireNonNull(url, "url");
  }

  /** Without the URL. */
  @Override
  public String toString() {
    return "SlackWebhookConfig{}";
  }
}
