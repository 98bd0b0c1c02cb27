// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.net.URI;

/**
 * How to reach any HTTP endpoint.
 *
 * @param url https, or http to this machine; taken for a secret, as many have a token in them
 * @param signature signs the requests
 */
public record WebhookConfig(URI url, WebhookSignature signature) implements ReceiverConfig {

  public WebhookConfig {
    SecretUrl.requireProtected("url", url);
  }

  /** Without the URL and the key. */
  @Override
  public String toString() {
    return "WebhookConfig{}";
  }
}
