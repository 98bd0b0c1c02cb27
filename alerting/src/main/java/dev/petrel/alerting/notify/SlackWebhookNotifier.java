// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/**
 * Posts to a Slack incoming webhook.
 *
 * <p>A webhook cannot edit what it has posted: there are no updates, and after a crash between the
 * post and the note of it the message can appear twice. Thread-safe.
 */
public final class SlackWebhookNotifier implements Notifier {

  private final URI webhook;
  private final SlackMessage messages;
  private final HttpSender sender;

  /**
   * @param webhook the webhook's URL, a secret
   */
  SlackWebhookNotifier(URI webhook, Links links, HttpSender sender) {
    this.webhook = requireNonNull(webhook, "webhook");
    this.messages = new SlackMessage(links);
    this.sender = requireNonNull(sender, "sender");
  }

  @Override
  public String receiver() {
    return "slack";
  }

  @Override
  public boolean updates() {
    return false;
  }

  @Override
  public CompletableFuture<NotifyResult> send(Action action, Alert alert) {
    return sender.post(webhook, body(action, alert), webhook.getPath());
  }

  byte[] body(Action action, Alert alert) {
    return Json.bytes(
        switch (action) {
          case TRIGGER, UPDATE -> messages.trigger(alert);
          case RESOLVE -> messages.resolve(alert);
        });
  }

  /** Without the webhook, which is a secret. */
  @Override
  public String toString() {
    return "SlackWebhookNotifier{}";
  }
}
