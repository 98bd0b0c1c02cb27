// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import dev.petrel.alerting.alert.Alert;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where messages link to.
 *
 * @param console the console's base URL
 */
public record Links(URI console) {

  // RFC 3986's characters without quotes; anything else would end the link, or is no URL.
  private static final Pattern LINK =
      Pattern.compile("https?://[A-Za-z0-9\\[][A-Za-z0-9._~:/?#\\[\\]@!$&()*+,;=%-]*");

  /** The incident's page. */
  String incident(Alert alert) {
    String base = console.toString();
    return (base.endsWith("/") ? base : base + "/") + "incidents/" + alert.alertId();
  }

  /** The runbooks of the alerts that are links, without repeats, in their order. */
  static List<String> runbooks(List<Alert> alerts, int max) {
    return alerts.stream()
        .map(Alert::runbookUrl)
        .filter(Links::isLink)
        .distinct()
        .limit(max)
        .toList();
  }

  /** Whether a text can be a link as it is: an http URL without characters that end one. */
  static boolean isLink(String url) {
    if (!LINK.matcher(url).matches()) {
      return false;
    }
    try {
      return new URI(url).getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
