// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.notify.Notifiers;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** The kinds of receivers that a rule file can have. */
public final class Integrations {

  private static final URI PAGERDUTY = URI.create("https://events.pagerduty.com/v2/enqueue");
  private static final int ROUTING_KEY_LENGTH = 32;

  private Integrations() {}

  /** All of them. */
  public static List<Integration> all(Notifiers.Common common) {
    return List.of(slackWebhook(common), pagerDuty(common));
  }

  private static Integration slackWebhook(Notifiers.Common common) {
    return new Integration(
        "slack_webhook",
        Secrets.keys("url"),
        Notifiers.slackPace(),
        null,
        (entry, secrets) -> Notifiers.slackWebhook(url(entry, secrets.read(entry, "url")), common));
  }

  private static Integration pagerDuty(Notifiers.Common common) {
    return new Integration(
        "pagerduty",
        Set.of("url", "routing_key_env", "routing_key_file"),
        Notifiers.pagerDutyPace(),
        null,
        (entry, secrets) -> {
          String key = secrets.read(entry, "routing_key");
          if (key.length() != ROUTING_KEY_LENGTH) {
            throw entry
                .place()
                .error(
                    "the routing key (not shown) has %d characters, must have %d"
                        .formatted(key.length(), ROUTING_KEY_LENGTH));
          }
          YamlValue url = entry.find("url");
          return Notifiers.pagerDuty(url == null ? PAGERDUTY : url(entry, url.text()), key, common);
        });
  }

  /** An error does not show it: it may be secret. */
  private static URI url(YamlMap entry, String text) {
    try {
      URI url = URI.create(text);
      if (url.getHost() != null && String.valueOf(url.getScheme()).matches("https?")) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // refused below, as what is no http URL
    }
    throw entry.place().error("the URL (not shown) must be an http or https URL");
  }
}
