// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import java.net.URI;

/**
 * Where messages link to.
 *
 * @param console the console's base URL
 */
public record Links(URI console) {

  /** The incident's page. */
  String incident(Alert alert) {
    String base = console.toString();
    return (base.endsWith("/") ? base : base + "/") + "incidents/" + alert.alertId();
  }

  /** Whether a text can be a link as it is: an http URL without characters that end one. */
  static boolean isLink(String url) {
    return url.matches("https?://[^\\s<>|\"]+");
  }
}
