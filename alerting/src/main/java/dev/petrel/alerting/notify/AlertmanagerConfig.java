// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a Prometheus Alertmanager.
 *
 * @param url its base URL, such as {@code http://alertmanager:9093/}; the API's path is appended
 * @param authorization the value of the header {@code Authorization}, a secret; null for none. With
 *     it the URL must be https, or to this machine
 */
public record AlertmanagerConfig(URI url, @Nullable String authorization)
    implements ReceiverConfig {

  public AlertmanagerConfig {
    requireNonNull(url, "url");
    if (url.getUserInfo() != null) {
      throw new IllegalArgumentException("url: must not contain a user or password");
    }
    if (authorization != null) {
      SecretUrl.requireProtected("url", url);
    }
  }

  /** Without the authorization. */
  @Override
  public String toString() {
    return "AlertmanagerConfig{url=" + url + "}";
  }
}
