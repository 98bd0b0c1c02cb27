// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import java.net.URI;

/**
 * How to reach a PagerDuty service.
 *
 * @param url the endpoint, {@link #PAGERDUTY} unless the account is in another region
 * @param routingKey the integration key of 32 characters, a secret
 */
public record PagerDutyConfig(URI url, String routingKey) implements ReceiverConfig {

  /** PagerDuty's endpoint in the US region. */
  public static final URI PAGERDUTY = URI.create("https://events.pagerduty.com/v2/enqueue");

  private static final int KEY_LENGTH = 32;

  public PagerDutyConfig {
    requireNonNull(url, "url");
    if (routingKey.length() != KEY_LENGTH) {
      throw new IllegalArgumentException(
          "routing_key: has " + routingKey.length() + " characters, must have " + KEY_LENGTH);
    }
  }

  /** Without the routing key. */
  @Override
  public String toString() {
    return "PagerDutyConfig{url=" + url + "}";
  }
}
