// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.rules;

import dev.petrel.alerting.notify.AlertmanagerConfig;
import dev.petrel.alerting.notify.EmailConfig;
import dev.petrel.alerting.notify.Notifiers;
import dev.petrel.alerting.notify.PagerDutyConfig;
import dev.petrel.alerting.notify.ReceiverConfig;
import dev.petrel.alerting.notify.SlackApiConfig;
import dev.petrel.alerting.notify.SlackWebhookConfig;
import dev.petrel.alerting.notify.WebhookConfig;
import dev.petrel.alerting.notify.WebhookSignature;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The kinds of receivers that a rule file can have. */
public final class Integrations {

  private Integrations() {}

  /** What an entry of a kind says. */
  private interface Config {
    ReceiverConfig read(YamlMap entry, Secrets secrets);
  }

  /** All of them. */
  public static List<Integration> all(Notifiers.Common common) {
    return List.of(
        kind(
            "slack",
            Set.of("api_url", "channel", "broadcast_resolve"),
            Set.of("token"),
            Integrations::slack,
            common),
        kind(
            "slack_webhook",
            Set.of(),
            Set.of("url"),
            (entry, secrets) -> new SlackWebhookConfig(url(entry, secrets.read(entry, "url"))),
            common),
        kind("pagerduty", Set.of("url"), Set.of("routing_key"), Integrations::pagerDuty, common),
        kind(
            "webhook",
            Set.of(),
            Set.of("url", "signing_key"),
            (entry, secrets) ->
                new WebhookConfig(
                    url(entry, secrets.read(entry, "url")),
                    WebhookSignature.withSecret(secrets.read(entry, "signing_key"))),
            common),
        kind(
            "alertmanager",
            Set.of("url"),
            Set.of("authorization"),
            Integrations::alertmanager,
            common),
        kind(
            "email",
            Set.of("host", "port", "security", "from", "to", "username"),
            Set.of("password"),
            Integrations::email,
            common));
  }

  private static Integration kind(
      String name, Set<String> plain, Set<String> secret, Config config, Notifiers.Common common) {
    Set<String> keys = new HashSet<>(plain);
    secret.forEach(each -> keys.addAll(Secrets.keys(each)));
    return new Integration(
        name,
        keys,
        (receiver, entry, secrets) -> {
          try {
            return Notifiers.notifier(receiver, config.read(entry, secrets), common);
          } catch (RuleFileException e) {
            throw e;
          } catch (IllegalArgumentException e) {
            throw entry.place().error(String.valueOf(e.getMessage()));
          }
        });
  }

  private static ReceiverConfig slack(YamlMap entry, Secrets secrets) {
    YamlValue url = entry.find("api_url");
    return new SlackApiConfig(
        url == null ? SlackApiConfig.SLACK : url(entry, url.text()),
        secrets.read(entry, "token"),
        entry.required("channel").text(),
        entry.get("broadcast_resolve", YamlValue::bool, false));
  }

  private static ReceiverConfig pagerDuty(YamlMap entry, Secrets secrets) {
    YamlValue url = entry.find("url");
    return new PagerDutyConfig(
        url == null ? PagerDutyConfig.PAGERDUTY : url(entry, url.text()),
        secrets.read(entry, "routing_key"));
  }

  private static ReceiverConfig alertmanager(YamlMap entry, Secrets secrets) {
    return new AlertmanagerConfig(
        url(entry, entry.required("url").text()), find(entry, secrets, "authorization"));
  }

  private static ReceiverConfig email(YamlMap entry, Secrets secrets) {
    List<String> names =
        Stream.of(EmailConfig.Security.values())
            .map(each -> each.name().toLowerCase(Locale.ROOT))
            .toList();
    EmailConfig.Security security =
        EmailConfig.Security.valueOf(
            entry.required("security").oneOf(names).toUpperCase(Locale.ROOT));
    YamlValue username = entry.find("username");
    return new EmailConfig(
        entry.required("host").text(),
        entry.required("port").number(1, 65_535),
        security,
        username == null
            ? null
            : new EmailConfig.Credentials(username.text(), secrets.read(entry, "password")),
        entry.required("from").text(),
        entry.required("to").list().stream().map(YamlValue::text).toList());
  }

  private static @Nullable String find(YamlMap entry, Secrets secrets, String name) {
    return entry.find(name + "_env") == null && entry.find(name + "_file") == null
        ? null
        : secrets.read(entry, name);
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
