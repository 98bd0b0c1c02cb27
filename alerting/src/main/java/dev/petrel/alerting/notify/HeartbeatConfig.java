// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import java.net.URI;
import java.time.Duration;

/**
 * What to ping, and how often.
 *
 * @param url https, or http to this machine; a secret with most services
 * @param method {@code GET} or {@code POST}
 * @param interval at least a second
 */
public record HeartbeatConfig(URI url, Method method, Duration interval) {

  /** How it is pinged. */
  public enum Method {
    /** {@code GET}. */
    GET,
    /** {@code POST} with an empty body. */
    POST
  }

  public HeartbeatConfig {
    SecretUrl.requireProtected("url", url);
    if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException("interval: is " + interval + ", must be at least 1 s");
    }
  }

  /** Without the URL. */
  @Override
  public String toString() {
    return "HeartbeatConfig{method=" + method + ", interval=" + interval + "}";
  }
}
