// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

/** How to reach one receiver. Its {@code toString()} shows no secrets. */
public sealed interface ReceiverConfig
    permits SlackApiConfig,
        SlackWebhookConfig,
        PagerDutyConfig,
        WebhookConfig,
        AlertmanagerConfig,
        EmailConfig {

  /**
   * The notifier of the receiver.
   *
   * @param receiver its name in logs, metrics and documents
   */
  static Notifier notifier(String receiver, ReceiverConfig config, Links links, HttpSender sender) {
    return switch (config) {
      case SlackApiConfig slack -> new SlackApiNotifier(receiver, slack, links, sender);
      case SlackWebhookConfig slack -> new SlackWebhookNotifier(receiver, slack, links, sender);
      case PagerDutyConfig pagerDuty -> new PagerDutyNotifier(receiver, pagerDuty, links, sender);
      case WebhookConfig webhook -> new WebhookNotifier(receiver, webhook, links, sender);
      case AlertmanagerConfig manager -> new AlertmanagerNotifier(receiver, manager, links, sender);
      case EmailConfig email ->
          new EmailNotifier(
              receiver,
              new Smtp(email, sender.timeout()),
              new EmailMessage(email, links, sender.clock()),
              sender.timeout().multipliedBy(3).dividedBy(2));
    };
  }
}
