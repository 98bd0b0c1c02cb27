// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import dev.petrel.alerting.alert.Alert;
import dev.petrel.alerting.alert.Json;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Posts to a Slack incoming webhook.
 *
 * <p>A webhook cannot edit what it has posted: there are no updates, and after a crash between the
 * post and the note of it the message can appear twice. Thread-safe.
 */
public final class SlackWebhookNotifier implements Notifier {

  // A webhook's path is services, then the workspace, the channel's hook and the token.
  private static final int MIN_SECRET = 4;

  private final URI webhook;
  private final List<String> secrets;
  private final SlackMessage messages;
  private final HttpSender sender;

  /**
   * @param webhook the webhook's URL, a secret
   */
  SlackWebhookNotifier(URI webhook, Links links, HttpSender sender) {
    this.webhook = requireNonNull(webhook, "webhook");
    this.secrets =
        Stream.of(webhook.getPath().split("/"))
            .filter(segment -> segment.length() >= MIN_SECRET && !segment.equals("services"))
            .toList();
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
  public CompletableFuture<NotifyResult> send(Notice notice) {
    return sender.post(webhook, body(notice.action(), notice.first()), secrets);
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
