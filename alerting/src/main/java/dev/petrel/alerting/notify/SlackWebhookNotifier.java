// SPDX-License-Identifier: Apache-2.0
package dev.petrel.alerting.notify;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.alerting.alert.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Posts to a Slack incoming webhook.
 *
 * <p>A webhook cannot edit what it has posted: there are no updates, and after a crash between the
 * post and the note of it the message can appear twice. A layout that Slack refuses is sent again
 * as plain text. Thread-safe.
 */
public final class SlackWebhookNotifier implements Notifier {

  // https://docs.slack.dev/apis/web-api/rate-limits: a message a second for each webhook.
  private static final RateLimit LIMIT = new RateLimit(1, Duration.ofSeconds(1));

  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
  private static final Set<String> OF_THE_LAYOUT = Set.of("invalid_blocks", "invalid_payload");
  private static final int MAX_ANSWER = 4_096;

  private final String receiver;
  private final SlackWebhookConfig config;
  private final List<String> secrets;
  private final SlackMessage messages;
  private final HttpSender sender;

  SlackWebhookNotifier(String receiver, SlackWebhookConfig config, Links links, HttpSender sender) {
    this.receiver = requireNonNull(receiver, "receiver");
    this.config = requireNonNull(config, "config");
    this.secrets = SecretUrl.secrets(config.url());
    this.messages = new SlackMessage(links);
    this.sender = requireNonNull(sender, "sender");
  }

  @Override
  public String receiver() {
    return receiver;
  }

  @Override
  public boolean updates() {
    return false;
  }

  @Override
  public Optional<RateLimit> limit() {
    return Optional.of(LIMIT);
  }

  @Override
  public CompletableFuture<NotifyResult> send(Notice notice) {
    return exchange(messages.message(notice))
        .thenCompose(
            answer ->
                OF_THE_LAYOUT.contains(answer.text().strip())
                    ? exchange(messages.plain(notice))
                    : CompletableFuture.completedFuture(answer))
        .thenApply(HttpAnswer::result);
  }

  private CompletableFuture<HttpAnswer> exchange(ObjectNode message) {
    return sender.exchange(
        HttpSender.jsonPost(config.url(), Map.of(), Json.bytes(message)), MAX_ANSWER, secrets);
  }

  /** Without the webhook, which is a secret. */
  @Override
  public String toString() {
    return "SlackWebhookNotifier{receiver=" + receiver + "}";
  }
}
